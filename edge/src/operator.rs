//! The operator's listener: `/healthz`, `/readyz`, `/metrics`, `/refused`. It has a thread and a runtime of its
//! own, so that it responds while the pages' listener is busy, and an address that no gateway relays.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use calldock_service::operator::{PROMETHEUS, text};

use crate::state::State;

/// Builds the routes. While the process is `draining`, `/readyz` reports 503.
pub fn router(
    state: Arc<State>,
    draining: Arc<AtomicBool>,
    dropped_lines: impl Fn() -> u64 + Clone + Send + Sync + 'static,
) -> Router {
    let refused = Arc::clone(&state);
    Router::new()
        .route("/healthz", get(async || text(StatusCode::OK, "text/plain", "ok\n".into())))
        .route(
            "/readyz",
            get(async move || {
                if draining.load(Ordering::Relaxed) {
                    text(StatusCode::SERVICE_UNAVAILABLE, "text/plain", "draining\n".into())
                } else {
                    text(StatusCode::OK, "text/plain", "ready\n".into())
                }
            }),
        )
        .route(
            "/metrics",
            get(async move || {
                let lines = state.metrics_text(dropped_lines());
                text(StatusCode::OK, PROMETHEUS, lines)
            }),
        )
        .route(
            "/refused",
            get(async move || {
                // Texts and numbers always serialize.
                let report = serde_json::to_string(&refused.refused_names()).unwrap_or_default();
                text(StatusCode::OK, "application/json", report)
            }),
        )
}
