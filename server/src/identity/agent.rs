//! Which agent a workbench login is for.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::http::request::Parts;
use calldock_contract::Code;
use calldock_listen::Caller;

use super::{Authenticator, AuthenticatorSettings};
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

/// How agents are identified: in a configuration by [`AuthenticatorSettings`], in a running server by an open
/// [`Authenticator`].
#[derive(Clone, Debug)]
pub enum Agents<By = Arc<Authenticator>> {
    /// Every request is from this agent: for a demo, or a server that only one agent can reach.
    Fixed(AgentId),
    /// The authenticated person; the id is the mail address the agent was added with.
    By(By),
}

/// `[identity]`.
pub type AgentSettings = Agents<AuthenticatorSettings>;

impl Agents {
    /// Returns the agent who sent a request.
    ///
    /// # Errors
    /// A [`Refusal`] if the request proves no identity; [`Agents::Fixed`] never refuses.
    pub async fn authenticate(&self, request: &Parts, caller: &Caller) -> Result<AgentId, Refusal> {
        match self {
            Self::Fixed(agent) => Ok(agent.clone()),
            Self::By(authenticator) => {
                let person = authenticator.authenticate(request, caller).await?;
                AgentId::parse(&person.id).map_err(|_| no_agent())
            }
        }
    }

    /// Returns the name of the kind, as in `identity.kind`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Fixed(_) => "fixed",
            Self::By(authenticator) => authenticator.kind(),
        }
    }
}

fn no_agent() -> Refusal {
    let detail =
        "The signed-in user is not an agent: expected the mail address of one, found another id.";
    Refusal::new(StatusCode::FORBIDDEN, Code::LoginFailed, detail).with_remedy(Remedy {
        en: "Sign in as an agent. Operator: the id that [identity] finds must be the mail address with which the agent was added at the vendor.",
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
