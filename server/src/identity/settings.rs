//! `[identity]` for agents, `[visitor]` for visitors, and the authenticators that both may use.

use super::agent::AgentId;
use super::agents::AgentSettings;
use super::authenticator::AuthenticatorSettings;
#[cfg(feature = "accounts")]
use super::local;
use super::visitor::Visitor;
use super::visitors::VisitorSettings;
use super::{gateway, jwt};
use crate::settings::Reader;

/// The sections of the authenticators.
const SECTIONS: [&str; 3] = ["gateway", "jwt", "local"];

/// The name that agents see for a guest.
const GUEST: &str = "Guest";

/// The name that agents see for a person without one.
const CUSTOMER: &str = "Customer";

/// Both kinds, as far as they are used; a section that both use is read once.
#[derive(Debug, Default)]
pub struct People {
    /// How agents are identified.
    pub identity: Option<AgentSettings>,
    /// How visitors are identified.
    pub visitors: Option<VisitorSettings>,
}

#[cfg(not(feature = "accounts"))]
const WITHOUT_ACCOUNTS: &str = "this server was built without the cargo feature \"accounts\"; expected another kind than \"local\"";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Fixed,
    Guest,
    Gateway,
    Jwt,
    Local,
}

/// Agents cannot be guests: their kinds are those after the first.
const KINDS: [(&str, Kind); 5] = [
    ("guest", Kind::Guest),
    ("fixed", Kind::Fixed),
    ("gateway", Kind::Gateway),
    ("jwt", Kind::Jwt),
    ("local", Kind::Local),
];

/// Reads how agents and visitors are identified, as far as there are any.
pub fn read(
    reader: &mut Reader,
    has_gateways: bool,
    (has_agents, has_visitors): (bool, bool),
) -> People {
    let mut people = People::default();
    let mut sections = Sections { has_gateways, read: Vec::new(), unclear: false };
    if has_agents {
        people.identity = agents(reader, &mut sections);
    }
    if has_visitors {
        people.visitors = visitors(reader, &mut sections);
    }
    if sections.unclear {
        // Which of them are used is not known because of an earlier mistake.
        reader.pass_over(&SECTIONS);
    }
    people
}

fn agents(reader: &mut Reader, sections: &mut Sections) -> Option<AgentSettings> {
    match reader.choice("identity.kind", &KINDS[1..], true) {
        None => {
            sections.unclear = true;
            reader.pass_over(&["identity"]);
            None
        }
        Some(Kind::Fixed | Kind::Guest) => {
            reader.parsed("identity.user_id", None, AgentId::parse).map(AgentSettings::Fixed)
        }
        Some(kind) => sections.authenticator(reader, kind).map(AgentSettings::By),
    }
}

fn visitors(reader: &mut Reader, sections: &mut Sections) -> Option<VisitorSettings> {
    match reader.choice("visitor.kind", &KINDS, true) {
        None => {
            sections.unclear = true;
            reader.pass_over(&["visitor"]);
            None
        }
        Some(Kind::Guest) => {
            let name = reader.parsed("visitor.name", Some(GUEST), Visitor::part)?;
            Some(VisitorSettings::Guest { name })
        }
        Some(Kind::Fixed) => {
            let id = reader.parsed("visitor.user_id", None, Visitor::part);
            let name = reader.parsed("visitor.name", None, Visitor::part);
            Some(VisitorSettings::Fixed(Visitor { id: id?, name: name? }))
        }
        Some(kind) => {
            let by = sections.authenticator(reader, kind);
            let name = reader.parsed("visitor.name", Some(CUSTOMER), Visitor::part);
            Some(VisitorSettings::By { authenticator: by?, name: name? })
        }
    }
}

/// The settings read from `[gateway]`, `[jwt]` and `[local]`.
struct Sections {
    /// Whether the listener knows gateways, by address or by its unix socket.
    has_gateways: bool,
    read: Vec<(Kind, Option<AuthenticatorSettings>)>,
    unclear: bool,
}

impl Sections {
    fn authenticator(&mut self, reader: &mut Reader, kind: Kind) -> Option<AuthenticatorSettings> {
        if let Some((_, known)) = self.read.iter().find(|(read, _)| *read == kind) {
            return known.clone();
        }
        let known = match kind {
            Kind::Gateway => gateway::settings::read(reader, self.has_gateways),
            Kind::Jwt => jwt::settings::read(reader).map(AuthenticatorSettings::Jwt),
            #[cfg(feature = "accounts")]
            Kind::Local => local::settings::read(reader).map(AuthenticatorSettings::Local),
            #[cfg(not(feature = "accounts"))]
            Kind::Local => {
                for key in ["identity.kind", "visitor.kind"] {
                    reader.wrong(key, WITHOUT_ACCOUNTS);
                }
                None
            }
            Kind::Fixed | Kind::Guest => None,
        };
        self.read.push((kind, known.clone()));
        known
    }
}
