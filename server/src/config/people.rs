//! `[identity]`: which agent; `[visitor]`: which visitor.

use super::reader::Reader;
use crate::identity::{AgentId, Identity, Visitor, Visitors};

/// The kinds of agents' identity, each with keys of its own.
pub fn agents(reader: &mut Reader) -> Option<Identity> {
    let kind = reader.parsed("identity.kind", None, |kind| match kind {
        "fixed" => Ok(()),
        _ => Err("expected \"fixed\", the one kind there is so far"),
    });
    let agent = reader.parsed("identity.user_id", None, AgentId::parse);
    kind.and(agent).map(Identity::Fixed)
}

/// What agents read of somebody nobody knows.
const GUEST: &str = "Guest";

enum Kind {
    Guest,
    Fixed,
}

/// The kinds of visitors' identity, each with keys of its own.
pub fn visitors(reader: &mut Reader) -> Option<Visitors> {
    let kind = reader.parsed("visitor.kind", None, |kind| match kind {
        "guest" => Ok(Kind::Guest),
        "fixed" => Ok(Kind::Fixed),
        _ => Err("expected \"guest\" or \"fixed\", the kinds there are so far"),
    });
    match kind {
        None => {
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
    }
}
