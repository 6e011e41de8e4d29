//! `POST /calldock/v1/cec/login`: the proof of the visitor's identity.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use calldock_contract::CecLogin;

use crate::cec;
use crate::cec::settings::LOGIN;
use crate::http::body::Ignored;
use crate::http::extract::{Route, Visitor};
use crate::http::{json, openapi, with_cookie};
use crate::identity::Visitors;
use crate::observe::metrics;
use crate::problem::Refusal;

/// What the route needs: tenant and channel, and the kind of proof.
pub type CecState = Route<cec::Login, Visitors>;

/// Responds with a [`CecLogin`] for this page view. User, name, tenant and channel come from the identity
/// and the configuration; the body is ignored.
///
/// # Errors
/// A [`Refusal`]: 408, 413 or 415 for the body, what [`crate::identity`] reports, 503 with a ticket, 500
/// where this machine cannot sign.
#[utoipa::path(
    post,
    path = LOGIN,
    tag = "pages",
    summary = "CEC's chat for the visitor who asks",
    description = "For this page view. Who is asking is decided by the server; the body is ignored.",
    request_body(content = Option<openapi::Unread>, content_type = "application/json"),
    responses(
        (status = 200, description = "The proof of the visitor's identity", body = CecLogin,
            headers(("Set-Cookie" = String, description = "A guest's own cookie, where it is new"))),
        openapi::Body, openapi::Page, openapi::Person,
    )
)]
pub async fn cec_login(
    State(state): State<Arc<CecState>>,
    visitor: Visitor,
    _: Ignored,
) -> Result<Response, Refusal> {
    visitor.turn(&state.budget).await?;
    if visitor.who.has_long_id() {
        let bytes = visitor.who.id.len();
        tracing::warn!(bytes, "a visitor's id is so long that CEC may cut it");
    }
    let login = state.logins.issue(&visitor.who)?;
    visitor.record(&state.access, LOGIN)?;
    if login.credential.mode() == "token" {
        metrics::token_minted();
    }
    tracing::debug!(mode = login.credential.mode(), "CEC login handed out");
    Ok(with_cookie(json(&login), visitor.set_cookie))
}
