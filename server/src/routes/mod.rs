//! What the server answers.
//!
//! * [`health`]: `GET /healthz`.
//! * [`login`]: `POST /calldock/v1/tccc/login`.
//! * [`site`]: the demo's static files and `GET /demo.json`.

pub mod health;
pub mod login;
pub mod site;

use std::sync::Arc;

use axum::Router;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_TYPE, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Serialize;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::guard::{self, BrowserPolicy};
use crate::identity::Identity;
use crate::problem::{self, Refusal};
use crate::tccc;
use site::Site;

/// Everything the routes need.
pub struct App {
    /// The contact centre.
    pub tccc: tccc::Api,
    /// Who is asking.
    pub identity: Identity,
    /// Which pages may ask.
    pub browser: BrowserPolicy,
    /// What the demo serves beside the API.
    pub site: Option<Site>,
}

/// The whole server, without a socket.
pub fn router(app: App) -> Router {
    let site = app.site.clone();
    let app = Arc::new(app);
    let browser = Router::new()
        .route("/calldock/v1/tccc/login", post(login::login))
        .route_layer(from_fn_with_state(Arc::clone(&app), guard::browser_route));
    let mut router = Router::new().route("/healthz", get(health::healthz)).merge(browser);
    if let Some(site) = site {
        router = router.merge(site.router());
    }
    router
        .layer(CatchPanicLayer::custom(|_| {
            Refusal::bare(StatusCode::INTERNAL_SERVER_ERROR).into_response()
        }))
        .layer(from_fn(problem::speak))
        .layer(default_header(CACHE_CONTROL, "no-store"))
        .layer(default_header(X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(default_header(REFERRER_POLICY, "no-referrer"))
        .layer(default_header(
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ))
        .with_state(app)
}

/// A header for every answer that does not set it itself.
fn default_header(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

/// An answer in JSON.
fn json(value: &impl Serialize) -> Response {
    let content_type = [(CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    (StatusCode::OK, content_type, json_bytes(value)).into_response()
}

/// A value as JSON. Only for types of texts and numbers, which can always be written.
pub(crate) fn json_bytes(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("texts and numbers can be written as JSON")
}
