//! Which agent a workbench login is for. Each kind of identity is a variant of [`Identity`]; so far one.

use axum::http::request::Parts;

use crate::problem::Refusal;

/// An agent as the contact centre knows it: the mail address it was added with (seed 002).
#[derive(Clone, PartialEq, Eq)]
pub struct AgentId(String);

impl AgentId {
    /// Reads an agent's user id.
    ///
    /// # Errors
    /// What was expected.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let fits = (1..=256).contains(&text.len())
            && !text.chars().any(|c| c.is_whitespace() || c.is_control());
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err("expected the mail address the agent was added with, 1 to 256 bytes without spaces")
        }
    }

    /// As the vendor wants it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for AgentId {
    /// Personal data: shows the length only.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AgentId({})", calldock_contract::redact::text(&self.0))
    }
}

/// How the server learns who is asking.
#[derive(Clone, Debug)]
pub enum Identity {
    /// Everyone is this agent: for a demo, or for a server that only one agent can reach.
    Fixed(AgentId),
}

impl Identity {
    /// The agent behind a request.
    ///
    /// # Errors
    /// A [`Refusal`] where the request proves nobody; [`Identity::Fixed`] never refuses.
    pub async fn agent(&self, _request: &Parts) -> Result<AgentId, Refusal> {
        match self {
            Self::Fixed(agent) => Ok(agent.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agent_id_has_no_spaces_and_shows_only_its_length() {
        assert!(
            AgentId::parse("agent@example.com").is_ok()
                && AgentId::parse("客服@example.com").is_ok()
        );
        for text in ["", "a b", "a\n", "\u{7f}", &"a".repeat(257)] {
            assert!(AgentId::parse(text).is_err(), "{text:?}");
        }
        let shown = format!("{:?}", AgentId::parse("agent@example.com"));
        assert!(!shown.contains("agent@"), "{shown}");
    }
}
