//! Reads who is calling. `X-Forwarded-*` counts only where a trusted gateway sent it, and is read from the
//! right: everything left of the first address that is not a gateway was written by an unknown client.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, Request};
use axum::http::header::HOST;
use axum::http::{HeaderMap, HeaderName, HeaderValue, uri::Authority};

use crate::Gateways;

/// `X-Forwarded-For`: the addresses a request came through; each gateway appends on the right.
pub const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// `X-Forwarded-Host`: the host name that the page called.
pub const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
/// `X-Forwarded-Proto`: `https` where the page's own connection was encrypted, or `wss`, which some gateways
/// write for a WebSocket.
pub const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// The most addresses read from `X-Forwarded-For`.
const MAX_HOPS: usize = 32;

/// Who is calling. `Debug` shows no address, because an address is personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct Caller {
    /// The connection's other end.
    pub peer: IpAddr,
    /// The first address from the right that is not a gateway; the leftmost where all are gateways.
    pub address: IpAddr,
    /// Whether the peer is a gateway, so that its other headers may be trusted too.
    pub by_gateway: bool,
    /// Whether the page's own connection is encrypted.
    pub https: bool,
    /// The host the page called, `host[:port]`.
    pub host: Option<HeaderValue>,
    /// From [`Caller::address`] to the peer: what is left of it was written by an unknown client.
    pub hops: Vec<IpAddr>,
}

impl Caller {
    /// Reads what a request and its connection say. A connection over a unix socket has no address; it is a
    /// gateway, because only programs that the socket's permissions allow can open it.
    pub fn of(request: &Request, over_tls: bool, gateways: &Gateways) -> Self {
        const SOCKET: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
        match request.extensions().get::<ConnectInfo<SocketAddr>>() {
            Some(ConnectInfo(peer)) => Self::new(peer.ip(), over_tls, request.headers(), gateways),
            None => {
                let trusted = |hop| hop == SOCKET || gateways.contains(hop);
                Self::read(SOCKET, over_tls, request.headers(), trusted)
            }
        }
    }

    /// Reads what a request and its connection say.
    pub fn new(peer: IpAddr, over_tls: bool, headers: &HeaderMap, gateways: &Gateways) -> Self {
        Self::read(peer.to_canonical(), over_tls, headers, |hop| gateways.contains(hop))
    }

    fn read(
        peer: IpAddr,
        over_tls: bool,
        headers: &HeaderMap,
        trusted: impl Fn(IpAddr) -> bool,
    ) -> Self {
        let by_gateway = trusted(peer);
        let host = headers.get(HOST).cloned();
        if !by_gateway {
            let hops = vec![peer];
            return Self { peer, address: peer, by_gateway, https: over_tls, host, hops };
        }
        let mut hops = vec![peer];
        let lines = headers.get_all(X_FORWARDED_FOR).iter().rev();
        let written = lines.flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
        // Reading stops at the first value that is not an address.
        hops.extend(written.map_while(address).take(MAX_HOPS));
        hops.truncate(hops.iter().take_while(|hop| trusted(**hop)).count() + 1);
        hops.reverse();
        let address = *hops.first().unwrap_or(&peer);
        let https = last(headers, &X_FORWARDED_PROTO).map_or(over_tls, |scheme| {
            [&b"https"[..], b"wss"].iter().any(|encrypted| scheme.eq_ignore_ascii_case(encrypted))
        });
        // The same form as `Host`'s: see `form::check`.
        let named = last(headers, &X_FORWARDED_HOST)
            .filter(|host| !host.contains(&b'@') && Authority::try_from(*host).is_ok());
        let host = named.and_then(|host| HeaderValue::from_bytes(host).ok()).or(host);
        Self { peer, address, by_gateway, https, host, hops }
    }
}

impl std::fmt::Debug for Caller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Caller(by gateway {}, https {})", self.by_gateway, self.https)
    }
}

