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

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, Entry, HeaderName, REFERRER_POLICY,
    SET_COOKIE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use futures_util::FutureExt;
use serde::Serialize;

use crate::app::App;
use crate::caller::{self, Gateways};
use crate::guard::{self, BrowserDoor};
use crate::layer::{self, Next};
use crate::observe::watch::Watched;
use crate::problem::{AsItIs, Asked, Refusal};

/// The whole server, without a socket. What is not configured is not there.
pub fn router(app: App) -> Router {
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
    let policy = Arc::new(app.browser);
    let door = Arc::new(BrowserDoor { policy: Arc::clone(&policy), limits: app.limits });
    let front = Front(Arc::new(app.gateways));
    let mut router = front
        .before(pages, move |request, next| guard::browser_route(Arc::clone(&door), request, next));
    if let Some(proxy) = app.proxy {
        let proxied = front.before(proxy.router(), move |request, next| {
            guard::proxied_route(Arc::clone(&policy), request, next)
        });
        router = router.merge(proxied);
    }
    let mut others = Router::new()
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz).with_state(app.readiness));
    if let Some((path, callback)) = app.callback.filter(|_| !app.callback_apart) {
        others = others.route(&path, post(cec::validate).with_state(callback));
    }
    if let Some(site) = app.site {
        others = others.merge(site.router());
    }
    // The last one answers for the paths of nobody's.
    router.merge(front.before(others, |request, next| next.run(request)))
}

/// The callback alone, for a listener of its own; none if it has none.
pub fn callback_router(app: &App) -> Option<Router> {
    let (path, callback) = app.callback.clone().filter(|_| app.callback_apart)?;
    let router = Router::new().route(&path, post(cec::validate).with_state(callback));
    let front = Front(Arc::new(app.gateways.clone()));
    Some(front.before(router, |request, next| next.run(request)))
}

/// What stands before every route: learns who is calling, watches the request, survives a panic, puts a
/// failure into words and adds the headers of every answer.
struct Front(Arc<Gateways>);

impl Front {
    /// These routes behind it, and behind `guard`. It is all one layer, since axum gives each one boxes of
    /// its own for every request.
    fn before<F>(
        &self,
        routes: Router,
        guard: impl Fn(Request, Next) -> F + Send + Sync + 'static,
    ) -> Router
    where
        F: Future<Output = Response> + Send + 'static,
    {
        let gateways = Arc::clone(&self.0);
        layer::before(routes, move |mut request, next| {
            caller::introduce(&gateways, &mut request);
            let (watched, asked) = (Watched::new(&request), Asked::of(request.headers()));
            let answer = surviving(guard(request, next));
            watched.until(answer.map(|response| with_headers(asked.spoken(response))))
        })
    }
}

/// An answer, or that there is none.
fn surviving(answer: impl Future<Output = Response>) -> impl Future<Output = Response> {
    // Whatever was half-done is dropped with the request.
    AssertUnwindSafe(answer).catch_unwind().map(|answered| {
        let failed = |_| Refusal::bare(StatusCode::INTERNAL_SERVER_ERROR).into_response();
        answered.unwrap_or_else(failed)
    })
}

fn with_headers(mut response: Response) -> Response {
    if response.extensions().get::<AsItIs>().is_none() {
        set_headers(response.headers_mut());
    }
    response
}

fn set_headers(headers: &mut HeaderMap) {
    for (name, value) in HEADERS {
        if let Entry::Vacant(entry) = headers.entry(name) {
            entry.insert(HeaderValue::from_static(value));
        }
    }
}

/// What every answer says that does not say otherwise itself.
const HEADERS: [(HeaderName, &str); 5] = [
    (CACHE_CONTROL, "no-store"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "no-referrer"),
    // Nothing of ours is a page; the demo's site has a policy of its own.
    (CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// An answer in JSON.
fn json(value: &impl Serialize) -> Response {
    let mut response = Response::new(json_bytes(value).into());
    // Ours and hyper's, at once.
    response.headers_mut().reserve(12);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// The same with a cookie, if there is one to keep.
fn with_cookie(mut response: Response, cookie: Option<HeaderValue>) -> Response {
    if let Some(cookie) = cookie {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// As much as most answers need.
const JSON: usize = 512;

/// A value as JSON. Only for types of texts and numbers, which can always be written.
pub(crate) fn json_bytes(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(JSON);
    serde_json::to_writer(&mut bytes, value).expect("texts and numbers can be written as JSON");
    bytes
}
