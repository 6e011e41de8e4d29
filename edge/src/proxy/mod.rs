//! `ANY [prefix]/service-cloud/*`: CEC under the page's own origin, the deployment in which its cookies work
//! (CEC guide, chapters 1.7 and 2.7; `docs/vendor/huawei.md` §2).
//!
//! * [`activity`]: a deadline on making no progress.
//! * [`failure`]: what is reported where CEC was not reached.
//! * [`pages`]: which pages may call.
//! * [`target`]: turns a path into an address at CEC.
//! * [`tunnel`]: relays bytes between two streams.
//! * [`websocket`]: the WebSocket handshake.

mod activity;
pub mod failure;
pub mod pages;
pub mod target;
mod tunnel;
mod websocket;

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::header::HOST;
use axum::http::{HeaderMap, HeaderName, Method, StatusCode};
use axum::response::Response;
use calldock_contract::Code;
use calldock_service::{Caller, Slot, form, names_this_machine};
use http_body_util::{BodyDataStream, BodyExt, Limited};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tower_http::timeout::TimeoutBody;

use crate::names::{request, response};
use crate::state::{Current, State};
use activity::Activity;
use calldock_service::pages::Page;
use calldock_service::problem::{Refusal, Remedy};

/// Methods that are relayed. CONNECT is meant for proxies; TRACE would show a page its own HttpOnly cookies.
const METHODS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

/// The most bytes of headers a response may have.
const MAX_HEADER_BYTES: usize = 64 * 1024;

/// Handles one request.
pub async fn handle(state: &State, caller: &Caller, request: Request) -> Response {
    let current = state.current();
    let request_headers = request.headers().clone();
    let (method, edge) = (request.method().clone(), &current.settings.edge);
    let responded = match admit(&current, caller, &request) {
        Err(failure) => failure.respond(&request_headers),
        Ok(page) => {
            let listed = edge.headers.iter().map(HeaderName::as_str);
            let sent = pages::MAY_SEND.into_iter().chain(listed).collect::<Vec<_>>().join(", ");
            let mut response = match page.preflight(&method, &request_headers, &sent) {
                Some(response) => response,
                None => match relay(state, &current, caller, request).await {
                    Ok(response) => response,
                    Err(failure) => failure.respond(&request_headers),
                },
            };
            pages::may_read(page, edge, &mut response);
            response
        }
    };
    state.metrics.responded(responded.status().as_u16());
    responded
}

/// Checks the request's form, method and page.
fn admit(current: &Current, caller: &Caller, request: &Request) -> Result<Page, Refusal> {
    // Where one request's end is in doubt, so is the beginning of the next one.
    form::check(request).map_err(|detail| failure::malformed(detail).closing())?;
    if current.settings.edge.loopback_names_only
        && !request.headers().get(HOST).is_some_and(names_this_machine)
    {
        return Err(failure::malformed(
            "The demo responds to localhost, 127.0.0.1 and [::1] only.",
        ));
    }
    let edge = &current.settings.edge;
    let path = request.uri().path().strip_prefix(edge.prefix.as_str());
    if !path.is_some_and(target::is_below_base) {
        return Err(failure::not_found());
    }
    if request.method() == Method::TRACE {
        let detail = "The method: expected one that is relayed, found TRACE.";
        let remedy = Remedy { en: "Use another method.", zh: "请使用其他方法。" };
        let failure = Refusal::new(StatusCode::METHOD_NOT_ALLOWED, Code::InvalidOption, detail)
            .with_remedy(remedy);
        return Err(failure.with_allow(METHODS));
    }
    pages::judge(request.method(), request.headers(), caller, edge)
}