/// Reads an address as gateways write it: alone, with a port, or in brackets.
fn address(text: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(text).ok()?.trim();
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let address = bare.parse().or_else(|_| text.parse::<SocketAddr>().map(|at| at.ip()));
    address.ok().map(|address| address.to_canonical())
}

/// Returns the rightmost value of a header, which the nearest gateway wrote.
fn last<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a [u8]> {
    let line = headers.get_all(name).iter().next_back()?;
    line.as_bytes().rsplit(|byte| *byte == b',').next().map(<[u8]>::trim_ascii)
}

/// Splits a header that is a list at an ASCII separator, into trimmed parts. A part that is not ASCII is
/// ignored, and no other: browsers send the raw bytes of a cookie that a script set.
pub fn header_parts(headers: &HeaderMap, name: HeaderName, at: u8) -> impl Iterator<Item = &str> {
    let values = headers.get_all(name).iter().map(HeaderValue::as_bytes);
    let parts = values.flat_map(move |value| value.split(move |byte| *byte == at));
    let texts = parts.filter_map(|part| std::str::from_utf8(part).ok().map(str::trim));
    texts.filter(|text| text.is_ascii())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::network;
    use proptest::prelude::*;

    fn caller(peer: &str, lines: &[(&'static str, &str)]) -> Caller {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(HeaderName::from_static(name), value.parse().unwrap());
        }
        let gateways = ["127.0.0.1", "10.0.0.0/8", "fd00::/8"].map(|text| network(text).unwrap());
        Caller::new(peer.parse().unwrap(), false, &headers, &Gateways::new(gateways))
    }

    #[test]
    fn hops_are_read_from_the_right_through_gateways_only() {
        for (peer, lines, expected) in [
            ("203.0.113.9", &["198.51.100.7"][..], "203.0.113.9"),
            ("127.0.0.1", &["198.51.100.7"], "198.51.100.7"),
            ("127.0.0.1", &["1.1.1.1, 198.51.100.7, 10.2.3.4"], "198.51.100.7"),
            ("127.0.0.1", &["1.1.1.1", "198.51.100.7", "10.2.3.4"], "198.51.100.7"),
            ("127.0.0.1", &["1.1.1.1, 198.51.100.7 ,10.2.3.4,fd00::1"], "198.51.100.7"),
            ("127.0.0.1", &["10.0.0.9, 10.0.0.8"], "10.0.0.9"),
            ("127.0.0.1", &["1.1.1.1, 10.2.3.4, 198.51.100.7, 10.2.3.4"], "198.51.100.7"),
            ("127.0.0.1", &["1.1.1.1, unknown"], "127.0.0.1"),
            ("127.0.0.1", &["1.1.1.1, unknown, 10.0.0.8"], "10.0.0.8"),
            ("127.0.0.1", &["1.1.1.1,"], "127.0.0.1"),
            ("127.0.0.1", &[""], "127.0.0.1"),
            ("127.0.0.1", &[], "127.0.0.1"),
            ("127.0.0.1", &["198.51.100.7:4711"], "198.51.100.7"),
            ("127.0.0.1", &["[2001:db8::1]:4711"], "2001:db8::1"),
            ("127.0.0.1", &["[2001:db8::1]"], "2001:db8::1"),
            ("::ffff:127.0.0.1", &["::ffff:198.51.100.7"], "198.51.100.7"),
            ("::ffff:203.0.113.9", &["198.51.100.7"], "203.0.113.9"),
        ] {
            let lines: Vec<_> = lines.iter().map(|line| ("x-forwarded-for", *line)).collect();
            let found = caller(peer, &lines);
            assert_eq!(found.address, expected.parse::<IpAddr>().unwrap(), "{peer} {lines:?}");
            assert_eq!(found.by_gateway, !peer.ends_with("203.0.113.9"));
            assert_eq!(found.hops[0], found.address, "nothing that an unknown client wrote");
        }
    }

    #[test]
    fn behind_a_unix_socket_the_gateways_of_the_settings_are_passed_over_too() {
        let gateways = Gateways::new([network("10.0.0.5").unwrap()]);
        for (line, expected) in [
            ("198.51.100.7", "198.51.100.7"),
            ("198.51.100.7, 10.0.0.5", "198.51.100.7"),
            ("198.51.100.7, 10.0.0.5, 127.0.0.1", "198.51.100.7"),
            ("198.51.100.7, 10.0.0.6", "10.0.0.6"),
        ] {
            let request = Request::builder().header(X_FORWARDED_FOR, line);
            let request = request.body(axum::body::Body::empty()).unwrap();
            let found = Caller::of(&request, false, &gateways);
            assert_eq!(found.address, expected.parse::<IpAddr>().unwrap(), "{line}");
            assert!(found.by_gateway);
        }
    }

    #[test]
    fn scheme_and_host_are_those_of_the_nearest_gateway() {
        let sent = [
            ("host", "inner.example"),
            ("x-forwarded-host", "planted.example"),
            ("x-forwarded-host", "shop.example:8443"),
            ("x-forwarded-proto", "http, HTTPS"),
        ];
        let by_gateway = caller("10.1.1.1", &sent);
        assert!(by_gateway.https);
        assert_eq!(by_gateway.host.unwrap(), "shop.example:8443");
        let unknown = caller("203.0.113.9", &sent);
        assert!(!unknown.https && !unknown.by_gateway);
        assert_eq!(unknown.host.unwrap(), "inner.example");
        let planted = caller("10.1.1.1", &[("x-forwarded-proto", "https, http")]);
        assert!(!planted.https && planted.host.is_none());
        for planted in ["user@evil.example", "evil.example/", "a b", "", "a.example,"] {
            let sent = [("host", "shop.example"), ("x-forwarded-host", planted)];
            assert_eq!(caller("10.1.1.1", &sent).host.unwrap(), "shop.example", "{planted}");
        }
        for (scheme, https) in [
            ("wss", true),
            ("WSS", true),
            ("https", true),
            ("ws", false),
            ("http", false),
            ("", false),
        ] {
            let found = caller("10.1.1.1", &[("x-forwarded-proto", scheme)]);
            assert_eq!(found.https, https, "{scheme}");
        }
        let none = Gateways::default();
        let own = Caller::new([203, 0, 113, 9].into(), true, &HeaderMap::new(), &none);
        assert!(own.https, "encrypted by this process itself");
    }

    #[test]
    fn debug_shows_no_address() {
        let shown = format!("{:?}", caller("127.0.0.1", &[("x-forwarded-for", "198.51.100.7")]));
        assert!(!shown.contains('7'), "{shown}");
    }

    proptest! {
        #[test]
        fn what_an_unknown_caller_writes_before_the_gateway_changes_nothing(forged in "[ -~]{0,80}") {
            let line = format!("{forged}, 198.51.100.7");
            let honest = caller("127.0.0.1", &[("x-forwarded-for", "198.51.100.7")]);
            let found = caller("127.0.0.1", &[("x-forwarded-for", &line)]);
            prop_assert_eq!(found.address, honest.address);
            let direct = caller("203.0.113.9", &[("x-forwarded-for", &forged)]);
            prop_assert_eq!(direct.address, direct.peer);
        }
    }

    #[test]
    fn only_a_part_that_is_not_ascii_is_ignored() {
        let mut headers = HeaderMap::new();
        let values = ["a=1; nick=张三;b=2 ;".as_bytes(), b"c=\xff\xfe; d=4", b"\xe4", b"e"];
        for value in values {
            headers.append("cookie", HeaderValue::from_bytes(value).unwrap());
        }
        let parts: Vec<_> = header_parts(&headers, axum::http::header::COOKIE, b';').collect();
        assert_eq!(parts, ["a=1", "b=2", "", "d=4", "e"]);
    }
}
