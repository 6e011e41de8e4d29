//! Which agent a workbench login is for.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::http::request::Parts;
use calldock_contract::Code;

use super::{Door, KnownBy};
use crate::problem::{Refusal, Remedy};

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

/// How the server learns who is asking. In a configuration people are known by a kind ([`KnownBy`]), in
/// a running server by its open [`Door`].
#[derive(Clone, Debug)]
pub enum Identity<By = KnownBy> {
    /// Everyone is this agent: for a demo, or for a server that only one agent can reach.
    Fixed(AgentId),
    /// Whoever this knows, by the mail address the agent was added with.
    Known(By),
}

impl<By> Identity<By> {
    /// The same with what people are known by replaced.
    ///
    /// # Errors
    /// What the replacing says.
    pub fn open<To, E>(self, open: impl FnOnce(By) -> Result<To, E>) -> Result<Identity<To>, E> {
        Ok(match self {
            Self::Fixed(agent) => Identity::Fixed(agent),
            Self::Known(by) => Identity::Known(open(by)?),
        })
    }
}

impl Identity<Arc<Door>> {
    /// The agent behind a request.
    ///
    /// # Errors
    /// A [`Refusal`] where the request proves nobody; [`Identity::Fixed`] never refuses.
    pub async fn agent(&self, request: &Parts) -> Result<AgentId, Refusal> {
        match self {
            Self::Fixed(agent) => Ok(agent.clone()),
            Self::Known(door) => {
                let person = door.person(request).await?;
                AgentId::parse(&person.id).map_err(|_| no_agent())
            }
        }
    }
}

fn no_agent() -> Refusal {
    let detail =
        "Whoever is signed in is no agent: expected the mail address of one, found another id.";
    Refusal::new(StatusCode::FORBIDDEN, Code::LoginFailed, detail).with_remedy(Remedy {
        en: "Sign in as an agent. The operator's part: what [identity] learns must be the mail address that the agent was added with at the vendor's.",
        zh: "请以座席身份登录。运维人员请确认：[identity] 得到的 ID 必须是在厂商处添加该座席时使用的邮箱。",
    })
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
