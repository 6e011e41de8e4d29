//! How agents are identified.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::http::request::Parts;
use calldock_contract::Code;
use calldock_service::Caller;

use super::agent::AgentId;
use super::authenticator::{Authenticator, AuthenticatorSettings};
use crate::problem::{Refusal, Remedy};

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
        zh: "请以坐席身份登录。运维人员请确认：[identity] 得到的 ID 必须是在厂商处添加该坐席时使用的邮箱。",
    })
}
