//! Response headers pass by deny-list: whatever instructs the gateway in front, sets a rule for the site's
//! whole host, or lets other origins read.

use axum::http::header::{
    CONTENT_LENGTH, CONTENT_LOCATION, HOST, LOCATION, SET_COOKIE, TRANSFER_ENCODING,
};
use axum::http::{HeaderMap, HeaderValue};
use percent_encoding::{AsciiSet, percent_encode};
use url::Url;

use super::cookies;
use super::refused::{Kind, Refused};
use super::request::named_by_connection;
use crate::proxy::target;
use crate::settings::{Host, Settings};

/// Headers of one connection (RFC 9110 §7.6.1). Dropped without notice.
const OF_CONNECTION: [&str; 9] = [
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authentication-info",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Beginnings of names that instruct a gateway or a CDN: to send a file of its own (nginx, Apache, lighttpd,
/// LiteSpeed, Perlbal, H2O), to take a server out (Envoy), to cache (Akamai, Fastly), to rewrite (Next.js).
const GATEWAY_PREFIXES: [&str; 10] = [
    "cdn-",
    "edge-",
    "surrogate-",
    "x-accel-",
    "x-envoy-",
    "x-lighttpd-",
    "x-litespeed-",
    "x-middleware-",
    "x-reproxy-",
    "x-sendfile",
];

/// Names of the same effect.
const GATEWAY: [&str; 7] = [
    "cache-tag",
    "cloudflare-cdn-cache-control",
    "x-cache-tags",
    "x-location",
    "x-send-file",
    "x-uwsgi-sendfile",
    "xkey",
];

/// Names of rules for the whole host or the whole browser profile of the site.
const HOST_RULES: [&str; 28] = [
    "accept-ch",
    "activate-storage-access",
    "alt-svc",
    "attribution-reporting-register-source",
    "attribution-reporting-register-trigger",
    "authentication-info",
    "clear-site-data",
    "critical-ch",
    "expect-ct",
    "nel",
    "observe-browsing-topics",
    "origin-agent-cluster",
    "p3p",
    "public-key-pins",
    "public-key-pins-report-only",
    "report-to",
    "sec-session-challenge",
    "sec-session-registration",
    "secure-session-challenge",
    "secure-session-registration",
    "service-worker-allowed",
    "set-cookie2",
    "set-login",
    "shared-storage-write",
    "strict-transport-security",
    "use-as-dictionary",
    "www-authenticate",
    "x-permitted-cross-domain-policies",
];

/// Beginnings and names that let other origins read: that is decided by `edge.allowed_origins`.
const OTHER_ORIGINS_PREFIX: &str = "access-control-";
const OTHER_ORIGINS: &str = "timing-allow-origin";

/// Returns whether a response header is refused.
pub fn is_refused(name: &str) -> bool {
    GATEWAY.contains(&name)
        || HOST_RULES.contains(&name)
        || name == OTHER_ORIGINS
        || name.starts_with(OTHER_ORIGINS_PREFIX)
        || GATEWAY_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// Builds the headers that the page receives. `asked` is the address at CEC.
pub fn to_page(
    from_cec: &HeaderMap,
    settings: &Settings,
    asked: &Url,
    from_page: &HeaderMap,
    refused: &Refused,
) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(from_cec.len());
    let of_connection = named_by_connection(from_cec);
    let chunked = from_cec.contains_key(TRANSFER_ENCODING);
    for (name, value) in from_cec {
        let text = name.as_str();
        if OF_CONNECTION.contains(&text) || of_connection.contains(name) {
            continue;
        }
        if name == CONTENT_LENGTH && chunked {
            continue;
        }
        if is_refused(text) {
            refused.note(Kind::ResponseHeader, text.as_bytes());
        } else if name == SET_COOKIE {
            let edge = &settings.edge;
            let kept = cookies::to_page(value, &edge.prefix, &edge.cookies, refused);
            kept.map(|value| headers.append(SET_COOKIE, value));
        } else if name == LOCATION || name == CONTENT_LOCATION {
            let rewritten = location(value, settings, asked, from_page);
            headers.append(name, rewritten.unwrap_or_else(|| value.clone()));
        } else {
            headers.append(name, value.clone());
        }
    }
    headers
}

/// Rewrites an address at CEC below its base to a path of the site. Returns `None` for any other address,
/// which stays as it is.
fn location(
    value: &HeaderValue,
    settings: &Settings,
    asked: &Url,
    from_page: &HeaderMap,
) -> Option<HeaderValue> {
    // Browsers read bytes that are not ASCII too, as if they were percent-encoded.
    let text = percent_encode(value.as_bytes(), &AsciiSet::EMPTY).to_string();
    let place = asked.join(&text).ok()?;
    // A CEC that receives the page's Host writes it into its own addresses.
    let page_host = from_page.get(HOST).and_then(|host| host.to_str().ok());
    let at_cec = place.origin() == settings.cec.origin.origin()
        || (settings.cec.host == Host::Page
            && page_host == Some(target::authority(&place).as_str()));
    if !at_cec {
        return None;
    }
    if !target::is_below_base(place.path()) {
        // As a path it would lead to the site's own pages.
        return HeaderValue::from_str(place.as_str()).ok();
    }
    let mut path = format!("{}{}", settings.edge.prefix, place.path());
    for (mark, part) in [('?', place.query()), ('#', place.fragment())] {
        if let Some(part) = part {
            path.push(mark);
            path.push_str(part);
        }
    }
    HeaderValue::from_str(&path).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_location_that_is_not_ascii_leads_to_no_page_of_the_site() {
        let mut settings = Settings::new(Url::parse("https://cec.example/").unwrap());
        settings.edge.prefix = "/demo".into();
        let asked = Url::parse("https://cec.example/service-cloud/a").unwrap();
        for (from, to) in [
            ("/admin?é", "https://cec.example/admin?%C3%A9"),
            ("/service-cloud/é", "/demo/service-cloud/%C3%A9"),
        ] {
            let mut from_cec = HeaderMap::new();
            from_cec.insert(LOCATION, HeaderValue::from_bytes(from.as_bytes()).unwrap());
            let refused = Refused::default();
            let sent = to_page(&from_cec, &settings, &asked, &HeaderMap::new(), &refused);
            assert_eq!(sent[LOCATION], to, "{from}");
        }
    }
}
