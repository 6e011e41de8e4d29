//! Who is asking, as axum extractors. They identify first; a request that could not be identified is counted
//! by its network. The turn of a known client is then taken from the route's budget.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use calldock_contract::Code;
use calldock_service::Caller;

use crate::identity::{AgentId, Agents, Recognised, Visitors};
use crate::observe::audit::{Audit, Full as AuditFull, Login};
use crate::observe::metrics;
use crate::problem::{Refusal, Remedy};
use crate::queue::{Buckets, Budget, Who, seconds, ticket};

/// What identification needs of every route's state.
pub struct Access {
    /// How often a network may fail to identify itself.
    pub failures: Arc<Buckets>,
    /// Where logins are recorded.
    pub audit: Audit,
}

impl Access {
    /// Counts a failed identification by its network.
    fn failed(&self, refusal: Refusal, address: IpAddr) -> Refusal {
        // An outage of what identifies callers proves nothing about the caller.
        if !refusal.status().is_client_error() {
            return refusal;
        }
        match self.failures.take(address) {
            Ok(()) => refusal,
            Err(wait) => {
                metrics::limit_refused("failures");
                too_many(wait)
            }
        }
    }
}

/// Someone who is known, with the place in the queue and the cookie the browser is to keep.
pub struct Asking<P> {
    /// Who it is.
    pub who: P,
    /// A new guest's cookie.
    pub set_cookie: Option<HeaderValue>,
    person: String,
    role: &'static str,
    identity: &'static str,
    queued: Who,
    tickets: Option<String>,
    address: IpAddr,
}

/// An agent; the id at the vendor.
pub type Agent = Asking<AgentId>;
/// A visitor.
pub type Visitor = Asking<crate::identity::Visitor>;

/// What a login route needs.
pub struct Route<T, W> {
    /// What makes the logins.
    pub logins: T,
    /// How those who ask are identified: [`Agents`] or [`Visitors`].
    pub who: W,
    /// The turns that the logins take.
    pub budget: Budget,
    /// What every route shares.
    pub access: Arc<Access>,
}

impl<T: Send + Sync> FromRequestParts<Arc<Route<T, Agents>>> for Agent {
    type Rejection = Refusal;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &Arc<Route<T, Agents>>,
    ) -> Result<Self, Refusal> {
        let caller = caller(parts)?;
        let agents = &state.who;
        let id = agents
            .authenticate(parts, &caller)
            .await
            .map_err(|refusal| state.access.failed(refusal, caller.address))?;
        Ok(Self {
            person: id.as_str().to_owned(),
            queued: Who::person(id.as_str(), caller.address),
            who: id,
            set_cookie: None,
            role: "agent",
            identity: agents.kind(),
            tickets: ticket::sent(&parts.headers).map(str::to_owned),
            address: caller.address,
        })
    }
}

impl<T: Send + Sync> FromRequestParts<Arc<Route<T, Visitors>>> for Visitor {
    type Rejection = Refusal;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &Arc<Route<T, Visitors>>,
    ) -> Result<Self, Refusal> {
        let caller = caller(parts)?;
        let visitors = &state.who;
        let Recognised { visitor, set_cookie, guest } = visitors
            .recognise(parts, &caller)
            .await
            .map_err(|refusal| state.access.failed(refusal, caller.address))?;
        let queued = match guest {
            Some(known) => Who::guest(&visitor.id, known, caller.address),
            None => Who::person(&visitor.id, caller.address),
        };
        Ok(Self {
            person: visitor.id.clone(),
            queued,
            who: visitor,
            set_cookie,
            role: "visitor",
            identity: visitors.kind(),
            tickets: ticket::sent(&parts.headers).map(str::to_owned),
            address: caller.address,
        })
    }
}

impl<P> Asking<P> {
    /// Waits for the turn.
    ///
    /// # Errors
    /// 503 with a ticket where the queue is full. A new guest's cookie goes with it: the ticket is bound to
    /// the guest.
    pub async fn turn(&self, budget: &Budget) -> Result<(), Refusal> {
        let turn = budget.admit(&self.queued, self.tickets.as_deref()).await;
        turn.map_err(|refusal| refusal.with_cookie(self.set_cookie.clone()))
    }

    /// Records the login that is about to be handed out.
    ///
    /// # Errors
    /// 503 where the audit is full and refuses logins without a line.
    pub fn record(&self, access: &Access, route: &'static str) -> Result<(), Refusal> {
        let Self { role, identity, ref person, address, .. } = *self;
        let login = Login { route, role, identity, person, address: Some(address) };
        access.audit.login(&login).map_err(audit_full)
    }
}

/// Returns the caller, which the middleware has put into the request.
///
/// # Errors
/// 500 without the middleware.
pub fn caller(parts: &Parts) -> Result<Caller, Refusal> {
    let caller = parts.extensions.get::<Caller>().cloned();
    caller.ok_or_else(|| Refusal::bare(StatusCode::INTERNAL_SERVER_ERROR))
}

fn audit_full(_: AuditFull) -> Refusal {
    metrics::limit_refused("audit");
    let detail = "The login could not be recorded: the audit's queue is full.";
    Refusal::new(StatusCode::SERVICE_UNAVAILABLE, Code::Internal, detail)
        .with_remedy(Remedy {
            en: "Try again shortly. The operator's part: see why audit.target takes no lines, or set audit.when_full = \"count\".",
            zh: "请稍后重试。运维人员请检查 audit.target 为何无法写入，或设置 audit.when_full = \"count\"。",
        })
        .with_retry_after(Some(5))
}

/// The refusal of a network that failed too often.
pub fn too_many(wait: Duration) -> Refusal {
    let detail = "Too many requests that proved no identity came from one network.";
    Refusal::new(StatusCode::TOO_MANY_REQUESTS, Code::TooMany, detail)
        .with_remedy(Remedy {
            en: "Sign in, then try again after the seconds in Retry-After; the operator can raise limits.failures.",
            zh: "请登录后在 Retry-After 所示秒数后重试；运维人员可调大 limits.failures。",
        })
        .with_retry_after(seconds(wait))
}
