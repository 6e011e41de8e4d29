//! The WebSocket handshake (RFC 6455 §4). Key, version, subprotocols and extensions pass unread between page and
//! CEC; what is checked is that both sides agree to the same protocol, since nothing is read afterwards.

use axum::http::header::{CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING, UPGRADE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Version};
use calldock_contract::Code;
use hyper::upgrade::OnUpgrade;

use calldock_service::header_parts;
use calldock_service::problem::{Refusal, Remedy};

const WEBSOCKET: &str = "websocket";

/// Returns the page's end of the future tunnel, if the request asks for a WebSocket.
///
/// # Errors
/// 501 for any other protocol, 400 for a handshake that another server could read as an ordinary request.
pub fn requested(parts: &mut Parts) -> Result<Option<OnUpgrade>, Refusal> {
    if !parts.headers.contains_key(UPGRADE) {
        return Ok(None);
    }
    if !is_to_websocket(&parts.headers) {
        let detail = "The Upgrade header: expected websocket, found another protocol.";
        return Err(Refusal::new(StatusCode::NOT_IMPLEMENTED, Code::InvalidOption, detail)
            .with_remedy(OTHERS));
    }
    let bare = !parts.headers.contains_key(TRANSFER_ENCODING)
        && parts.headers.get(CONTENT_LENGTH).is_none_or(|length| length.as_bytes() == b"0");
    let whole = parts.method == Method::GET
        && parts.version == Version::HTTP_11
        && names_upgrade(&parts.headers)
        && bare;
    match parts.extensions.remove::<OnUpgrade>() {
        Some(page) if whole => Ok(Some(page)),
        _ => {
            let detail = "The WebSocket handshake: expected GET over HTTP/1.1 with Connection: Upgrade and no body.";
            Err(Refusal::new(StatusCode::BAD_REQUEST, Code::InvalidOption, detail)
                .with_remedy(HANDSHAKE))
        }
    }
}

/// Returns whether CEC's response with status 101 agrees to a WebSocket.
pub fn agreed(response: &HeaderMap) -> bool {
    is_to_websocket(response) && names_upgrade(response)
}

/// Adds the headers of one connection that ask for, or agree to, a WebSocket.
pub fn add_upgrade(headers: &mut HeaderMap) {
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static(WEBSOCKET));
}

fn is_to_websocket(headers: &HeaderMap) -> bool {
    let mut protocols = headers.get_all(UPGRADE).iter();
    let first = protocols.next().is_some_and(|name| {
        name.as_bytes().trim_ascii().eq_ignore_ascii_case(WEBSOCKET.as_bytes())
    });
    first && protocols.next().is_none()
}

fn names_upgrade(headers: &HeaderMap) -> bool {
    header_parts(headers, CONNECTION, b',').any(|name| name.eq_ignore_ascii_case(UPGRADE.as_str()))
}

const OTHERS: Remedy = Remedy {
    en: "Send the request without the Upgrade header; in Java set HttpClient.Version.HTTP_1_1.",
    zh: "请勿携带 Upgrade 请求头；Java 客户端可设置 HttpClient.Version.HTTP_1_1。",
};

const HANDSHAKE: Remedy = Remedy {
    en: "Let the web server in front relay the upgrade: HTTP/1.1, Upgrade and Connection (nginx: proxy_http_version 1.1, proxy_set_header).",
    zh: "请让前置 Web 服务器转发协议升级：HTTP/1.1、Upgrade 与 Connection（nginx：proxy_http_version 1.1、proxy_set_header）。",
};
