//! The operator's listener: `/healthz`, `/readyz`, `/metrics`, `/refused`. It has a thread and a runtime of its
//! own, so that it answers while the pages' listener is busy, and an address that no gateway relays.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use calldock_listen::{Bounded, Bounds, Connections, Deadlines, Gateways, Limits, http1};

use crate::state::State;

/// An operator has few programs that ask.
const LIMITS: Limits = Limits { total: 64, per_address: 64 };

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
                text(StatusCode::OK, "text/plain; version=0.0.4; charset=utf-8", lines)
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

/// Starts the listener on a thread of its own; it serves until the process ends. Returns its address.
///
/// # Errors
/// The address cannot be listened on, or no thread can be started.
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
                tracing::error!(cause = %error.kind(), "operator_listener_ended");
            }
        });
    })?;
    Ok(bound)
}

fn text(status: StatusCode, content_type: &'static str, body: String) -> Response {
    let headers = [
        (CONTENT_TYPE, content_type),
        (CACHE_CONTROL, "no-store"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (status, headers, body).into_response()
}
