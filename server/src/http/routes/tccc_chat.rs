//! `POST /calldock/v1/tccc/chat`: a chat for the visitor who asks (chat guide, steps 1 to 4).

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use calldock_contract::ChatLogin;

use crate::http::body::OptionalJson;
use crate::http::extract::{Route, Visitor};
use crate::http::{fields, json, openapi, with_cookie};
use crate::identity::Visitors;
use crate::problem::Refusal;
use crate::queue::Budget;
use crate::tccc::{self, ChatSettings};

/// The route's path.
pub const PATH: &str = "/calldock/v1/tccc/chat";

/// What the route needs: the cloud API, the chat, and the turns of signatures that are handed out again.
pub type ChatState = Route<(Arc<tccc::Api>, ChatSettings, Budget), Visitors>;

/// Responds with a [`ChatLogin`] over the configuration's texts, the visitor's id and name, and what the
/// configuration allows of the body. A signature that is still valid is handed out again without a turn at the vendor.
///
/// # Errors
/// A [`Refusal`]: 400, 408, 413, 415 or 422 for the body, what [`crate::identity`] reports, 503 with a
/// ticket, or what [`tccc::Failure`] becomes.
#[utoipa::path(
    post,
    path = PATH,
    tag = "pages",
    summary = "TCCC's online chat for the visitor who asks",
    description = "Who is asking is decided by the server; of the body only fields are signed that the configuration allows.",
    request_body(content = Option<fields::Body>, content_type = "application/json"),
    responses(
        (status = 200, description = "The signed chat", body = ChatLogin,
            headers(("Set-Cookie" = String, description = "A guest's own cookie, where it is new"))),
        openapi::Body, openapi::Page, openapi::Field, openapi::Person,
    )
)]
pub async fn tccc_chat(
    State(state): State<Arc<ChatState>>,
    visitor: Visitor,
    OptionalJson(body): OptionalJson,
) -> Result<Response, Refusal> {
    let (api, chat, again) = &state.logins;
    let fields = fields::read(&body, chat)?;
    let login = match api.cached_chat(chat, &visitor.who, &fields) {
        Some(login) => {
            // Each is a line of the audit: a page that repeats it must not fill the target.
            visitor.turn(again).await?;
            login
        }
        None => {
            visitor.turn(&state.budget).await?;
            let chat = api.chat(chat, &visitor.who, &fields);
            chat.await.inspect_err(|failure| tracing::warn!(?failure, "no chat"))?
        }
    };
    visitor.record(&state.access, PATH)?;
    tracing::info!(expires_at = login.expires_at, "chat handed out");
    Ok(with_cookie(json(&login), visitor.set_cookie))
}
