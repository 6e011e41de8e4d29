//! `GET /healthz`: the process answers. It asks nobody else, so that a vendor's failure restarts nothing.

use axum::response::Response;
use serde_json::json;

/// `{"status":"ok"}`.
pub async fn healthz() -> Response {
    super::json(&json!({ "status": "ok" }))
}
