//! The operator's own listener: health, readiness, metrics, the OpenAPI document. None of it is for pages
//! or visitors, so it has an address of its own that no gateway passes on.

use std::future::pending;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::FutureExt;
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;

use super::{Readiness, openapi};
use crate::layer::before;
use crate::listener::{self, Plain, Rules, Threads};
use crate::problem::{AsItIs, Asked};
use crate::routes::{health, json_bytes};

/// What Prometheus reads.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Times are kept one by one until they are sorted into buckets, by a scrape or at least this often.
const UPKEEP: Duration = Duration::from_secs(5);

/// The routes, without a socket.
pub fn router(readiness: Readiness, metrics: PrometheusHandle) -> Router {
    let routes = Router::new()
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(move || readyz(readiness.clone())))
        .route(
            "/metrics",
            get(async move || plain(StatusCode::OK, TEXT, metrics.render().into_bytes())),
        )
        .route(
            "/openapi.json",
            get(async || plain(StatusCode::OK, "application/json", openapi::json().into_bytes())),
        );
    before(routes, |request, next| {
        let asked = Asked::of(request.headers());
        next.run(request).map(|response| asked.spoken(response))
    })
}

/// An operator has a few programs that ask, and no gateway in front.
const RULES: Rules = Rules { connections: 64, ..Rules::DEFAULT };

/// Serves them, and keeps the metrics small.
pub async fn serve(tcp: TcpListener, readiness: Readiness, metrics: PrometheusHandle) {
    let tidied = metrics.clone();
    let tidy = async move {
        loop {
            tokio::time::sleep(UPKEEP).await;
            tidied.run_upkeep();
        }
    };
    let (routes, here) = (router(readiness, metrics), Threads::here());
    tokio::select! {
        _ = listener::serve(tcp, Plain, routes, RULES, &here, pending()) => {}
        () = tidy => {}
    }
}

/// Every check with its outcome; 503 where one has failed.
async fn readyz(readiness: Readiness) -> Response {
    let checked = readiness.check().await;
    let ok = checked.iter().all(|checked| checked.ok);
    let checks: Map<String, Value> = checked
        .iter()
        .map(|checked| (checked.name.into(), if checked.ok { "ok" } else { "failed" }.into()))
        .collect();
    let body = json!({ "status": if ok { "ok" } else { "unready" }, "checks": checks });
    let status = if ok { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let mut response = plain(status, "application/json", json_bytes(&body));
    // It says what an operator wants to know, which a problem's words would cover.
    response.extensions_mut().insert(AsItIs);
    response
}

fn plain(status: StatusCode, content_type: &'static str, body: Vec<u8>) -> Response {
    let headers = [
        (CONTENT_TYPE, content_type),
        (CACHE_CONTROL, "no-store"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (status, headers, body).into_response()
}
