//! Who is at the other end: the one place that reads `X-Forwarded-*`.
//!
//! What a request says about its own way is believed only where a gateway of the configuration says it
//! (`listen.gateways`), and read from the right: whatever stands left of the first stranger is that
//! stranger's own word. [`introduce`] puts a [`Caller`] into every request that came over a connection;
//! a request without one (a router in a test) has none, and who needs one refuses it.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, Request};
use axum::http::header::HOST;
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode};
use calldock_contract::Code;
use ipnet::{IpNet, Ipv4Net};

use crate::problem::Refusal;

/// `X-Forwarded-For`: the addresses a request came through, each gateway's word at the right end.
pub const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// `X-Forwarded-Host`: the name the page called.
pub const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
/// `X-Forwarded-Proto`: `https` where the page's own connection was encrypted.
pub const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// More gateways than this are no way to a contact centre; what stands further left is not read.
const LONGEST_WAY: usize = 32;

/// Addresses and networks whose word about a caller is taken.
#[derive(Clone, Debug, Default)]
pub struct Gateways(Vec<IpNet>);

impl Gateways {
    /// Of networks; a single address is one of its full length.
    pub fn new(networks: impl IntoIterator<Item = IpNet>) -> Self {
        Self(networks.into_iter().collect())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether an address is one of theirs. IPv4 in IPv6's clothes is IPv4.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// Reads an address (`127.0.0.1`) or a network (`10.0.0.0/8`).
///
/// # Errors
/// What was expected.
pub fn network(text: &str) -> Result<IpNet, &'static str> {
    const EXPECTED: &str = "expected IP addresses or networks, like 127.0.0.1 or 10.0.0.0/8";
    if let Ok(address) = text.parse::<IpAddr>() {
        return Ok(address.to_canonical().into());
    }
    let network: IpNet = text.parse().map_err(|_| EXPECTED)?;
    if network != network.trunc() {
        return Err("expected a network's own address before the /: 10.0.0.0/8, not 10.1.2.3/8");
    }
    if network.prefix_len() == 0 {
        return Err("expected networks that are not everyone: /0 would believe any stranger");
    }
    match (network.addr().to_canonical(), network) {
        (IpAddr::V4(address), IpNet::V6(mapped)) => {
            let length = mapped.prefix_len().checked_sub(96).ok_or(EXPECTED)?;
            Ok(Ipv4Net::new(address, length).map_err(|_| EXPECTED)?.into())
        }
        _ => Ok(network),
    }
}

/// In the extensions of requests whose connection is encrypted by this server itself.
#[derive(Clone, Copy, Debug)]
pub struct OverTls;

/// Who asks, as far as the gateways are believed. `Debug` shows no address: it is personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct Caller {
    /// The connection's other end.
    pub peer: IpAddr,
    /// The first address from the right that is no gateway; where all are, the leftmost.
    pub address: IpAddr,
    /// Whether the peer is a gateway, so that its other headers may be believed too.
    pub by_gateway: bool,
    /// Whether the page's own connection is encrypted.
    pub https: bool,
    /// The name the page called, `host[:port]`.
    pub host: Option<HeaderValue>,
    /// The way from the left, the peer at its end. Only what stands right of [`Caller::address`] is sure.
    pub way: Vec<IpAddr>,
}

impl Caller {
    /// Reads what a request and its connection say.
    pub fn new(peer: IpAddr, over_tls: bool, headers: &HeaderMap, gateways: &Gateways) -> Self {
        let peer = peer.to_canonical();
        let by_gateway = gateways.contains(peer);
        let host = headers.get(HOST).cloned();
        if !by_gateway {
            return Self {
                peer,
                address: peer,
                by_gateway,
                https: over_tls,
                host,
                way: vec![peer],
            };
        }
        let mut way = vec![peer];
        let lines = headers.get_all(X_FORWARDED_FOR).iter().rev();
        let said = lines.flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
        // What cannot be read is nobody's, and so is everything left of it.
        way.extend(said.map_while(address).take(LONGEST_WAY));
        let address = way.iter().find(|address| !gateways.contains(**address)).or(way.last());
        let address = address.copied().unwrap_or(peer);
        way.reverse();
        let https = last(headers, &X_FORWARDED_PROTO)
            .map_or(over_tls, |scheme| scheme.eq_ignore_ascii_case(b"https"));
        let host = last(headers, &X_FORWARDED_HOST)
            .and_then(|host| HeaderValue::from_bytes(host).ok())
            .or(host);
        Self { peer, address, by_gateway, https, host, way }
    }

    /// The caller of a request.
    ///
    /// # Errors
    /// A [`Refusal`] where nobody knows where the request came from: nothing is believed then.
    pub fn of(extensions: &Extensions) -> Result<&Self, Refusal> {
        extensions.get().ok_or_else(|| {
            let detail = "The server does not know which connection the request came over.";
            Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, Code::Internal, detail)
        })
    }
}

impl std::fmt::Debug for Caller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Caller(by gateway {}, https {})", self.by_gateway, self.https)
    }
}

