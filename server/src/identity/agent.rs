//! The agent that a workbench login is for.

/// An agent as the contact centre knows it: the mail address it was added with (agent SDK reference).
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

    /// Returns the id as the vendor expects it.
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