/// Sends a request to CEC and streams its response back.
async fn relay(
    state: &State,
    current: &Current,
    caller: &Caller,
    request: Request,
) -> Result<Response, Refusal> {
    let (settings, edge) = (&current.settings, &current.settings.edge);
    let (mut parts, body) = request.into_parts();
    let page = websocket::requested(&mut parts)?;
    let url = target::at_vendor(&settings.cec.origin, &edge.prefix, &parts.uri).ok_or_else(|| {
        failure::malformed(
            "The path: expected plain segments below /service-cloud, found dots, backslashes or encoded slashes.",
        )
    })?;
    let mut sent = request::to_cec(&parts.headers, settings, caller, &state.refused);
    let page = match page {
        None => None,
        Some(page) => {
            websocket::add_upgrade(&mut sent);
            let slot = state.tunnels.take(caller.address)?;
            Some((page, slot))
        }
    };
    let stream = state.streams.take(Some(caller.address));
    let stream = stream.map_err(|full| failure::full(full, "requests", "edge.streams"))?;
    let activity = Activity::start();
    let mut call = current.client.request(parts.method, url.clone()).headers(sent);
    if !body.is_end_stream() {
        call = call.body(upload(body, edge.body_bytes, activity.clone())?);
    }
    let received = activity
        .within(edge.timeout, call.send())
        .await
        .map_err(|_| failure::timed_out(&state.metrics))?
        .map_err(|error| failure::unreachable(&error, edge.body_bytes, &state.metrics))?;
    let invalid = |what| failure::invalid_response(what, &state.metrics);
    if bytes(received.headers()) > MAX_HEADER_BYTES {
        return Err(invalid("more than 64 KiB of headers"));
    }
    let host = caller.host.as_ref();
    let headers = response::to_page(received.headers(), settings, &url, host, &state.refused);
    if received.status() == StatusCode::SWITCHING_PROTOCOLS {
        let (page, slot) = page.ok_or_else(|| invalid("an upgrade that was not requested"))?;
        if !websocket::agreed(received.headers()) {
            return Err(invalid("an upgrade to another protocol than WebSocket"));
        }
        return Ok(join(page, received, slot, edge.websocket_idle, headers));
    }
    Ok(streamed(received, stream, edge.timeout, headers))
}

/// Limits and watches a request's body.
fn upload(body: Body, limit: u64, activity: Activity) -> Result<reqwest::Body, Refusal> {
    if body.size_hint().lower() > limit {
        return Err(failure::too_large(limit));
    }
    let body = Limited::new(body, usize::try_from(limit).unwrap_or(usize::MAX));
    let watched = body.map_frame(move |frame| {
        activity.received(frame.data_ref().map_or(0, Bytes::len));
        frame
    });
    Ok(reqwest::Body::wrap_stream(BodyDataStream::new(watched)))
}

/// Streams a response. Its slot is free again at its end.
fn streamed(
    received: reqwest::Response,
    slot: Slot,
    timeout: Duration,
    headers: HeaderMap,
) -> Response {
    let (parts, body) = axum::http::Response::<reqwest::Body>::from(received).into_parts();
    let body = body.map_frame(move |frame| {
        let _held = &slot;
        frame
    });
    // Trailers are headers that no rule has seen.
    let body = BodyDataStream::new(TimeoutBody::new(timeout, body));
    let mut response = Response::new(Body::from_stream(body));
    *response.status_mut() = parts.status;
    *response.headers_mut() = headers;
    response
}

/// Relays CEC's consent, and starts a tunnel once the page has received it.
fn join(
    page: OnUpgrade,
    received: reqwest::Response,
    mut slot: crate::state::Tunnel,
    idle: Duration,
    headers: HeaderMap,
) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    *response.headers_mut() = headers;
    websocket::add_upgrade(response.headers_mut());
    tokio::spawn(async move {
        let (Ok(page), Ok(cec)) = tokio::join!(page, received.upgrade()) else { return };
        let end = tunnel::carry(TokioIo::new(page), cec, idle, slot.stopped()).await;
        tracing::debug!(?end, "websocket_end");
        drop(slot);
    });
    response
}

/// Returns the size of headers as they are written.
fn bytes(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum()
}

/// Builds the router: one handler for everything.
pub fn router(state: Arc<State>) -> axum::Router {
    axum::Router::new().fallback(async move |request: Request| {
        let caller = state.caller(&request);
        handle(&state, &caller, request).await
    })
}
