//! Counts, times and logs every request: one line, without the path that was asked for,
//! without query, cookies or body. The caller's address loses its last part.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::Method;
use axum::response::Response;
use futures_util::FutureExt;

use super::metrics::{self, InFlight};
use super::request_id::{RequestId, X_REQUEST_ID};
use crate::caller::Caller;

/// A request on its way: counted, timed and logged when its answer begins. Dropped before that, its caller
/// has left.
pub struct Watched {
    route: Option<MatchedPath>,
    method: &'static str,
    client: Option<Cut>,
    id: RequestId,
    since: Instant,
    status: Option<u16>,
    _in_flight: InFlight,
}

impl Watched {
    /// From now on. A gateway may name the request.
    pub fn new(request: &Request) -> Self {
        let caller = request.extensions().get::<Caller>();
        let given = caller.filter(|caller| caller.by_gateway);
        let given = given.and_then(|_| RequestId::given(request.headers()));
        Self {
            route: request.extensions().get::<MatchedPath>().cloned(),
            method: name(request.method()),
            client: caller.map(|caller| Cut(caller.address)),
            id: given.unwrap_or_else(RequestId::generate),
            since: Instant::now(),
            status: None,
            _in_flight: InFlight::start(),
        }
    }

    /// Until this answer begins, which is given the request's name.
    pub fn until(self, answer: impl Future<Output = Response>) -> impl Future<Output = Response> {
        self.id.clone().scope(answer).map(move |mut response| {
            response.headers_mut().insert(X_REQUEST_ID, self.id.header());
            self.answered(response.status().as_u16());
            response
        })
    }

    fn answered(mut self, status: u16) {
        self.status = Some(status);
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        let took = self.since.elapsed();
        let route = self.route.as_ref().map_or("unmatched", MatchedPath::as_str);
        metrics::answered(route, self.method, self.status, took);
        let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        self.id.clone().say(|| {
            tracing::info!(
                target: "calldock_server::request",
                method = self.method,
                route,
                status = self.status,
                ms,
                client = self.client.map(tracing::field::display),
                "{}", if self.status.is_some() { "answered" } else { "aborted" },
            );
        });
    }
}

/// Methods are few; a caller may make up others.
fn name(method: &Method) -> &'static str {
    const KNOWN: [&str; 9] =
        ["GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "CONNECT", "TRACE"];
    KNOWN.into_iter().find(|known| *known == method.as_str()).unwrap_or("other")
}

/// An address without the part that is one household's or one person's: `203.0.113.0/24`, `2001:db8::/48`.
#[derive(Clone, Copy)]
struct Cut(IpAddr);

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.to_canonical() {
            IpAddr::V4(address) => {
                let [a, b, c, _] = address.octets();
                write!(f, "{a}.{b}.{c}.0/24")
            }
            IpAddr::V6(address) => {
                let [a, b, c, ..] = address.segments();
                write!(f, "{}/48", Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))
            }
        }
    }
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
            assert_eq!(Cut(address.parse().unwrap()).to_string(), shown);
        }
    }

    #[test]
    fn a_method_of_a_callers_own_making_is_one_of_the_others() {
        assert_eq!(name(&Method::GET), "GET");
        assert_eq!(name(&Method::from_bytes(b"agent-13800138000").unwrap()), "other");
    }
}
