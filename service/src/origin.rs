//! Which pages are of a server's own origin.

use axum::http::HeaderValue;
use url::Url;

use crate::Caller;
use crate::settings::values::{host_header, is_loopback};

/// The origins at which pages reach a server, as configured. A request says in `Host` which one it was sent to,
/// and a client can write anything there, or make a name of theirs point here (DNS rebinding).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublicOrigins(Vec<String>);

impl PublicOrigins {
    /// Takes origins as browsers write them, `https://host[:port]`.
    pub fn new(origins: Vec<String>) -> Self {
        Self(origins)
    }

    /// Returns whether a page's `Origin` is the server's own: one of the list. Without a list it is the name that
    /// a gateway forwards, or a name of this machine; another `Host` alone grants nothing.
    pub fn is_own(&self, origin: &HeaderValue, caller: &Caller) -> bool {
        // A page that came over plain HTTP may have been changed on the way, whatever its name.
        if caller.https && is_plain(origin) {
            return false;
        }
        if !self.0.is_empty() {
            return self.0.iter().any(|own| own.as_bytes() == origin.as_bytes());
        }
        let origin = origin.to_str().ok().and_then(|origin| Url::parse(origin).ok());
        caller.host.as_ref().zip(origin).is_some_and(|(host, origin)| {
            names(host, &origin) && (caller.by_gateway || names_this_machine(host))
        })
    }

    /// Returns whether a request that a browser calls `same-origin` was sent to one of the list. Without a list,
    /// the browser decides.
    pub fn has_host(&self, caller: &Caller) -> bool {
        let Some(host) = &caller.host else { return self.0.is_empty() };
        self.0.is_empty() || self.urls().any(|own| names(host, &own))
    }

    /// Returns whether an address is at a host of the list.
    pub fn are_at(&self, address: &Url) -> bool {
        self.urls().any(|own| host_header(&own) == host_header(address))
    }

    fn urls(&self) -> impl Iterator<Item = Url> {
        self.0.iter().filter_map(|own| Url::parse(own).ok())
    }
}

/// Returns whether a `Host` (`host[:port]`) is that of an address.
pub fn names(host: &HeaderValue, address: &Url) -> bool {
    // With the address's scheme a default port in the Host header drops out.
    let named = host.to_str().map(|host| Url::parse(&format!("{}://{host}", address.scheme())));
    matches!(named, Ok(Ok(named)) if named.origin().is_tuple() && named.origin() == address.origin())
}

/// Returns whether a `Host` names this machine.
pub fn names_this_machine(host: &HeaderValue) -> bool {
    let url = host.to_str().ok().and_then(|host| Url::parse(&format!("http://{host}")).ok());
    url.as_ref().is_some_and(is_loopback)
}

fn is_plain(origin: &HeaderValue) -> bool {
    origin.as_bytes().get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"http:"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{Gateways, network};
    use axum::http::HeaderMap;
    use axum::http::header::HOST;

    const GATEWAY: &str = "10.0.0.1";
    const UNKNOWN: &str = "203.0.113.9";

    fn caller(peer: &str, host: &str, https: bool) -> Caller {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, host.parse().unwrap());
        let gateways = Gateways::new([network(GATEWAY).unwrap()]);
        Caller::new(peer.parse().unwrap(), https, &headers, &gateways)
    }

    fn is_own(own: &[&str], peer: &str, origin: &str, host: &str) -> bool {
        let own = PublicOrigins::new(own.iter().map(|text| (*text).to_owned()).collect());
        own.is_own(&origin.parse().unwrap(), &caller(peer, host, false))
    }

    #[test]
    fn a_host_alone_grants_nothing_but_the_names_of_this_machine() {
        for (origin, host) in [
            ("https://a.example", "a.example"),
            ("http://a.example", "a.example"),
            ("http://192.0.2.1:8700", "192.0.2.1:8700"),
            ("http://localhost.a.example", "localhost.a.example"),
        ] {
            assert!(!is_own(&[], UNKNOWN, origin, host), "{origin}");
            assert!(is_own(&[], GATEWAY, origin, host), "{origin}");
        }
        for (origin, host) in [
            ("http://localhost:8700", "localhost:8700"),
            ("http://127.0.0.1:8700", "127.0.0.1:8700"),
            ("http://[::1]:8700", "[::1]:8700"),
        ] {
            assert!(is_own(&[], UNKNOWN, origin, host), "{origin}");
        }
        assert!(!is_own(&[], UNKNOWN, "http://localhost:1", "localhost:2"));
    }

    #[test]
    fn a_gateways_host_must_be_the_origins() {
        for (origin, host, own) in [
            ("https://a.example", "a.example:443", true),
            ("https://a.example", "A.EXAMPLE", true),
            ("https://evil.example", "a.example", false),
            ("https://a.example:444", "a.example", false),
            ("http://a.example", "a.example:443", false),
            ("https://a.example.evil.example", "a.example", false),
            ("https://evil.example", "x@evil.example.a", false),
            ("null", "null", false),
            ("", "", false),
            ("file://", "", false),
        ] {
            assert_eq!(is_own(&[], GATEWAY, origin, host), own, "{origin} {host}");
        }
    }

    #[test]
    fn with_a_list_only_the_list_counts_whoever_asks_and_whatever_host_says() {
        let own = ["https://a.example", "https://b.example:8443"];
        for peer in [GATEWAY, UNKNOWN] {
            assert!(is_own(&own, peer, "https://a.example", "internal:8700"));
            assert!(is_own(&own, peer, "https://b.example:8443", "b.example:8443"));
            assert!(!is_own(&own, peer, "https://evil.example", "evil.example"));
            assert!(!is_own(&own, peer, "http://localhost:8700", "localhost:8700"));
        }
        let own = PublicOrigins::new(own.map(str::to_owned).to_vec());
        for (host, is_one) in
            [("a.example", true), ("a.example:443", true), ("b.example:8443", true)]
                .into_iter()
                .chain([("b.example", false), ("evil.example", false), ("", false)])
        {
            assert_eq!(own.has_host(&caller(GATEWAY, host, true)), is_one, "{host}");
        }
        assert!(PublicOrigins::default().has_host(&caller(UNKNOWN, "evil.example", false)));
    }

    #[test]
    fn a_page_in_the_clear_is_another_one_than_the_encrypted_page_of_its_name() {
        for (origin, https, here) in [
            ("https://a.example", true, true),
            ("http://a.example", true, false),
            ("HTTP://a.example", true, false),
            ("http://a.example", false, true),
            // No header says that it is encrypted, as behind a gateway that sends none.
            ("https://a.example", false, true),
        ] {
            let caller = Caller { https, ..caller(GATEWAY, "a.example", false) };
            let own = PublicOrigins::default().is_own(&origin.parse().unwrap(), &caller);
            assert_eq!(own, here, "{origin} {https}");
        }
    }
}
