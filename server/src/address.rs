//! Which addresses this server calls, hands out or listens on.

use std::net::IpAddr;

pub use calldock_service::settings::values::{host_header, is_loopback, listen};
use url::Url;

/// Whether `http:` is good enough, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlainHttp {
    /// Only `https:`.
    Refused,
    /// `http:` too, if it does not leave this machine. Only `--demo` says so.
    OnLoopback,
}

/// Reads an address that a credential or a script travels over.
///
/// # Errors
/// What was expected, without the address: it may carry a token.
pub fn secure_url(text: &str, plain: PlainHttp) -> Result<Url, &'static str> {
    let url = Url::parse(text).map_err(|_| "expected a whole address, like https://host/")?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("expected an address without a user or a password in it");
    }
    match (url.scheme(), plain) {
        ("https", _) => Ok(url),
        ("http", PlainHttp::OnLoopback) if is_loopback(&url) => Ok(url),
        (_, PlainHttp::Refused) => Err("expected an https: address"),
        (_, PlainHttp::OnLoopback) => Err("expected https:, or http: on this machine"),
    }
}

/// Whether an address is of this machine or of a private network (RFC 1918, RFC 4193, link-local).
pub fn is_private(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_private() || ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_machine_and_only_when_asked_for() {
        let loopback = ["http://localhost:1/", "http://127.0.0.1:1/", "http://[::1]:1/"];
        for text in loopback {
            assert!(secure_url(text, PlainHttp::OnLoopback).is_ok(), "{text}");
            assert!(secure_url(text, PlainHttp::Refused).is_err(), "{text}");
        }
        for text in
            ["http://example.com/", "http://localhost.example.com/", "ftp://localhost/", "//h", ""]
        {
            assert!(secure_url(text, PlainHttp::OnLoopback).is_err(), "{text}");
        }
        assert!(secure_url("https://example.com/", PlainHttp::Refused).is_ok());
        assert!(secure_url("https://user:pass@example.com/", PlainHttp::Refused).is_err());
    }

    #[test]
    fn the_host_header_has_a_port_only_where_it_is_not_the_schemes_own() {
        for (text, host) in [
            ("https://ccc.tencentcloudapi.com/", "ccc.tencentcloudapi.com"),
            ("https://h:443/", "h"),
            ("http://127.0.0.1:8701/", "127.0.0.1:8701"),
            ("http://[::1]:8701/", "[::1]:8701"),
        ] {
            assert_eq!(host_header(&Url::parse(text).unwrap()), host);
        }
    }

    #[test]
    fn private_networks_are_known() {
        for address in [
            "127.0.0.1",
            "10.1.2.3",
            "192.168.0.1",
            "172.16.0.1",
            "::1",
            "fd00::1",
            "::ffff:10.0.0.1",
        ] {
            assert!(is_private(address.parse().unwrap()), "{address}");
        }
        for address in ["0.0.0.0", "203.0.113.1", "::", "2001:db8::1"] {
            assert!(!is_private(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn listening_is_told_by_number() {
        assert_eq!(listen("localhost:8700").unwrap(), "127.0.0.1:8700".parse().unwrap());
        assert_eq!(listen("[::1]:0").unwrap(), "[::1]:0".parse().unwrap());
        assert!(listen("example.com:80").is_err() && listen("8700").is_err());
    }
}
