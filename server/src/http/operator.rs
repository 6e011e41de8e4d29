//! The operator's listener: `/healthz`, `/readyz` with every check, `/metrics`, `/openapi.json`. It has a
//! thread and a runtime of its own, so that it responds while the pages' listener is busy, and an address
//! that no gateway relays.

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::from_fn;
use axum::response::Response;
use axum::routing::get;
use calldock_service::operator::{PROMETHEUS, text};
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::{Map, Value, json};

use super::{openapi, routes::health};
use crate::observe::Readiness;
use crate::problem::{self, AsItIs};

/// Builds the routes. `sample` sets the gauges that are counted elsewhere, before each scrape.
pub fn router(
    readiness: Readiness,
    metrics: PrometheusHandle,
    sample: impl Fn() + Clone + Send + Sync + 'static,
) -> Router {
    Router::new()
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(async move || readyz(&readiness).await))
        .route(
            "/metrics",
            get(async move || {
                sample();
                metrics.run_upkeep();
                text(StatusCode::OK, PROMETHEUS, metrics.render())
            }),
        )
        .route(
            "/openapi.json",
            get(async || text(StatusCode::OK, "application/json", openapi::json())),
        )
        .layer(from_fn(problem::write_failures))
}

/// Every check with its outcome; 503 where one has failed that is needed.
async fn readyz(readiness: &Readiness) -> Response {
    let (ok, checked) = readiness.check().await;
    let checks: Map<String, Value> = checked
        .iter()
        .map(|check| (check.name.into(), if check.ok { "ok" } else { "failed" }.into()))
        .collect();
    let body = json!({ "status": if ok { "ok" } else { "unready" }, "checks": checks });
    let status = if ok { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let mut response = text(status, "application/json", body.to_string());
    response.extensions_mut().insert(AsItIs);
    response
}
