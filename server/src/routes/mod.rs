//! What the server answers.
//!
//! * [`body`]: bodies of requests: short ones, read within a deadline.
//! * [`cec`]: `POST /calldock/v1/cec/login`, and CEC's question about a token.
//! * [`chat`]: `POST /calldock/v1/tccc/chat`.
//! * [`fields`]: what a page may add to a chat.
//! * [`health`]: `GET /healthz` and `GET /readyz`.
//! * [`login`]: `POST /calldock/v1/tccc/login`.
//! * [`session`]: `/calldock/v1/session`, for accounts of this server's own.
//! * [`site`]: the demo's static files and `GET /demo.json`.

mod body;
pub mod cec;
pub mod chat;
mod fields;
pub mod health;
pub mod login;
pub mod session;
pub mod site;

use std::sync::Arc;

use axum::Router;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, REFERRER_POLICY, SET_COOKIE,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use serde::Serialize;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::app::App;
use crate::caller;
use crate::guard;
use crate::limits;
use crate::operation::watch::watch;
use crate::problem::{self, Refusal};

/// The whole server, without a socket. What is not configured is not there.
pub fn router(app: App) -> Router {
    let browser = Arc::new(app.browser);
    let introduce = from_fn_with_state(Arc::new(app.gateways), caller::introduce);
    let mut pages = Router::new();
    if let Some(desk) = app.agents {
        let login = post(login::login).with_state(Arc::new(desk));
        pages = pages.route("/calldock/v1/tccc/login", login);
    }
    if let Some(desk) = app.chat {
        let login = post(chat::login).with_state(Arc::new(desk));
        pages = pages.route("/calldock/v1/tccc/chat", login);
    }
    for (path, desk) in app.cec {
        pages = pages.route(&path, post(cec::login).with_state(Arc::new(desk)));
    }
    if let Some(local) = app.local {
        let session = get(session::tell).post(session::begin).delete(session::end);
        let password = put(session::change_password);
        let sessions = Router::new()
            .route("/calldock/v1/session", session)
            .route("/calldock/v1/session/password", password);
        pages = pages.merge(sessions.with_state(local));
    }
    // Without a route there is nothing to stand before, and axum would panic.
    if pages.has_routes() {
        pages = pages.route_layer((
            from_fn_with_state(Arc::clone(&browser), guard::browser_route),
            from_fn_with_state(app.limits, limits::by_address),
        ));
    }
    let mut router = Router::new()
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz).with_state(app.readiness))
        .merge(pages);
    if let Some((path, callback)) = app.callback.filter(|_| !app.callback_apart) {
        router = router.route(&path, post(cec::validate).with_state(callback));
    }
    if let Some(site) = app.site {
        router = router.merge(site.router());
    }
    let router = spoken(router);
    let Some(proxy) = app.proxy else { return router.layer((introduce, from_fn(watch))) };
    // What CEC answers passes as it is, its failures too: only our own words are put into form.
    let proxied = proxy
        .router()
        .route_layer(from_fn_with_state(browser, guard::proxied_route))
        .layer(panics())
        .layer(from_fn(problem::speak_for_refusals));
    router.merge(proxied).layer((introduce, from_fn(watch)))
}

/// The callback alone, for a listener of its own; none if it has none.
pub fn callback_router(app: &App) -> Option<Router> {
    let (path, callback) = app.callback.clone().filter(|_| app.callback_apart)?;
    let introduce = from_fn_with_state(Arc::new(app.gateways.clone()), caller::introduce);
    let router = Router::new().route(&path, post(cec::validate).with_state(callback));
    Some(spoken(router).layer((introduce, from_fn(watch))))
}

/// Every failure in words, and the headers of every answer. All as one layer, the outermost first: axum
/// gives each layer boxes of its own for every request.
fn spoken(router: Router) -> Router {
    router.layer((
        default_header(HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        // Nothing of ours is a page; the demo's site has a policy of its own.
        default_header(CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        default_header(REFERRER_POLICY, "no-referrer"),
        default_header(X_CONTENT_TYPE_OPTIONS, "nosniff"),
        default_header(CACHE_CONTROL, "no-store"),
        from_fn(problem::speak),
        panics(),
    ))
}

type OnPanic = fn(Box<dyn std::any::Any + Send>) -> Response;

fn panics() -> CatchPanicLayer<OnPanic> {
    CatchPanicLayer::custom(|_| Refusal::bare(StatusCode::INTERNAL_SERVER_ERROR).into_response())
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

/// The same with a cookie, if there is one to keep.
fn with_cookie(mut response: Response, cookie: Option<HeaderValue>) -> Response {
    if let Some(cookie) = cookie {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// A value as JSON. Only for types of texts and numbers, which can always be written.
pub(crate) fn json_bytes(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("texts and numbers can be written as JSON")
}
