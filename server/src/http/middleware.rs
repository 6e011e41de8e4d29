//! Middleware of every route: who is calling, the request's id, counting and logging, panics, failures in
//! words, and the headers of every response.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, Entry, HeaderName, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use calldock_contract::Code;
use calldock_service::{Caller, Gateways, Slots, form};
use ipnet::IpNet;
use tower_http::catch_panic::CatchPanicLayer;

use crate::observe::metrics::{self, InFlight};
use crate::observe::request_id::{RequestId, X_REQUEST_ID};
use crate::problem::{self, Refusal, Remedy};

/// Adds the middleware of every route to a router. `tls` says whether the listener itself speaks TLS.
pub fn wrap(router: Router, gateways: Arc<Gateways>, tls: bool) -> Router {
    // The last layer is the first to see a request.
    router
        .layer(from_fn(refuse_doubtful))
        .layer(from_fn(problem::write_failures))
        .layer(from_fn(add_headers))
        .layer(from_fn(watch))
        .layer(from_fn_with_state((gateways, tls), identify_caller))
}

/// Bounds the requests in progress of these routes, and responds where one panics. Health is not bounded: it
/// must respond while the server is busy.
pub fn bound(routes: Router, requests: &Slots) -> Router {
    let panicked = |_: Box<dyn std::any::Any + Send>| {
        Refusal::bare(StatusCode::INTERNAL_SERVER_ERROR).into_response()
    };
    let routes = routes.layer(CatchPanicLayer::custom(panicked));
    routes.layer(from_fn_with_state(requests.clone(), admit))
}

/// Puts the [`Caller`] into the request's extensions.
async fn identify_caller(
    State((gateways, tls)): State<(Arc<Gateways>, bool)>,
    mut request: Request,
    next: Next,
) -> Response {
    let caller = Caller::of(&request, tls, &gateways);
    request.extensions_mut().insert(caller);
    next.run(request).await
}

/// Refuses requests that two readers could understand differently, and reads no further: where the next one
/// begins is in doubt.
async fn refuse_doubtful(request: Request, next: Next) -> Response {
    let Err(detail) = form::check(&request) else { return next.run(request).await };
    Refusal::new(StatusCode::BAD_REQUEST, Code::InvalidOption, detail).closing().into_response()
}

/// Takes a slot of the caller until the response: behind a gateway, connections are not bounded by caller.
async fn admit(State(requests): State<Slots>, request: Request, next: Next) -> Response {
    match requests.take(request.extensions().get().map(|caller: &Caller| caller.address)) {
        Ok(_slot) => next.run(request).await,
        Err(_) => {
            metrics::limit_refused("requests");
            busy().into_response()
        }
    }
}

fn busy() -> Refusal {
    let detail = "Too many requests of one network are in progress: more than its share of listen.connections.";
    Refusal::new(StatusCode::SERVICE_UNAVAILABLE, Code::TooMany, detail)
        .with_remedy(Remedy {
            en: "Try again after the seconds in Retry-After. If all callers seem to have one address, list the gateway in listen.gateways; the operator can raise listen.connections.",
            zh: "请在 Retry-After 所示秒数后重试。若所有调用方显示为同一地址，请将网关列入 listen.gateways；运维人员可调大 listen.connections。",
        })
        .with_retry_after(2)
}

async fn add_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        if let Entry::Vacant(entry) = response.headers_mut().entry(name) {
            entry.insert(HeaderValue::from_static(value));
        }
    }
    response
}

/// The headers of every response that does not set them itself.
const HEADERS: [(HeaderName, &str); 5] = [
    (CACHE_CONTROL, "no-store"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "no-referrer"),
    // No response is a page.
    (CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Counts, times and logs a request: one line, without the path that was asked for, query, cookies or body,
/// and with the caller's network instead of the address.
async fn watch(request: Request, next: Next) -> Response {
    let watched = Watched::new(&request);
    let id = watched.id.clone();
    let mut response = id.clone().scope(next.run(request)).await;
    response.headers_mut().insert(X_REQUEST_ID, id.header());
    watched.responded(response.status().as_u16());
    response
}

/// A request without a response yet. Dropped before that, its client has disconnected.
struct Watched {
    route: Option<MatchedPath>,
    method: &'static str,
    client: Option<IpNet>,
    id: RequestId,
    since: Instant,
    status: Option<u16>,
    _in_flight: InFlight,
}

impl Watched {
    fn new(request: &Request) -> Self {
        let caller = request.extensions().get::<Caller>();
        let given = caller.filter(|caller| caller.by_gateway);
        let given = given.and_then(|_| RequestId::given(request.headers()));
        Self {
            route: request.extensions().get::<MatchedPath>().cloned(),
            method: method_name(request.method()),
            client: caller.and_then(|caller| network(caller.address)),
            id: given.unwrap_or_else(RequestId::generate),
            since: Instant::now(),
            status: None,
            _in_flight: InFlight::start(),
        }
    }

    fn responded(mut self, status: u16) {
        self.status = Some(status);
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        let took = self.since.elapsed();
        let (client, id) = (self.client.take(), self.id.clone());
        let route = self.route.as_ref().map_or("unmatched", MatchedPath::as_str);
        metrics::responded(route, self.method, self.status, took);
        let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        id.sync_scope(|| {
            tracing::info!(
                target: "calldock_server::request",
                method = self.method,
                route,
                status = self.status,
                ms,
                client = client.map(tracing::field::display),
                "{}", if self.status.is_some() { "responded" } else { "aborted" },
            );
        });
    }
}

/// The name of a method; a client can make up others.
fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// An address without its last part.
fn network(address: IpAddr) -> Option<IpNet> {
    let address = address.to_canonical();
    let length = if address.is_ipv4() { 24 } else { 48 };
    IpNet::new(address, length).ok().map(|network| network.trunc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_loses_its_last_part() {
        let table = [
            ("203.0.113.77", "203.0.113.0/24"),
            ("::ffff:203.0.113.77", "203.0.113.0/24"),
            ("2001:db8:1:2::3", "2001:db8:1::/48"),
            ("::1", "::/48"),
        ];
        for (address, shown) in table {
            assert_eq!(network(address.parse().unwrap()).unwrap().to_string(), shown);
        }
    }

    #[test]
    fn a_method_that_a_client_made_up_is_counted_as_other() {
        assert_eq!(method_name(&Method::GET), "GET");
        assert_eq!(method_name(&Method::from_bytes(b"agent-13800138000").unwrap()), "other");
    }
}
