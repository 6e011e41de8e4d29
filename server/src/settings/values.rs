//! What the values mean.

use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use crate::address::{self, PlainHttp};

/// The SecretId of `--demo`.
pub const DEMO_SECRET_ID: &str = "AKIDdemo-calldock-not-a-secret";
/// The SecretKey of `--demo`.
pub const DEMO_SECRET_KEY: &str = "demo-calldock-not-a-secret";
/// The CEC key of `--demo`, which is that of the public golden vectors.
pub const DEMO_CEC_SECRET_KEY: &str = "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfG";

/// These are public: no configuration may have them.
const DEMO_SECRETS: [&str; 3] = [DEMO_SECRET_ID, DEMO_SECRET_KEY, DEMO_CEC_SECRET_KEY];

/// Reads a URL with a host only.
pub fn bare_host(text: &str) -> Result<Url, &'static str> {
    let url = address::secure_url(text, PlainHttp::Refused)?;
    if url.path() == "/" && url.query().is_none() && url.fragment().is_none() {
        Ok(url)
    } else {
        Err(
            "expected an address without path, query or hash, like https://ccc.tencentcloudapi.com/",
        )
    }
}

/// Reads a region.
pub fn region(text: &str) -> Result<String, &'static str> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if (1..=64).contains(&text.len()) && text.bytes().all(plain) {
        Ok(text.to_owned())
    } else {
        Err("expected a region's name, like ap-singapore")
    }
}

/// Reads an origin exactly as a browser writes it.
pub fn origin(text: &str) -> Result<String, &'static str> {
    const EXPECTED: &str = "expected origins as browsers write them, like https://crm.example.com: https (http only for this machine), lower case, no path, no default port, no *";
    let url = address::secure_url(text, PlainHttp::OnLoopback).map_err(|_| EXPECTED)?;
    let origin = url.origin().ascii_serialization();
    if origin == text { Ok(origin) } else { Err(EXPECTED) }
}

/// Reads a secret. It must fit into a header; a very short one would be found in any text.
pub fn credential(text: &str) -> Result<SecretString, &'static str> {
    if DEMO_SECRETS.contains(&text) {
        Err("expected a secret of your own, found one of --demo, which is public")
    } else if (8..=4096).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(text.into())
    } else {
        Err("expected 8 to 4096 visible ASCII characters without spaces")
    }
}

/// Reads an id that the vendor assigned: a tenant, a channel, a web application.
pub fn vendor_id(text: &str) -> Result<String, &'static str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if (1..=64).contains(&text.len()) && text.bytes().all(plain) {
        Ok(text.to_owned())
    } else {
        Err("expected the vendor's id: 1 to 64 letters, digits, - or _")
    }
}

/// Reads a path that all proxies and routers interpret the same way.
pub fn path(text: &str) -> Result<String, &'static str> {
    let plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    let segment = |segment: &str| !matches!(segment, "" | "." | "..") && segment.bytes().all(plain);
    match text.strip_prefix('/') {
        Some(rest) if text.len() <= 256 && rest.split('/').all(segment) => Ok(text.to_owned()),
        _ => Err("expected a path of plain segments, like /demo, without a slash at its end"),
    }
}

/// Reads a cookie's name (RFC 6265: a token).
pub fn cookie_name(text: &str) -> Result<String, &'static str> {
    let token = |byte: u8| byte.is_ascii_graphic() && !b"()<>@,;:\\\"/[]?={}".contains(&byte);
    if (1..=128).contains(&text.len()) && text.bytes().all(token) {
        Ok(text.to_owned())
    } else {
        Err("expected names of cookies, like JSESSIONID")
    }
}

/// Reads seconds within limits.
pub fn seconds(
    text: &str,
    least: u64,
    most: u64,
    expected: &'static str,
) -> Result<Duration, &'static str> {
    let seconds: Option<u64> = text.parse().ok();
    seconds
        .filter(|seconds| (least..=most).contains(seconds))
        .map(Duration::from_secs)
        .ok_or(expected)
}

/// Reads `true` or `false`.
pub fn truth(text: &str) -> Result<bool, &'static str> {
    text.parse().map_err(|_| "expected true or false")
}

/// Reads the name of a chat's field.
pub fn field(text: &str) -> Result<String, &'static str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if (1..=64).contains(&text.len()) && text.bytes().all(plain) {
        Ok(text.to_owned())
    } else {
        Err("expected names of 1 to 64 letters, digits, -, _ or ., like extra_orderId")
    }
}
