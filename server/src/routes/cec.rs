//! `POST /calldock/v1/cec/login`: what vouches for the visitor who asks; and CEC's question about it.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use calldock_contract::{CecLogin, CecQuestion, CecVerdict, CecVoucher, Code};

use super::body;
use crate::callback::Callback;
use crate::caller::Caller;
use crate::cec::tokens::MintError;
use crate::cec::{Channel, Signer, Tokens};
use crate::identity::{Door, Recognised, Visitor, Visitors};
use crate::limits::{Limits, Role};
use crate::observe::{metrics, openapi};
use crate::problem::{Refusal, Remedy};
use crate::store::Unavailable;

/// What a login route needs.
pub struct CecDesk {
    /// Where the chat arrives.
    pub channel: Channel,
    /// Who is asking.
    pub visitors: Visitors<Arc<Door>>,
    /// How often each may.
    pub limits: Limits,
    /// What vouches.
    pub mode: Mode,
}

/// The guide's two modes.
pub enum Mode {
    /// Chapter 1: a token, which CEC asks [`validate`] about.
    Token(Tokens),
    /// Chapter 2: a signature.
    Authorization(Signer),
}

/// Answers a [`CecLogin`], for this page view. User, name, tenant and channel come
/// from the identity and the configuration; the body is not looked at.
///
/// # Errors
/// A [`Refusal`]: 408, 413 or 415 for the body, what [`crate::identity`] says, 503 where too many
/// tokens are alive, 500 where this machine cannot sign.
#[utoipa::path(
    post,
    path = "/calldock/v1/cec/login",
    tag = "pages",
    summary = "CEC's chat for the visitor who asks",
    description = "For this page view. Who is asking is decided here; the body is not looked at.",
    request_body(content = Option<openapi::Unread>, content_type = "application/json"),
    responses(
        (status = 200, description = "What vouches for the visitor", body = CecLogin,
            headers(("Set-Cookie" = String, description = "A guest's own cookie, where it is new"))),
        openapi::Body, openapi::Page, openapi::Person,
    )
)]
pub async fn login(
    State(desk): State<Arc<CecDesk>>,
    request: Request,
) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    body::discard(&parts.headers, body).await?;
    let Recognised { visitor, set_cookie } = desk.visitors.recognise(&parts).await?;
    if !matches!(desk.visitors, Visitors::Fixed(_)) {
        desk.limits.count_identity(Role::Visitor, &visitor.id).await?;
    }
    if visitor.has_long_id() {
        tracing::warn!(bytes = visitor.id.len(), "a visitor's id is so long that CEC may cut it");
    }
    let voucher = desk.vouch(&visitor).await?;
    // The request's own line says that it was answered, and the configuration in which mode.
    tracing::debug!(mode = voucher.mode(), "CEC login handed out");
    let login = desk.channel.login(visitor, voucher);
    Ok(super::with_cookie(super::json(&login), set_cookie))
}

impl CecDesk {
    async fn vouch(&self, visitor: &Visitor) -> Result<CecVoucher, Refusal> {
        match &self.mode {
            Mode::Token(tokens) => {
                let token = tokens.mint(&self.channel, visitor).await.map_err(unminted)?;
                metrics::token_minted();
                Ok(CecVoucher::Token { token })
            }
            Mode::Authorization(signer) => {
                let authorization =
                    signer.authorization(&self.channel, visitor).map_err(|error| {
                        tracing::error!(%error, "no authorization");
                        let detail = format!("The authorization could not be signed: {error}.");
                        Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, Code::Internal, detail)
                    })?;
                Ok(CecVoucher::Authorization { authorization })
            }
        }
    }
}

fn unminted(error: MintError) -> Refusal {
    tracing::error!(?error, "no token");
    match error {
        MintError::Full => {
            let detail = "Too many visitors' tokens wait to be used.";
            Refusal::new(StatusCode::SERVICE_UNAVAILABLE, Code::LoginFailed, detail)
                .with_remedy(Remedy {
                    en: "Try again in a few seconds.", zh: "请数秒后重试。"
                })
                .with_retry_after(Some(5))
        }
        MintError::Unavailable => Unavailable.into(),
        MintError::NoRandomness => {
            let detail = "The system gave no random bytes for a token.";
            Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, Code::Internal, detail)
        }
    }
}

/// Answers a [`CecVerdict`] with status 200, whatever was asked, whoever asked, and why ever the answer is
/// no: no text and no time tells a stranger how near a guess came (`vendor/huawei.md` §5).
///
/// # Errors
/// A [`Refusal`] where the body could not even be read: 400, 408 or 413; 429 whoever asks too often.
#[utoipa::path(
    post,
    path = "/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate",
    tag = "cec",
    summary = "CEC asks whether a token is the company's own",
    description = "200 for every verdict; one answer for every reason. The path can be configured.",
    request_body(content = CecQuestion, content_type = "application/json"),
    responses(
        (status = 200, description = "The verdict", body = CecVerdict),
        openapi::Body, openapi::Caller,
    )
)]
pub async fn validate(
    State(desk): State<Arc<Callback>>,
    request: Request,
) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let admitted = desk.admits(Caller::of(&parts.extensions).ok()).await?;
    let body = body::read(body).await?;
    // What is no question, or a stranger's, is asked all the same, with a token there cannot be.
    let question = serde_json::from_slice(&body).ok().filter(|_| admitted);
    let question = question.unwrap_or_else(|| CecQuestion {
        token: String::new(),
        user_name: String::new(),
        user_id: String::new(),
        tenant_space_id: String::new(),
    });
    let valid = match desk.tokens.spend(&question).await {
        Ok(valid) => {
            tracing::info!(valid, "CEC asked about a token");
            valid
        }
        Err(Unavailable) => {
            metrics::store_failed();
            tracing::error!("CEC asked about a token, and the store could not say: refused");
            false
        }
    };
    metrics::validated(valid);
    Ok(super::json(&if valid { CecVerdict::valid() } else { CecVerdict::invalid() }))
}
