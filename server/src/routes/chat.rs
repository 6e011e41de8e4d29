//! `POST /calldock/v1/tccc/chat`: a chat for the visitor who asks (seed 000, steps 1 to 4).

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;

use super::body;
use crate::config::ChatConfig;
use crate::problem::Refusal;
use crate::tccc;

/// What the route needs.
pub struct ChatDesk {
    /// The contact centre.
    pub api: Arc<tccc::Api>,
    /// The chat, and who is asking for one.
    pub chat: ChatConfig,
}

/// Answers a [`calldock_contract::ChatLogin`] over texts of the configuration and the visitor's id and
/// name; nothing of the body is signed.
///
/// # Errors
/// A [`Refusal`]: 408, 413 or 415 for the body, what [`crate::identity`] says, or what
/// [`crate::tccc::Failure`] became.
pub async fn login(
    State(desk): State<Arc<ChatDesk>>,
    request: Request,
) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    body::discard(&parts.headers, body).await?;
    let recognised = desk.chat.visitors.recognise(&parts).await?;
    let login = desk.api.chat(&desk.chat, &recognised.visitor).await.inspect_err(|failure| {
        tracing::warn!(?failure, "no chat");
    })?;
    tracing::info!(expires_at = login.expires_at, "chat handed out");
    Ok(super::with_cookie(super::json(&login), recognised.set_cookie))
}
