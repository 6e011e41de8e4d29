//! The operator's listener: `/healthz`, `/readyz` with every check, `/metrics`, `/openapi.json`. It has a
//! thread and a runtime of its own, so that it responds while the pages' listener is busy, and an address
//! that no gateway relays.

use std::io;
use std::net::{SocketAddr, TcpListener};

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use calldock_listen::{Bounded, Bounds, Connections, Deadlines, Gateways, Limits, http1};
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::{Map, Value, json};

use super::{openapi, routes::health};
use crate::observe::Readiness;
use crate::problem::{self, AsItIs};

/// An operator has few programs that connect.
const LIMITS: Limits = Limits { total: 64, per_address: 64 };

/// What Prometheus reads.
const PROMETHEUS: &str = "text/plain; version=0.0.4; charset=utf-8";

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

/// Starts the listener on a thread of its own; it serves until the process ends. Returns its address.
///
/// # Errors
/// The address cannot be bound, or no thread can be started.
pub fn start(address: SocketAddr, routes: Router) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind(address)?;
    let bound = listener.local_addr()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let bounds = Bounds { limits: LIMITS, exempt: Gateways::default() };
    let acceptor = Bounded::new(Connections::new(bounds), Deadlines::default());
    std::thread::Builder::new().name("operator".into()).spawn(move || {
        runtime.block_on(async move {
            let served = match axum_server::from_tcp(listener) {
                Ok(server) => {
                    let server = http1(server, 16 * 1024).acceptor(acceptor);
                    server.serve(routes.into_make_service()).await
                }
                Err(error) => Err(error),
            };
            if let Err(error) = served {
                tracing::error!(cause = %error.kind(), "the operator's listener ended");
            }
        });
    })?;
    Ok(bound)
}

/// Every check with its outcome; 503 where one has failed.
async fn readyz(readiness: &Readiness) -> Response {
    let checked = readiness.check().await;
    let ok = checked.iter().all(|check| check.ok);
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

fn text(status: StatusCode, content_type: &'static str, body: String) -> Response {
    let headers = [
        (CONTENT_TYPE, content_type),
        (CACHE_CONTROL, "no-store"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (status, headers, body).into_response()
}
