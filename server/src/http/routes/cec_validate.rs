//! CEC's question whether a token is the company's own (CEC guide, chapter 1.5.1).

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use calldock_contract::{CecQuestion, CecVerdict, Code};
use calldock_service::{Caller, Gateways};

use crate::cec::Tokens;
use crate::cec::settings::VALIDATE;
use crate::http::{body, json, openapi};
use crate::observe::metrics;
use crate::problem::{Refusal, Remedy};
use crate::queue::{Buckets, seconds};
use crate::store::Unavailable;

/// What the route needs.
pub struct ValidateState {
    /// What is asked about.
    pub tokens: Tokens,
    /// The machines and networks that CEC asks from; `None`: any.
    pub callers: Option<Gateways>,
    /// How often a network may ask what is refused; `None`: as often as it likes.
    pub rate: Option<Arc<Buckets>>,
}

/// Responds with a [`CecVerdict`] and status 200, for every question and every reason: neither text nor time
/// tells how close a guess came (`docs/vendor/huawei.md` §5). A caller that is not listed gets the same refusal,
/// before its body is read.
///
/// # Errors
/// A [`Refusal`] where the body cannot be read: 400, 408 or 413; 429 for too many questions.
#[utoipa::path(
    post,
    path = VALIDATE,
    tag = "cec",
    summary = "CEC asks whether a token is the company's own",
    description = "200 for every verdict, one response for every reason. The path can be configured.",
    request_body(content = CecQuestion, content_type = "application/json"),
    responses(
        (status = 200, description = "The verdict", body = CecVerdict),
        openapi::Body, openapi::Caller,
    )
)]
pub async fn cec_validate(
    State(state): State<Arc<ValidateState>>,
    request: Request,
) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let address = parts.extensions.get::<Caller>().map(|caller| caller.address);
    let contains = |callers: &Gateways| address.is_some_and(|address| callers.contains(address));
    if !state.callers.as_ref().is_none_or(contains) {
        tracing::warn!("a question about a token from outside callback.callers: refused");
        metrics::validated(false);
        return Ok(json(&CecVerdict::invalid()));
    }
    let body = body::read(body).await;
    let question = body.as_ref().ok().and_then(|body| serde_json::from_slice(body).ok());
    let valid = match question {
        None => false,
        Some(question) => state.tokens.ask(&question).await.unwrap_or_else(|Unavailable| {
            tracing::error!("CEC asked about a token and the store is unavailable: refused");
            false
        }),
    };
    // CEC asks about whatever a page sends it: invented tokens must not use up what its questions about real
    // ones need.
    if let (false, Some(rate), Some(address)) = (valid, &state.rate, address)
        && let Err(wait) = rate.take(address)
    {
        metrics::limit_refused("callback");
        return Err(too_often(wait));
    }
    body?;
    tracing::info!(valid, "CEC asked about a token");
    metrics::validated(valid);
    Ok(json(&if valid { CecVerdict::valid() } else { CecVerdict::invalid() }))
}

fn too_often(wait: std::time::Duration) -> Refusal {
    let detail = "Too many questions about invalid tokens came from one network.";
    Refusal::new(StatusCode::TOO_MANY_REQUESTS, Code::TooMany, detail)
        .with_remedy(Remedy {
            en: "Ask again after the seconds in Retry-After; list CEC's addresses in callback.callers, or raise callback.rate.",
            zh: "请在 Retry-After 所示秒数后重试；请将 CEC 的地址列入 callback.callers，或调大 callback.rate。",
        })
        .with_retry_after(seconds(wait))
}
