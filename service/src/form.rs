//! Refuses requests that a gateway in front may have read differently (request smuggling).
//!
//! hyper itself refuses lengths that differ or are not numbers, a coding that does not end in `chunked`,
//! folded lines, control characters, and spaces before a colon. It accepts `Content-Length` together with
//! `Transfer-Encoding: chunked` (the chunks count, and the connection is closed) and lines that end in LF
//! alone; both have one meaning in RFC 9112.

use axum::http::header::{HOST, TRANSFER_ENCODING};
use axum::http::uri::Authority;
use axum::http::{Method, Request, Version};

/// Checks target, `Host` and `Transfer-Encoding`.
///
/// # Errors
/// Returns a sentence that says what was expected. Respond with 400 and close the connection.
pub fn check<B>(request: &Request<B>) -> Result<(), &'static str> {
    let headers = request.headers();
    // A target without a path asks for a tunnel.
    let tunnel = request.uri().authority().is_some() && request.uri().scheme().is_none();
    if tunnel || request.method() == Method::CONNECT {
        return Err("The target: expected a path; this server opens no tunnels.");
    }
    let mut codings = headers.get_all(TRANSFER_ENCODING).iter();
    let plain =
        codings.next().is_none_or(|coding| coding.as_bytes().eq_ignore_ascii_case(b"chunked"));
    if !plain || codings.next().is_some() {
        return Err("The Transfer-Encoding header: expected chunked alone, found more.");
    }
    let mut hosts = headers.get_all(HOST).iter();
    let host = match (hosts.next(), hosts.next()) {
        (Some(host), None) => Authority::try_from(host.as_bytes())
            .ok()
            .filter(|host| !host.as_str().contains(['@', ',']))
            .ok_or("The Host header: expected a name and perhaps a port, found another form.")?,
        (None, _) if request.version() == Version::HTTP_10 => return Ok(()),
        (None, _) => return Err("The Host header: expected one, found none."),
        (Some(_), Some(_)) => return Err("The Host header: expected one, found several."),
    };
    // An absolute target overrides Host (RFC 9112 §3.2.2), which not every reader knows.
    match request.uri().authority() {
        Some(target) if *target != host => {
            Err("The request's target names another host than its Host header.")
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_host_that_may_be_a_list_is_refused() {
        let check = |host: &str| check(&Request::get("/x").header(HOST, host).body(()).unwrap());
        for host in ["shop.example", "shop.example:8443", "[::1]:80", "127.0.0.1"] {
            assert!(check(host).is_ok(), "{host}");
        }
        for host in [",", "a.example,b.example", "user@a.example", "a.example/x", "a b", ""] {
            assert!(check(host).is_err(), "{host}");
        }
    }
}
