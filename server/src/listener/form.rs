//! Requests that could be read in two ways are refused before any route: whoever stands between the
//! client and us may have read them the other way.

use axum::extract::Request;
use axum::http::header::{HOST, TRANSFER_ENCODING};
use axum::http::uri::Authority;
use axum::http::{Method, StatusCode, Version};
use calldock_contract::Code;

use crate::problem::{Refusal, Remedy};

/// Looks at what hyper lets pass. (It refuses by itself: lengths that differ or are none, a coding that
/// does not end in chunks, folded lines, control characters, spaces before a colon.)
///
/// # Errors
/// A [`Refusal`], 400.
pub fn check<B>(request: &Request<B>) -> Result<(), Refusal> {
    let headers = request.headers();
    // A target without a path is a tunnel's.
    let tunnel = request.uri().authority().is_some() && request.uri().scheme().is_none();
    if tunnel || request.method() == Method::CONNECT {
        return Err(refuse("The target: expected a path; this server opens no tunnels."));
    }
    let mut codings = headers.get_all(TRANSFER_ENCODING).iter();
    let plain =
        codings.next().is_none_or(|coding| coding.as_bytes().eq_ignore_ascii_case(b"chunked"));
    if !plain || codings.next().is_some() {
        return Err(refuse("The Transfer-Encoding header: expected chunked alone, found more."));
    }
    let mut hosts = headers.get_all(HOST).iter();
    let host = match (hosts.next(), hosts.next()) {
        (Some(host), None) => Authority::try_from(host.as_bytes())
            .ok()
            .filter(|host| !host.as_str().contains('@'))
            .ok_or_else(|| {
                refuse("The Host header: expected a name and perhaps a port, found another form.")
            })?,
        (None, _) if request.version() == Version::HTTP_10 => return Ok(()),
        (None, _) => return Err(refuse("The Host header: expected one, found none.")),
        (Some(_), Some(_)) => return Err(refuse("The Host header: expected one, found several.")),
    };
    // A whole address in the request's first line goes over Host (RFC 9112 §3.2.2), and not everyone knows.
    match request.uri().authority() {
        Some(target) if *target != host => {
            Err(refuse("The request's target names another host than its Host header."))
        }
        _ => Ok(()),
    }
}

fn refuse(detail: &str) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, Code::InvalidOption, detail).with_remedy(Remedy {
        en: "Send the request as RFC 9112 has it, each header once; look at what the gateway in front makes of it.",
        zh: "请按 RFC 9112 发送请求，每个请求头只出现一次；并检查前置网关对请求的改写。",
    })
}
