//! `ANY [prefix]/service-cloud/*`: CEC under the page's own origin, which is the deployment that works
//! with its cookies (seed 001, chapters 1.7 and 2.7; `vendor/huawei.md` §2).
//!
//! * [`addresses`]: how many tunnels each address has.
//! * [`client`]: the client that knows one host.
//! * [`cookies`]: CEC's cookies become the page's own, the site's own stay at home.
//! * [`failure`]: what is said where CEC was not reached, or would not be.
//! * [`headers`]: what goes on and what does not, in both directions.
//! * [`patience`]: how long nothing may happen.
//! * [`target`]: a path of ours becomes an address at CEC, and nowhere else.
//! * [`tunnel`]: two ends and everything between them, unread, until one of them ends.
//! * [`tunnels`]: all tunnels there are: no more than a number, and an end to all of them at once.
//! * [`websocket`]: a request to speak WebSocket from here on, and CEC's consent.

mod addresses;
pub mod client;
pub mod cookies;
mod failure;
pub mod headers;
mod patience;
pub mod target;
mod tunnel;
pub mod tunnels;
mod websocket;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::http::header::ALLOW;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use calldock_contract::Code;
use http_body_util::{BodyDataStream, BodyExt, Limited};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use reqwest::Client;
use tokio::sync::Semaphore;
use tower_http::timeout::TimeoutBody;

use crate::caller::Caller;
use crate::config::ProxyConfig;
use crate::limits;
use crate::observe::openapi;
use crate::problem::Refusal;
use patience::Activity;
use tunnels::{Place, Tunnels};

/// What is told to those whose method is for proxies themselves (CONNECT) or shows what was asked (TRACE).
const METHODS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

/// How many bytes of headers an answer may have.
const MOST_HEADER_BYTES: usize = 64 * 1024;

/// The way to CEC's domain.
pub struct Proxy {
    client: Client,
    config: ProxyConfig,
    requests: Arc<Semaphore>,
    tunnels: Tunnels,
}

impl Proxy {
    /// A proxy to the configured host and no other.
    ///
    /// # Errors
    /// The system has no certificate authorities to trust.
    pub fn new(config: ProxyConfig) -> Result<Self, reqwest::Error> {
        let requests = Arc::new(Semaphore::new(config.requests as usize));
        let tunnels = Tunnels::new(config.websockets, config.websockets_per_address);
        Ok(Self { client: client::client(&config)?, config, requests, tunnels })
    }

    /// Its tunnels, for whoever stops the server: they outlive their requests.
    pub fn tunnels(&self) -> Tunnels {
        self.tunnels.clone()
    }

    /// The routes, without the guard before them.
    pub fn router(self) -> Router {
        let base = format!("{}{}", self.config.prefix, target::BASE);
        Router::new()
            .route(&base, any(forward))
            .route(&format!("{base}/"), any(forward))
            .route(&format!("{base}/{{*rest}}"), any(forward))
            .with_state(Arc::new(self))
    }
}

