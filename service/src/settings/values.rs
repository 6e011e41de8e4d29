//! What the values mean that both programs have. Each function says what it expected.

use std::net::SocketAddr;

use url::{Host, Url};

/// Returns whether a URL names this machine: `localhost`, 127.0.0.0/8 or ::1.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

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

/// Reads the URL of a host alone.
///
/// # Errors
/// What was expected.
pub fn bare_url(text: &str, plain: PlainHttp) -> Result<Url, &'static str> {
    let url = secure_url(text, plain)?;
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let bare = bare.then_some(url);
    bare.ok_or("expected a host's address without path, query or hash, like https://host/")
}

/// Returns `host` or `host:port`, as the `Host` header of a request to this address has it.
pub fn host_header(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// Reads where to listen: `IP:PORT` or `localhost:PORT`; port 0 lets the system choose.
///
/// # Errors
/// What was expected.
pub fn listen(text: &str) -> Result<SocketAddr, &'static str> {
    let numeric = text.strip_prefix("localhost:").map(|port| format!("127.0.0.1:{port}"));
    let parsed = numeric.as_deref().unwrap_or(text).parse();
    parsed.map_err(|_| "expected IP:PORT, like 127.0.0.1:8700")
}

/// Reads where to listen, or `off`.
///
/// # Errors
/// What was expected.
pub fn listen_or_off(text: &str) -> Result<Option<SocketAddr>, &'static str> {
    if text == "off" { Ok(None) } else { listen(text).map(Some) }
}

/// Reads an origin exactly as a browser writes it, because it is compared byte by byte.
///
/// # Errors
/// What was expected.
pub fn origin(text: &str) -> Result<String, &'static str> {
    const EXPECTED: &str = "expected origins as browsers write them, like https://crm.example.com: https (http only for this machine), lower case, no path, no default port, no *";
    let url = Url::parse(text).map_err(|_| EXPECTED)?;
    let secure = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url));
    let origin = url.origin().ascii_serialization();
    if secure && origin == text { Ok(origin) } else { Err(EXPECTED) }
}

/// Reads a path that all proxies and routers interpret the same way.
///
/// # Errors
/// What was expected.
pub fn path(text: &str) -> Result<String, &'static str> {
    let plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    let segment = |segment: &str| !matches!(segment, "" | "." | "..") && segment.bytes().all(plain);
    match text.strip_prefix('/') {
        Some(rest) if text.len() <= 256 && rest.split('/').all(segment) => Ok(text.to_owned()),
        _ => Err("expected a path of plain segments, like /demo, without a slash at its end"),
    }
}

/// Reads 1 to `most` letters, digits and these marks.
///
/// # Errors
/// What was expected.
pub fn word(
    text: &str,
    most: usize,
    marks: &str,
    expected: &'static str,
) -> Result<String, &'static str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || marks.as_bytes().contains(&byte);
    let fits = (1..=most).contains(&text.len()) && text.bytes().all(plain);
    if fits { Ok(text.to_owned()) } else { Err(expected) }
}

/// Reads a cookie's name (RFC 6265: a token).
///
/// # Errors
/// What was expected.
pub fn cookie_name(text: &str) -> Result<String, &'static str> {
    let token = |byte: u8| byte.is_ascii_graphic() && !b"()<>@,;:\\\"/[]?={}".contains(&byte);
    if (1..=128).contains(&text.len()) && text.bytes().all(token) {
        Ok(text.to_owned())
    } else {
        Err("expected names of cookies, like JSESSIONID")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
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
    fn listening_is_told_by_number() {
        assert_eq!(listen("localhost:8700").unwrap(), "127.0.0.1:8700".parse().unwrap());
        assert_eq!(listen("[::1]:0").unwrap(), "[::1]:0".parse().unwrap());
        assert!(listen("example.com:80").is_err() && listen("8700").is_err());
    }

    #[test]
    fn a_bare_url_names_a_host_alone() {
        let bare = |text| bare_url(text, PlainHttp::Refused);
        assert!(bare("https://host/").is_ok() && bare("https://host:8443").is_ok());
        for text in ["https://host/a", "https://host/?a", "https://host/#a", "http://host/"] {
            assert!(bare(text).is_err(), "{text}");
        }
    }
}