/// An address as gateways write it: alone, with a port, in brackets.
fn address(text: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(text).ok()?.trim();
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let address = bare.parse().or_else(|_| text.parse::<SocketAddr>().map(|at| at.ip()));
    address.ok().map(|address| address.to_canonical())
}

/// The rightmost word of a header: the nearest gateway's.
fn last<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a [u8]> {
    let line = headers.get_all(name).iter().next_back()?;
    line.as_bytes().rsplit(|byte| *byte == b',').next().map(<[u8]>::trim_ascii)
}

/// Puts a [`Caller`] into a request whose connection is known, in the place of that.
pub fn introduce(gateways: &Gateways, request: &mut Request) {
    let peer = request.extensions_mut().remove::<ConnectInfo<SocketAddr>>();
    if let Some(peer) = peer.map(|info| info.0.ip()) {
        let over_tls = request.extensions().get::<OverTls>().is_some();
        let caller = Caller::new(peer, over_tls, request.headers(), gateways);
        request.extensions_mut().insert(caller);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn gateways(networks: &[&str]) -> Gateways {
        Gateways::new(networks.iter().map(|text| network(text).unwrap()))
    }

    fn caller(peer: &str, lines: &[(&'static str, &str)]) -> Caller {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(HeaderName::from_static(name), value.parse().unwrap());
        }
        let gateways = gateways(&["127.0.0.1", "10.0.0.0/8", "fd00::/8"]);
        Caller::new(peer.parse().unwrap(), false, &headers, &gateways)
    }

    #[test]
    fn the_way_is_read_from_the_right_through_gateways_only() {
        for (peer, lines, expected) in [
            ("203.0.113.9", &["198.51.100.7"][..], "203.0.113.9"),
            ("127.0.0.1", &["198.51.100.7"], "198.51.100.7"),
            ("127.0.0.1", &["1.1.1.1, 198.51.100.7, 10.2.3.4"], "198.51.100.7"),
            ("127.0.0.1", &["1.1.1.1", "198.51.100.7", "10.2.3.4"], "198.51.100.7"),
            ("127.0.0.1", &["1.1.1.1, 198.51.100.7 ,10.2.3.4,fd00::1"], "198.51.100.7"),
            ("127.0.0.1", &["10.0.0.9, 10.0.0.8"], "10.0.0.9"),
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
        }
    }

    #[test]
    fn scheme_and_host_are_the_nearest_gateways_word() {
        let said = [
            ("host", "inner.example"),
            ("x-forwarded-host", "planted.example"),
            ("x-forwarded-host", "shop.example:8443"),
            ("x-forwarded-proto", "http, HTTPS"),
        ];
        let by_gateway = caller("10.1.1.1", &said);
        assert!(by_gateway.https);
        assert_eq!(by_gateway.host.unwrap(), "shop.example:8443");
        let stranger = caller("203.0.113.9", &said);
        assert!(!stranger.https && !stranger.by_gateway);
        assert_eq!(stranger.host.unwrap(), "inner.example");
        let planted = caller("10.1.1.1", &[("x-forwarded-proto", "https, http")]);
        assert!(!planted.https && planted.host.is_none());
        let own = Caller::new([203, 0, 113, 9].into(), true, &HeaderMap::new(), &gateways(&[]));
        assert!(own.https, "encrypted by this server itself");
    }

    #[test]
    fn networks_are_told_exactly() {
        for (text, inside, outside) in [
            ("127.0.0.1", "127.0.0.1", "127.0.0.2"),
            ("10.0.0.0/8", "10.255.0.1", "11.0.0.1"),
            ("::ffff:10.0.0.0/104", "10.1.1.1", "::1"),
            ("::ffff:10.0.0.1", "::ffff:10.0.0.1", "10.0.0.2"),
            ("fd00::/8", "fdff::1", "fe80::1"),
        ] {
            let gateways = gateways(&[text]);
            assert!(gateways.contains(inside.parse().unwrap()), "{text}");
            assert!(!gateways.contains(outside.parse().unwrap()), "{text}");
        }
        for text in ["", "nginx", "10.1.2.3/8", "10.0.0.0/33", "0.0.0.0/0", "::/0", "10/8", "*"] {
            assert!(network(text).is_err(), "{text}");
        }
    }

    #[test]
    fn without_a_connection_nobody_is_known_and_debug_shows_no_address() {
        assert!(Caller::of(&Extensions::new()).is_err());
        let shown = format!("{:?}", caller("127.0.0.1", &[("x-forwarded-for", "198.51.100.7")]));
        assert!(!shown.contains('7'), "{shown}");
    }

    proptest! {
        #[test]
        fn what_a_stranger_writes_before_the_gateway_changes_nothing(forged in "[ -~]{0,80}") {
            let line = format!("{forged}, 198.51.100.7");
            let honest = caller("127.0.0.1", &[("x-forwarded-for", "198.51.100.7")]);
            let found = caller("127.0.0.1", &[("x-forwarded-for", &line)]);
            prop_assert_eq!(found.address, honest.address);
            let direct = caller("203.0.113.9", &[("x-forwarded-for", &forged)]);
            prop_assert_eq!(direct.address, direct.peer);
        }
    }
}
