//! What goes on and what does not, in both directions.

use std::net::IpAddr;

use axum::http::header::{
    ALT_SVC, AUTHORIZATION, CONNECTION, CONTENT_LENGTH, CONTENT_LOCATION, COOKIE, EXPECT,
    FORWARDED, HOST, LOCATION, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, SET_COOKIE,
    STRICT_TRANSPORT_SECURITY, TE, TRAILER, TRANSFER_ENCODING, UPGRADE,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

use super::{cookies, target};
use crate::caller::{Caller, X_FORWARDED_FOR, X_FORWARDED_HOST, X_FORWARDED_PROTO};
use crate::config::{HostHeader, ProxyConfig};

/// Headers of one connection (RFC 9110 §7.6.1), beside those that `Connection` names.
const HOP_BY_HOP: [HeaderName; 9] = [
    CONNECTION,
    PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION,
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
];

/// Words about the caller that only a gateway may say.
const ABOUT_THE_CALLER: [HeaderName; 6] = [
    FORWARDED,
    X_FORWARDED_FOR,
    X_FORWARDED_HOST,
    X_FORWARDED_PROTO,
    HeaderName::from_static("x-forwarded-port"),
    X_REAL_IP,
];

const X_REAL_IP: HeaderName = HeaderName::from_static("x-real-ip");

/// Rules an answer makes for its whole host: under the page's origin they would be the site's. With `NEL`
/// and `Report-To` browsers would report on every page of the site to an address of CEC's choosing.
const ABOUT_THE_HOST: [HeaderName; 13] = [
    ALT_SVC,
    STRICT_TRANSPORT_SECURITY,
    HeaderName::from_static("accept-ch"),
    HeaderName::from_static("clear-site-data"),
    HeaderName::from_static("critical-ch"),
    HeaderName::from_static("nel"),
    HeaderName::from_static("origin-agent-cluster"),
    HeaderName::from_static("public-key-pins"),
    HeaderName::from_static("public-key-pins-report-only"),
    HeaderName::from_static("report-to"),
    HeaderName::from_static("secure-session-registration"),
    HeaderName::from_static("service-worker-allowed"),
    HeaderName::from_static("set-login"),
];

/// The headers of a request as CEC gets them.
pub fn to_vendor(from_page: &HeaderMap, config: &ProxyConfig, caller: &Caller) -> HeaderMap {
    let mut headers = from_page.clone();
    drop_hop_by_hop(&mut headers);
    headers.remove(EXPECT);
    for name in &config.private_headers {
        headers.remove(name);
    }
    // A site behind a password has the browser send it with everything: it is the site's.
    if headers.get(AUTHORIZATION).is_some_and(is_basic) {
        headers.remove(AUTHORIZATION);
    }
    let sent = headers.get_all(COOKIE).iter();
    let kept: Vec<_> =
        sent.filter_map(|value| cookies::to_vendor(value, &config.private_cookies)).collect();
    headers.remove(COOKIE);
    for value in kept {
        headers.append(COOKIE, value);
    }
    tell_of_caller(&mut headers, caller);
    if config.host == HostHeader::Replace {
        // The client writes the address's own.
        headers.remove(HOST);
    }
    headers
}

/// `X-Real-IP` and `X-Forwarded-*` as the guide's nginx sends them; a stranger's own words are dropped.
fn tell_of_caller(headers: &mut HeaderMap, caller: &Caller) {
    for name in ABOUT_THE_CALLER {
        headers.remove(name);
    }
    let way: Vec<_> = caller.way.iter().map(IpAddr::to_string).collect();
    put(headers, X_REAL_IP, &caller.address.to_string());
    put(headers, X_FORWARDED_FOR, &way.join(", "));
    put(headers, X_FORWARDED_PROTO, if caller.https { "https" } else { "http" });
    if let Some(host) = &caller.host {
        headers.insert(X_FORWARDED_HOST, host.clone());
    }
}

/// The headers of an answer as the page gets them.
pub fn to_page(
    mut headers: HeaderMap,
    config: &ProxyConfig,
    asked: &Url,
    from_page: &HeaderMap,
) -> HeaderMap {
    drop_hop_by_hop(&mut headers);
    for name in ABOUT_THE_HOST {
        headers.remove(name);
    }
    // Which pages may read the answer is browser.allowed_origins' to say.
    let cors: Vec<_> = headers
        .keys()
        .filter(|name| name.as_str().starts_with("access-control-"))
        .cloned()
        .collect();
    for name in cors {
        headers.remove(name);
    }
    let set = headers.get_all(SET_COOKIE).iter();
    let kept: Vec<_> = set
        .filter_map(|value| cookies::to_page(value, &config.prefix, &config.private_cookies))
        .collect();
    headers.remove(SET_COOKIE);
    for value in kept {
        headers.append(SET_COOKIE, value);
    }
    for name in [LOCATION, CONTENT_LOCATION] {
        let place = headers.get(&name).and_then(|value| location(value, config, asked, from_page));
        if let Some(place) = place {
            headers.insert(name, place);
        }
    }
    headers
}

/// A place at CEC below its base, as a path of ours; nothing for any other place, which stays as it is.
fn location(
    value: &HeaderValue,
    config: &ProxyConfig,
    asked: &Url,
    from_page: &HeaderMap,
) -> Option<HeaderValue> {
    let place = asked.join(value.to_str().ok()?).ok()?;
    // A CEC that is passed the page's Host writes it into its own addresses.
    let of_page = from_page.get(HOST).and_then(|host| host.to_str().ok());
    let here = place.origin() == config.origin.origin()
        || (config.host == HostHeader::Pass
            && of_page == Some(crate::address::host_header(&place).as_str()));
    if !here {
        return None;
    }
    if !target::is_below_base(place.path()) {
        // Ours is only what lies below the base: a path alone would lead to the site's own pages.
        return HeaderValue::from_str(place.as_str()).ok();
    }
    let mut path = format!("{}{}", config.prefix, place.path());
    for (mark, part) in [('?', place.query()), ('#', place.fragment())] {
        if let Some(part) = part {
            path.push(mark);
            path.push_str(part);
        }
    }
    HeaderValue::from_str(&path).ok()
}

fn drop_hop_by_hop(headers: &mut HeaderMap) {
    if headers.contains_key(TRANSFER_ENCODING) {
        // Of two lengths the chunks' is the true one (RFC 9112 §6.3); nobody after us is to see both.
        headers.remove(CONTENT_LENGTH);
    }
    let named: Vec<_> = headers
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse::<HeaderName>().ok())
        .collect();
    for name in named.into_iter().chain(HOP_BY_HOP) {
        headers.remove(name);
    }
}

fn is_basic(value: &HeaderValue) -> bool {
    value.as_bytes().get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"basic "))
}

fn put(headers: &mut HeaderMap, name: HeaderName, text: &str) {
    if let Ok(value) = HeaderValue::from_str(text) {
        headers.insert(name, value);
    }
}
