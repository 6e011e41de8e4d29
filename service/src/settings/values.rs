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
