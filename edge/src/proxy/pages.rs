//! Which pages may call. Any page may link to what CEC serves; only pages of this origin, or listed ones, may
//! change something there or open a WebSocket. A WebSocket begins as a GET, carries the visitor's cookies,
//! and is read by the page that opened it.

use axum::http::header::{UPGRADE, VARY};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::Response;
use calldock_contract::Code;
use calldock_service::Caller;
use calldock_service::pages::Page;
use calldock_service::problem::{Refusal, Remedy};

use crate::settings::Edge;

/// Headers that pages of listed origins may send.
pub const MAY_SEND: [&str; 3] = ["ccmessaging-token", "content-type", "x-requested-with"];

/// Judges a request.
///
/// # Errors
/// 403 for a page of another origin, 400 for a header that is present twice.
pub fn judge(
    method: &Method,
    headers: &HeaderMap,
    caller: &Caller,
    edge: &Edge,
) -> Result<Page, Refusal> {
    let only_reads = method.is_safe() && !headers.contains_key(UPGRADE);
    match Page::of(headers, caller, &edge.allowed_origins, &edge.public_origins)? {
        Page::Other(_) if only_reads => Ok(Page::Own),
        Page::Other(_) => Err(refuse()),
        page => Ok(page),
    }
}

/// Lets a listed page read the response.
pub fn may_read(page: Page, edge: &Edge, response: &mut Response) {
    if !edge.allowed_origins.is_empty() {
        response.headers_mut().append(VARY, HeaderValue::from_static("origin, sec-fetch-site"));
    }
    page.may_read(response, "retry-after");
}

fn refuse() -> Refusal {
    let detail = "The page's origin is neither one of this server's own (edge.public_origins) nor one of edge.allowed_origins.";
    Refusal::new(
        StatusCode::FORBIDDEN,
        Code::OriginRefused,
        detail).with_remedy(Remedy {
            en: "List this server's own origin in edge.public_origins, or another page's origin in edge.allowed_origins.",
            zh: "请将本服务自身的来源加入 edge.public_origins，或将其他页面的来源加入 edge.allowed_origins。",
        })
}