/// Sends a request on and its answer back, both as they come.
///
/// # Errors
/// A [`Refusal`]: 400 for a path or a handshake that could mean two things, 405, 413, 501 for another
/// upgrade than WebSocket's, 502 and 504 for CEC, 503 where too many are there already.
#[utoipa::path(
    method(get, post, put, patch, delete, head, options),
    path = "/service-cloud/{rest}",
    tag = "proxy",
    summary = "CEC's domain under the page's own origin",
    description = "The vendor's answer, streamed both ways; only the configured host is ever reached. A prefix before the path can be configured.",
    params(("rest" = String, Path, description = "What follows: plain segments, slashes between them")),
    responses((status = "default", description = "What CEC answers"), openapi::Proxied)
)]
pub(crate) async fn forward(
    State(proxy): State<Arc<Proxy>>,
    request: Request,
) -> Result<Response, Refusal> {
    let (mut parts, body) = request.into_parts();
    if parts.method == Method::CONNECT || parts.method == Method::TRACE {
        let mut refused = Refusal::bare(StatusCode::METHOD_NOT_ALLOWED).into_response();
        refused.headers_mut().insert(ALLOW, HeaderValue::from_static(METHODS));
        return Ok(refused);
    }
    let page = websocket::wanted(&mut parts)?;
    let config = &proxy.config;
    let url = target::at_vendor(&config.origin, &config.prefix, &parts.uri).ok_or_else(|| {
        let detail = "The path: expected plain segments below /service-cloud, found dots, backslashes or encoded slashes.";
        Refusal::new(StatusCode::BAD_REQUEST, Code::InvalidOption, detail)
    })?;
    let caller = Caller::of(&parts.extensions)?;
    let mut sent = headers::to_vendor(&parts.headers, config, caller);
    let page = match page {
        None => None,
        Some(page) => {
            websocket::ask(&mut sent);
            let place = proxy.tunnels.place(limits::of_address(caller.address));
            Some((page, place.map_err(failure::full)?))
        }
    };
    let taken = Arc::clone(&proxy.requests).try_acquire_owned();
    let taken = taken.map_err(|_| failure::busy("requests", "cec.proxy_requests"))?;
    let activity = Activity::start();
    let mut call = proxy.client.request(parts.method, url.clone()).headers(sent);
    if !body.is_end_stream() {
        call = call.body(upload(body, config.body_limit, activity.clone())?);
    }
    let answer = patience::patiently(&activity, config.timeout, call.send())
        .await
        .map_err(|_| failure::unanswered())?
        .map_err(|error| failure::unreached(&error, config.body_limit))?;
    if bytes(answer.headers()) > MOST_HEADER_BYTES {
        return Err(failure::unfit("more than 64 KiB of headers"));
    }
    let to_page = |theirs| headers::to_page(theirs, config, &url, &parts.headers);
    if answer.status() == StatusCode::SWITCHING_PROTOCOLS {
        let (page, place) = page.ok_or_else(|| failure::unfit("a protocol nobody asked for"))?;
        return join(page, answer, place, config.websocket_timeout, to_page);
    }
    let (answered, body) = axum::http::Response::<reqwest::Body>::from(answer).into_parts();
    let body = body.map_frame(move |frame| {
        // Whoever reads the answer is still at CEC.
        let _ = &taken;
        frame
    });
    let mut response = Response::new(Body::new(TimeoutBody::new(config.timeout, body)));
    *response.status_mut() = answered.status;
    *response.headers_mut() = to_page(answered.headers);
    Ok(response)
}

/// What a page sends on, no more than it may.
fn upload(body: Body, limit: u64, activity: Activity) -> Result<reqwest::Body, Refusal> {
    if body.size_hint().lower() > limit {
        return Err(failure::too_much(limit));
    }
    let body = Limited::new(body, usize::try_from(limit).unwrap_or(usize::MAX));
    let noted = body.map_frame(move |frame| {
        activity.moved(frame.data_ref().map_or(0, Bytes::len));
        frame
    });
    Ok(reqwest::Body::wrap_stream(BodyDataStream::new(noted)))
}

/// Hands CEC's consent on, and has a tunnel begin once the page has read it.
fn join(
    page: OnUpgrade,
    answer: reqwest::Response,
    mut place: Place,
    idle: Duration,
    to_page: impl FnOnce(HeaderMap) -> HeaderMap,
) -> Result<Response, Refusal> {
    if !websocket::agreed(answer.headers()) {
        return Err(failure::unfit("another protocol than WebSocket"));
    }
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    *response.headers_mut() = to_page(answer.headers().clone());
    websocket::ask(response.headers_mut());
    tokio::spawn(async move {
        // A page that has gone in the meantime has no end to carry to.
        let (Ok(page), Ok(cec)) = tokio::join!(page, answer.upgrade()) else { return };
        let end = tunnel::carry(TokioIo::new(page), cec, idle, place.stopped()).await;
        tracing::debug!(?end, "a WebSocket ended");
        drop(place);
    });
    Ok(response)
}

/// The size of headers as they are written.
fn bytes(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum()
}
