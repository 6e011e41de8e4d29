//! `GET /healthz`: the process answers. It asks nobody else, so that a vendor's failure restarts nothing.
//! `GET /readyz`: it can take requests; which check failed is told on the operator's listener only.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use calldock_contract::Code;
use serde::Serialize;
use utoipa::ToSchema;

use crate::observe::{Readiness, openapi};
use crate::problem::{Refusal, Remedy};

/// How the server is.
#[derive(Serialize, ToSchema)]
struct Status {
    /// `ok`; whatever else is a problem.
    #[schema(example = "ok")]
    status: &'static str,
}

const OK: Status = Status { status: "ok" };

/// `{"status":"ok"}`.
#[utoipa::path(
    get,
    path = "/healthz",
    tag = "operation",
    summary = "The process answers",
    description = "",
    responses((status = 200, description = "It is well", body = Status))
)]
pub async fn healthz() -> Response {
    super::json(&OK)
}

/// The same, or 503.
///
/// # Errors
/// A [`Refusal`] without any detail: this listener is the public one.
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "operation",
    summary = "The server can take requests",
    description = "",
    responses((status = 200, description = "It can", body = Status), openapi::Unready)
)]
pub async fn readyz(State(readiness): State<Readiness>) -> Result<Response, Refusal> {
    if readiness.is_ready().await {
        return Ok(super::json(&OK));
    }
    let detail = "This server takes no requests at the moment.";
    Err(Refusal::new(StatusCode::SERVICE_UNAVAILABLE, Code::Internal, detail)
        .with_remedy(Remedy {
            en: "Try again in a few seconds; /readyz of the operator's listener says what is wrong.",
            zh: "请数秒后重试；运维监听地址的 /readyz 会说明原因。",
        })
        .with_retry_after(Some(5)))
}
