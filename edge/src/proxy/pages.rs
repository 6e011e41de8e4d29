//! Which pages may call. Any page may link to what CEC serves; only pages of this origin, or listed ones, may
//! change something there or open a WebSocket. A WebSocket begins as a GET, carries the visitor's cookies,
//! and is read by the page that opened it.

use axum::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_METHOD, HOST, HeaderName, ORIGIN, UPGRADE, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use calldock_contract::Code;
use calldock_listen::Caller;

use super::failure;
use crate::settings::Edge;
use calldock_listen::problem::{Refusal, Remedy};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// A page that may call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Page {
    /// Of this origin, or not a page at all, or one that only reads what it cannot see.
    Own,
    /// Of a listed origin, which may read the response.
    Listed(HeaderValue),
}

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
    only(headers, &HOST)?;
    let origin = only(headers, &ORIGIN)?;
    let site = only(headers, &SEC_FETCH_SITE)?;
    if let Some(origin) = origin
        && edge.allowed_origins.iter().any(|listed| listed.as_bytes() == origin.as_bytes())
    {
        return Ok(Page::Listed(origin.clone()));
    }
    let own = match (site.map(HeaderValue::as_bytes), origin) {
        (Some(b"same-origin" | b"none"), _) => edge.public_origins.has_host(caller),
        (Some(_), _) => false,
        (None, None) => true,
        (None, Some(origin)) => edge.public_origins.is_own(origin, caller),
    };
    let only_reads = method.is_safe() && !headers.contains_key(UPGRADE);
    if own || only_reads { Ok(Page::Own) } else { Err(refuse()) }
}

/// Answers the preflight request of a listed page.
pub fn preflight(page: &Page, method: &Method, headers: &HeaderMap) -> Option<Response> {
    let asked = matches!(page, Page::Listed(_))
        && method == Method::OPTIONS
        && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    let allow = [
        (ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, PUT, DELETE"),
        (ACCESS_CONTROL_ALLOW_HEADERS, "ccmessaging-token, content-type, x-requested-with"),
        (ACCESS_CONTROL_MAX_AGE, "600"),
    ];
    asked.then(|| (StatusCode::NO_CONTENT, allow).into_response())
}

/// Lets a listed page read the response.
pub fn may_read(page: Page, edge: &Edge, response: &mut Response) {
    let headers = response.headers_mut();
    if !edge.allowed_origins.is_empty() {
        headers.append(VARY, HeaderValue::from_static("origin, sec-fetch-site"));
    }
    if let Page::Listed(origin) = page {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("retry-after"));
    }
}

/// Returns a header that must not be present twice: another reader might use the other one.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a HeaderValue>, Refusal> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (value, None) => Ok(value),
        (_, Some(_)) => {
            Err(failure::malformed(&format!("The {name} header: expected one, found several.")))
        }
    }
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
