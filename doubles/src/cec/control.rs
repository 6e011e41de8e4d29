//! Signs visitors out, for tests and the simulator.

use axum::{Router, extract::State, routing::post};

use super::Cec;
use crate::control::{Answer, done};

/// This vendor's own part of `/control/`.
pub fn routes() -> Router<Cec> {
    Router::new().route("/control/cec/expire", post(expire))
}

/// Every visitor's cookie expires.
async fn expire(State(cec): State<Cec>) -> Answer {
    cec.sessions().expire();
    done()
}
