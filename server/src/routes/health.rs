//! `GET /healthz`: the process answers. It asks nobody else, so that a vendor's failure restarts nothing.
//! `GET /readyz`: it can take requests; which check failed is told on the operator's listener only.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use calldock_contract::Code;
use serde_json::json;

use crate::operation::Readiness;
use crate::problem::{Refusal, Remedy};

/// `{"status":"ok"}`.
pub async fn healthz() -> Response {
    super::json(&json!({ "status": "ok" }))
}

/// The same, or 503.
///
/// # Errors
/// A [`Refusal`] without any detail: this listener is the public one.
pub async fn readyz(State(readiness): State<Readiness>) -> Result<Response, Refusal> {
    if readiness.is_ready().await {
        return Ok(super::json(&json!({ "status": "ok" })));
    }
    let detail = "This server takes no requests at the moment.";
    Err(Refusal::new(StatusCode::SERVICE_UNAVAILABLE, Code::Internal, detail)
        .with_remedy(Remedy {
            en: "Try again in a few seconds; /readyz of the operator's listener says what is wrong.",
            zh: "请数秒后重试；运维监听地址的 /readyz 会说明原因。",
        })
        .with_retry_after(Some(5)))
}
