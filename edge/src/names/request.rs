//! Request headers pass by allow-list. Under the page's origin a browser sends, and a gateway adds, what is
//! meant for the site: sessions, tokens, names of people. None of it is for CEC.

use std::net::IpAddr;

use axum::http::header::{CONNECTION, CONTENT_LENGTH, COOKIE, HOST, REFERER, TRANSFER_ENCODING};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use calldock_service::{
    Caller, X_FORWARDED_FOR, X_FORWARDED_HOST, X_FORWARDED_PROTO, header_parts,
};
use url::Url;

use super::cookies;
use super::refused::{Kind, Refused};
use crate::settings::{Host, Settings};

const X_REAL_IP: HeaderName = HeaderName::from_static("x-real-ip");

/// Names that pass.
const NAMES: [&str; 13] = [
    "accept",
    "cache-control",
    "ccmessaging-token",
    "last-event-id",
    "origin",
    "pragma",
    "range",
    "sec-websocket-extensions",
    "sec-websocket-key",
    "sec-websocket-protocol",
    "sec-websocket-version",
    "user-agent",
    "x-requested-with",
];

/// Beginnings of names that pass.
const PREFIXES: [&str; 4] = ["accept-", "content-", "if-", "sec-fetch-"];

/// Names that edge removes or writes itself; no setting lets them pass.
const MANAGED: [&str; 17] = [
    "connection",
    "content-length",
    "cookie",
    "expect",
    "forwarded",
    "host",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "referer",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
    "x-forwarded-port",
    "x-real-ip",
];

/// Names that browsers and gateways send with nearly everything: about the request's way, its trace and its
/// client. They do not pass, and are not reported.
const UNREMARKABLE: [&str; 18] = [
    "b3",
    "baggage",
    "dnt",
    "priority",
    "purpose",
    "save-data",
    "sec-gpc",
    "sec-purpose",
    "traceparent",
    "tracestate",
    "true-client-ip",
    "upgrade-insecure-requests",
    "x-client-ip",
    "x-cloud-trace-context",
    "x-cluster-client-ip",
    "x-correlation-id",
    "x-request-id",
    "x-scheme",
];

/// Beginnings of such names: of browsers, nginx, Traefik and Envoy, and of the clouds' balancers and CDNs.
const UNREMARKABLE_PREFIXES: [&str; 13] = [
    "ali-",
    "cdn-",
    "cf-",
    "cloudfront-",
    "eagleeye-",
    "sec-ch-",
    "slb-",
    "x-amz",
    "x-azure-",
    "x-b3-",
    "x-envoy-",
    "x-forwarded-",
    "x-original-",
];

/// Returns whether edge removes or writes this header itself.
pub fn is_managed(name: &HeaderName) -> bool {
    MANAGED.contains(&name.as_str())
        || [X_FORWARDED_FOR, X_FORWARDED_HOST, X_FORWARDED_PROTO].contains(name)
}

fn passes(name: &HeaderName, listed: &[HeaderName]) -> bool {
    let text = name.as_str();
    NAMES.contains(&text)
        || PREFIXES.iter().any(|prefix| text.starts_with(prefix))
        || listed.contains(name)
}

fn is_unremarkable(name: &str) -> bool {
    UNREMARKABLE.contains(&name)
        || UNREMARKABLE_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// Builds the headers that CEC receives.
pub fn to_cec(
    from_page: &HeaderMap,
    settings: &Settings,
    caller: &Caller,
    refused: &Refused,
) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(from_page.len());
    let of_connection = named_by_connection(from_page);
    for (name, value) in from_page {
        if is_managed(name) || of_connection.contains(name) {
            continue;
        }
        if passes(name, &settings.edge.headers) {
            headers.append(name, value.clone());
        } else if !is_unremarkable(name.as_str()) {
            refused.note(Kind::RequestHeader, name.as_str().as_bytes());
        }
    }
    // The body's framing: chunks override a length (RFC 9112 §6.3), and CEC must not see both.
    if !from_page.contains_key(TRANSFER_ENCODING)
        && let Some(length) = from_page.get(CONTENT_LENGTH)
    {
        headers.insert(CONTENT_LENGTH, length.clone());
    }
    if let Some(origin) = from_page.get(REFERER).and_then(origin_of) {
        headers.insert(REFERER, origin);
    }
    for value in from_page.get_all(COOKIE) {
        if let Some(value) = cookies::to_cec(value, &settings.edge.cookies, refused) {
            headers.append(COOKIE, value);
        }
    }
    describe_caller(&mut headers, caller);
    if settings.cec.host == Host::Page
        && let Some(host) = &caller.host
    {
        // Otherwise the client writes CEC's own.
        headers.insert(HOST, host.clone());
    }
    headers
}

/// Adds `X-Real-IP` and `X-Forwarded-*` as the vendor's nginx example does (CEC guide, 1.7.1), but without what the
/// client itself says about its way.
fn describe_caller(headers: &mut HeaderMap, caller: &Caller) {
    let hops: Vec<_> = caller.hops.iter().map(IpAddr::to_string).collect();
    put(headers, X_REAL_IP, &caller.address.to_string());
    put(headers, X_FORWARDED_FOR, &hops.join(", "));
    put(headers, X_FORWARDED_PROTO, if caller.https { "https" } else { "http" });
    if let Some(host) = &caller.host {
        headers.insert(X_FORWARDED_HOST, host.clone());
    }
}

/// Returns the origin of a `Referer`, which is all a page of another origin would send by default.
fn origin_of(referer: &HeaderValue) -> Option<HeaderValue> {
    let url = Url::parse(referer.to_str().ok()?).ok()?;
    let origin = url.origin();
    origin.is_tuple().then(|| format!("{}/", origin.ascii_serialization()).parse().ok())?
}

/// Returns the headers that `Connection` limits to one hop.
pub fn named_by_connection(headers: &HeaderMap) -> Vec<HeaderName> {
    header_parts(headers, CONNECTION, b',').filter_map(|name| name.parse().ok()).collect()
}

fn put(headers: &mut HeaderMap, name: HeaderName, text: &str) {
    if let Ok(value) = HeaderValue::from_str(text) {
        headers.insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_browser_says_about_its_request_passes() {
        for (name, passing) in [
            ("sec-fetch-site", true),
            ("sec-fetch-dest", true),
            ("sec-fetch-storage-access", true),
            ("sec-ch-ua", false),
            ("sec-purpose", false),
            ("x-sec-fetch-site", false),
        ] {
            assert_eq!(passes(&HeaderName::from_static(name), &[]), passing, "{name}");
        }
    }

    #[test]
    fn a_name_beside_one_that_is_not_ascii_is_limited_to_one_hop() {
        let mut headers = HeaderMap::new();
        for value in ["close, é, x-one", "X-Two"] {
            headers.append(CONNECTION, value.parse().expect("a value"));
        }
        assert_eq!(named_by_connection(&headers), ["close", "x-one", "x-two"]);
    }

    #[test]
    fn a_referer_is_shortened_to_its_origin() {
        for (from, to) in [
            ("https://shop.example/cart?email=a@b#c", Some("https://shop.example/")),
            ("http://localhost:8700/x", Some("http://localhost:8700/")),
            ("https://user:password@shop.example/", Some("https://shop.example/")),
            ("about:blank", None),
            ("/relative", None),
            ("", None),
        ] {
            let origin = origin_of(&HeaderValue::from_static(from));
            assert_eq!(origin.as_ref().map(|value| value.to_str().expect("ASCII")), to, "{from}");
        }
    }
}
