//! `POST /calldock/v1/tccc/login`: a login for the agent who asks (the agent SDK reference and guide, steps 3 to 5).

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use calldock_contract::SdkLogin;

use crate::http::body::Ignored;
use crate::http::extract::{Agent, Route};
use crate::http::{json, openapi};
use crate::identity::Agents;
use crate::problem::Refusal;
use crate::tccc;

/// The route's path.
pub const PATH: &str = "/calldock/v1/tccc/login";

/// What the route needs: the cloud API.
pub type LoginState = Route<Arc<tccc::Api>, Agents>;

/// Responds with an [`SdkLogin`]. Which agent it is for is decided by the identity alone; a user id in the
/// body is ignored.
///
/// # Errors
/// A [`Refusal`]: 408, 413 or 415 for the body, what [`crate::identity`] reports, 503 with a ticket, or what
/// [`tccc::Failure`] becomes.
#[utoipa::path(
    post,
    path = PATH,
    tag = "pages",
    summary = "A login for the agent who asks",
    description = "Good for one use within ten minutes. Whom it is for is decided by the server; the body is ignored.",
    request_body(content = Option<openapi::Unread>, content_type = "application/json"),
    responses(
        (status = 200, description = "The login", body = SdkLogin),
        openapi::Body, openapi::Page, openapi::Person,
    )
)]
pub async fn tccc_login(
    State(state): State<Arc<LoginState>>,
    agent: Agent,
    _: Ignored,
) -> Result<Response, Refusal> {
    agent.turn(&state.budget).await?;
    let login = state.logins.login(&agent.who).await.inspect_err(|failure| {
        // A failure holds no secret and no personal data.
        tracing::warn!(?failure, "no login");
    })?;
    agent.record(&state.access, PATH)?;
    tracing::info!(expires_at = login.expires_at, "login handed out");
    Ok(json(&login))
}
