//! `POST /calldock/v1/tccc/login`: a login for the agent who asks (seeds 002 and 003, steps 3 to 5).

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use calldock_contract::SdkLogin;

use super::body;
use crate::identity::{Door, Identity};
use crate::limits::{Limits, Role};
use crate::observe::openapi;
use crate::problem::Refusal;
use crate::tccc;

/// What the route needs.
pub struct AgentDesk {
    /// The contact centre.
    pub api: Arc<tccc::Api>,
    /// Which agent is asking.
    pub identity: Identity<Arc<Door>>,
    /// How often each may.
    pub limits: Limits,
}

/// Answers a [`SdkLogin`]. Which agent it is for is the identity's decision alone:
/// a user id in the body is not even looked at.
///
/// # Errors
/// A [`Refusal`]: 408, 413 or 415 for the body, what [`crate::identity`] says, or what
/// [`crate::tccc::Failure`] became.
#[utoipa::path(
    post,
    path = "/calldock/v1/tccc/login",
    tag = "pages",
    summary = "A login for the agent who asks",
    description = "Good for one use within ten minutes. Whom it is for is decided here; the body is not looked at.",
    request_body(content = Option<openapi::Unread>, content_type = "application/json"),
    responses(
        (status = 200, description = "The login", body = SdkLogin),
        openapi::Body, openapi::Page, openapi::Person,
    )
)]
pub async fn login(
    State(desk): State<Arc<AgentDesk>>,
    request: Request,
) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    body::discard(&parts.headers, body).await?;
    let agent = desk.identity.agent(&parts).await?;
    if !matches!(desk.identity, Identity::Fixed(_)) {
        desk.limits.count_identity(Role::Agent, agent.as_str()).await?;
    }
    let login = desk.api.login(&agent).await.inspect_err(|failure| {
        // A failure holds no secret and no person: it may be logged as it is.
        tracing::warn!(?failure, "no login");
    })?;
    tracing::info!(expires_at = login.expires_at, "login handed out");
    Ok(super::json(&login))
}
