//! `GET /healthz`: the process responds. Nothing else is asked, so that a vendor's failure restarts nothing.
//! `GET /readyz`: it can handle requests; which check failed is shown on the operator's listener only.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use calldock_contract::Code;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::{json, openapi};
use crate::observe::Readiness;
use crate::problem::{Refusal, Remedy};

/// The state of the server.
#[derive(Serialize, ToSchema)]
struct Status {
    /// Always `ok`; anything else is a problem document.
    #[schema(example = "ok")]
    status: &'static str,
}

const OK: Status = Status { status: "ok" };

/// `{"status":"ok"}`.
#[utoipa::path(
    get,
    path = "/healthz",
    tag = "operation",
    summary = "The process responds",
    description = "",
    responses((status = 200, description = "It is healthy", body = Status))
)]
pub async fn healthz() -> Response {
    json(&OK)
}

/// The same, or 503.
///
/// # Errors
/// A [`Refusal`] without any detail: this listener is the public one.
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "operation",
    summary = "The server can handle requests",
    description = "",
    responses((status = 200, description = "It can", body = Status), openapi::Unready)
)]
pub async fn readyz(State(readiness): State<Readiness>) -> Result<Response, Refusal> {
    if readiness.check().await.0 {
        return Ok(json(&OK));
    }
    let detail = "This server does not handle requests at the moment.";
    Err(Refusal::new(StatusCode::SERVICE_UNAVAILABLE, Code::Internal, detail)
        .with_remedy(Remedy {
            en: "Try again in a few seconds; /readyz of the operator's listener shows the failed check.",
            zh: "请数秒后重试；运维监听地址的 /readyz 会说明原因。",
        })
        .with_retry_after(Some(5)))
}
