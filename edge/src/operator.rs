//! The operator's listener: `/healthz`, `/readyz`, `/metrics`, `/refused`. It has a thread and a runtime of its
//! own, so that it answers while the pages' listener is busy, and an address that no gateway relays.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use calldock_service::operator::{PROMETHEUS, text};

use crate::state::State;

/// Whether new requests are welcome: not while the process drains. Clones share it.
#[derive(Clone, Debug)]
pub struct Ready(Arc<AtomicBool>);

impl Default for Ready {
    fn default() -> Self {
        Self(Arc::new(AtomicBool::new(true)))
    }
}

impl Ready {
    /// From now on `/readyz` reports 503.
    pub fn drain(&self) {
        self.0.store(false, Ordering::Relaxed);
    }

    fn is_ready(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Builds the routes.
pub fn router(
    state: Arc<State>,
    ready: Ready,
    dropped_lines: impl Fn() -> u64 + Clone + Send + Sync + 'static,
) -> Router {
    let refused = Arc::clone(&state);
    Router::new()
        .route("/healthz", get(async || text(StatusCode::OK, "text/plain", "ok\n".into())))
        .route(
            "/readyz",
            get(async move || {
                if ready.is_ready() {
                    text(StatusCode::OK, "text/plain", "ready\n".into())
                } else {
                    text(StatusCode::SERVICE_UNAVAILABLE, "text/plain", "draining\n".into())
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
                let report = serde_json::to_string(&refused.refused.report()).unwrap_or_default();
                text(StatusCode::OK, "application/json", report)
            }),
        )
}
