//! `[identity]`: which agent; `[visitor]`: which visitor; and what both may be known by.

use std::path::Path;

use super::reader::Reader;
use super::{gateway, jwt, local};
use crate::caller::Gateways;
use crate::identity::{AgentId, Identity, KnownBy, Visitor, Visitors};

/// The sections of the kinds that know people.
const SECTIONS: [&str; 3] = ["gateway", "jwt", "local"];

/// What agents read of somebody nobody knows.
const GUEST: &str = "Guest";

/// What agents read of somebody whose name is not known.
const CUSTOMER: &str = "Customer";

/// Both, each if it is wanted; a section they share is read once.
#[derive(Debug, Default)]
pub struct People {
    /// The agents' kind.
    pub identity: Option<Identity>,
    /// The visitors' kind.
    pub visitors: Option<Visitors>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Fixed,
    Guest,
    Gateway,
    Jwt,
    Local,
}

fn kind(text: &str) -> Option<Kind> {
    Some(match text {
        "fixed" => Kind::Fixed,
        "guest" => Kind::Guest,
        "gateway" => Kind::Gateway,
        "jwt" => Kind::Jwt,
        "local" => Kind::Local,
        _ => return None,
    })
}

/// Reads who asks for a workbench and who asks for a chat, as far as there are such.
pub fn read(
    reader: &mut Reader,
    file: Option<&Path>,
    gateways: &Gateways,
    (has_agents, has_visitors): (bool, bool),
) -> People {
    let mut people = People::default();
    let mut sections = Sections { file, gateways, read: Vec::new(), unsure: false };
    if has_agents {
        people.identity = agents(reader, &mut sections);
    }
    if has_visitors {
        people.visitors = visitors(reader, &mut sections);
    }
    if sections.unsure {
        // Which of them are of use is not known, and that is said already.
        reader.pass_over(&SECTIONS);
    }
    people
}

fn agents(reader: &mut Reader, sections: &mut Sections<'_>) -> Option<Identity> {
    let kind = reader.parsed("identity.kind", None, |text| {
        kind(text)
            .filter(|kind| *kind != Kind::Guest)
            .ok_or("expected \"fixed\", \"gateway\", \"jwt\" or \"local\"")
    });
    match kind {
        None | Some(Kind::Fixed | Kind::Guest) => {
            sections.unsure |= kind.is_none();
            let agent = reader.parsed("identity.user_id", None, AgentId::parse);
            kind.and(agent).map(Identity::Fixed)
        }
        Some(kind) => sections.known_by(reader, kind).map(Identity::Known),
    }
}

fn visitors(reader: &mut Reader, sections: &mut Sections<'_>) -> Option<Visitors> {
    let kind = reader.parsed("visitor.kind", None, |text| {
        kind(text).ok_or("expected \"guest\", \"fixed\", \"gateway\", \"jwt\" or \"local\"")
    });
    match kind {
        None => {
            sections.unsure = true;
            reader.pass_over(&["visitor"]);
            None
        }
        Some(Kind::Guest) => {
            let name = reader.parsed("visitor.name", Some(GUEST), Visitor::part)?;
            Some(Visitors::Guest { name })
        }
        Some(Kind::Fixed) => {
            let id = reader.parsed("visitor.user_id", None, Visitor::part);
            let name = reader.parsed("visitor.name", None, Visitor::part);
            Some(Visitors::Fixed(Visitor { id: id?, name: name? }))
        }
        Some(kind) => {
            let by = sections.known_by(reader, kind);
            let name = reader.parsed("visitor.name", Some(CUSTOMER), Visitor::part);
            Some(Visitors::Known { by: by?, name: name? })
        }
    }
}

/// What was read of `[gateway]`, `[jwt]` and `[local]`.
struct Sections<'a> {
    file: Option<&'a Path>,
    gateways: &'a Gateways,
    read: Vec<(Kind, Option<KnownBy>)>,
    unsure: bool,
}

impl Sections<'_> {
    fn known_by(&mut self, reader: &mut Reader, kind: Kind) -> Option<KnownBy> {
        if let Some((_, known)) = self.read.iter().find(|(read, _)| *read == kind) {
            return known.clone();
        }
        let known = match kind {
            Kind::Gateway => gateway::read(reader, self.gateways).map(KnownBy::Gateway),
            Kind::Jwt => jwt::read(reader).map(KnownBy::Jwt),
            Kind::Local => local::read(reader, self.file).map(KnownBy::Local),
            Kind::Fixed | Kind::Guest => None,
        };
        self.read.push((kind, known.clone()));
        known
    }
}
