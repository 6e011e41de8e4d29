//! HTTP: the routes, who may call them, and the listeners.
//!
//! * [`body`]: bodies of requests.
//! * [`browser`]: which pages may call.
//! * [`extract`]: who is asking, as extractors.
//! * [`fields`]: the fields that a page may add to a chat.
//! * [`middleware`]: what every request passes.
//! * [`openapi`]: the routes as OpenAPI 3.1.
//! * [`operator`]: the operator's listener.
//! * [`routes`]: the handlers.
//! * [`serve`]: the listeners of pages and of CEC's question.
//! * [`settings`]: `[listen]`, `[operator]`, `[browser]`, `[callback]`.
//! * [`tls`]: the certificates of the callback's own listener.

pub mod body;
pub mod browser;
pub mod extract;
pub mod fields;
pub mod middleware;
pub mod openapi;
pub mod operator;
pub mod routes;
pub mod serve;
pub mod settings;
pub mod tls;

use std::sync::Arc;

use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_TYPE, SET_COOKIE};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::post;
use calldock_service::{Gateways, Slots};
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::observe::Readiness;
use browser::BrowserPolicy;
use routes::cec_login::{CecState, cec_login};
use routes::cec_validate::{ValidateState, cec_validate};
use routes::health;
#[cfg(feature = "accounts")]
use routes::session;
use routes::tccc_chat::ChatState;
use routes::tccc_login::LoginState;

/// What the routes need. A route exists if its state is there.
pub struct App {
    /// The agents' login.
    pub login: Option<Arc<LoginState>>,
    /// TCCC's online chat.
    pub chat: Option<Arc<ChatState>>,
    /// CEC's logins, each with its path.
    pub cec: Vec<(String, Arc<CecState>)>,
    /// CEC's question, with its path.
    pub validate: Option<(String, Arc<ValidateState>)>,
    /// Whether the question has a listener of its own, so that no other has it.
    pub validate_apart: bool,
    /// Local accounts.
    #[cfg(feature = "accounts")]
    pub local: Option<Arc<crate::identity::Local>>,
    /// Which pages may call.
    pub browser: Arc<BrowserPolicy>,
    /// Whose `X-Forwarded-*` headers are trusted.
    pub gateways: Arc<Gateways>,
    /// The requests in progress, at the pages' listener and at the callback's own.
    pub requests: [Slots; 2],
    /// Whether requests can be handled.
    pub readiness: Readiness,
}

/// Builds the whole server, without a socket.
pub fn router(app: &App) -> Router {
    let mut pages = Router::new();
    if let Some(state) = &app.login {
        pages = pages.merge(plain(login_routes()).with_state(Arc::clone(state)));
    }
    if let Some(state) = &app.chat {
        pages = pages.merge(plain(chat_routes()).with_state(Arc::clone(state)));
    }
    for (path, state) in &app.cec {
        pages = pages.route(path, post(cec_login).with_state(Arc::clone(state)));
    }
    #[cfg(feature = "accounts")]
    if let Some(local) = &app.local {
        pages = pages.merge(plain(session_routes()).with_state(Arc::clone(local)));
    }
    // Outside of the bounds, so that listed pages can read their refusals too.
    let pages = middleware::bound(pages, &app.requests[0])
        .layer(from_fn_with_state(Arc::clone(&app.browser), browser::check));
    let health = plain(health_routes()).with_state(app.readiness.clone());
    let question = question(app, 0).filter(|_| !app.validate_apart).unwrap_or_default();
    let routes = pages.merge(health).merge(question);
    middleware::wrap(routes, Arc::clone(&app.gateways), false)
}

/// Builds CEC's question alone, for a listener of its own; `None` if it has none.
pub fn validate_router(app: &App) -> Option<Router> {
    let question = question(app, 1).filter(|_| app.validate_apart)?;
    // CEC comes here itself: no gateway speaks for another caller.
    Some(middleware::wrap(question, Arc::default(), true))
}

fn question(app: &App, listener: usize) -> Option<Router> {
    let (path, state) = app.validate.as_ref()?;
    let routes = Router::new().route(path, post(cec_validate).with_state(Arc::clone(state)));
    Some(middleware::bound(routes, &app.requests[listener]))
}

fn login_routes() -> OpenApiRouter<Arc<LoginState>> {
    OpenApiRouter::new().routes(routes!(routes::tccc_login::tccc_login))
}

fn chat_routes() -> OpenApiRouter<Arc<ChatState>> {
    OpenApiRouter::new().routes(routes!(routes::tccc_chat::tccc_chat))
}

fn health_routes() -> OpenApiRouter<Readiness> {
    OpenApiRouter::new().routes(routes!(health::healthz)).routes(routes!(health::readyz))
}

#[cfg(feature = "accounts")]
fn session_routes() -> OpenApiRouter<Arc<crate::identity::Local>> {
    OpenApiRouter::new()
        .routes(routes!(session::show, session::begin, session::end))
        .routes(routes!(session::change_password))
}

fn plain<S: Clone + Send + Sync + 'static>(routes: OpenApiRouter<S>) -> Router<S> {
    routes.split_for_parts().0
}

/// The description of all routes. The path of CEC's question can be configured and is described
/// with its default.
fn documented() -> utoipa::openapi::OpenApi {
    let mut document = login_routes().into_openapi();
    document.merge(chat_routes().into_openapi());
    document.merge(health_routes().into_openapi());
    #[cfg(feature = "accounts")]
    document.merge(session_routes().into_openapi());
    let cec: OpenApiRouter<Arc<CecState>> =
        OpenApiRouter::new().routes(routes!(routes::cec_login::cec_login));
    document.merge(cec.into_openapi());
    let validation: OpenApiRouter<Arc<ValidateState>> =
        OpenApiRouter::new().routes(routes!(routes::cec_validate::cec_validate));
    document.merge(validation.into_openapi());
    document
}

/// A response in JSON. Only for types of texts and numbers, which always serialize.
fn json(value: &impl Serialize) -> Response {
    let mut response = Response::new(serde_json::to_vec(value).unwrap_or_default().into());
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// The same with a cookie, if there is one.
fn with_cookie(mut response: Response, cookie: Option<HeaderValue>) -> Response {
    if let Some(cookie) = cookie {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}
