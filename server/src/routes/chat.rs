//! `POST /calldock/v1/tccc/chat`: a chat for the visitor who asks (seed 000, steps 1 to 4).

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use calldock_contract::ChatLogin;

use super::{body, fields};
use crate::config::ChatConfig;
use crate::identity::{Door, Visitors};
use crate::limits::{Limits, Role};
use crate::observe::openapi;
use crate::problem::Refusal;
use crate::tccc;

/// What the route needs.
pub struct ChatDesk {
    /// The contact centre.
    pub api: Arc<tccc::Api>,
    /// The chat.
    pub chat: ChatConfig,
    /// Who is asking for one.
    pub visitors: Visitors<Arc<Door>>,
    /// How often each may.
    pub limits: Limits,
}

/// Answers a [`ChatLogin`] over texts of the configuration, the visitor's id and name,
/// and what of the body the configuration allows.
///
/// # Errors
/// A [`Refusal`]: 400, 408, 413, 415 or 422 for the body, what [`crate::identity`] says, or what
/// [`crate::tccc::Failure`] became.
#[utoipa::path(
    post,
    path = "/calldock/v1/tccc/chat",
    tag = "pages",
    summary = "TCCC's online chat for the visitor who asks",
    description = "Who is asking is decided here; of the body only fields are signed that the configuration allows.",
    request_body(content = Option<fields::Body>, content_type = "application/json"),
    responses(
        (status = 200, description = "The signed chat", body = ChatLogin,
            headers(("Set-Cookie" = String, description = "A guest's own cookie, where it is new"))),
        openapi::Body, openapi::Page, openapi::Field, openapi::Person,
    )
)]
pub async fn login(
    State(desk): State<Arc<ChatDesk>>,
    request: Request,
) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let body = body::read_json(&parts.headers, body).await?;
    let fields = fields::read(&body, &desk.chat)?;
    let recognised = desk.visitors.recognise(&parts).await?;
    if !matches!(desk.visitors, Visitors::Fixed(_)) {
        desk.limits.count_identity(Role::Visitor, &recognised.visitor.id).await?;
    }
    let chat = desk.api.chat(&desk.chat, &recognised.visitor, &fields);
    let login = chat.await.inspect_err(|failure| tracing::warn!(?failure, "no chat"))?;
    tracing::info!(expires_at = login.expires_at, "chat handed out");
    Ok(super::with_cookie(super::json(&login), recognised.set_cookie))
}
