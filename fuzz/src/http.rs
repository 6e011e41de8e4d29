//! The edge's rules, and what both servers read of a request before it is served.

use std::net::IpAddr;

use axum::http::header::{
    CONTENT_LENGTH, CONTENT_LOCATION, COOKIE, HOST, LOCATION, ORIGIN, REFERER, SET_COOKIE,
    TRANSFER_ENCODING,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Uri};
use calldock_edge::names::refused::Refused;
use calldock_edge::names::{cookies as names, request, response};
use calldock_edge::proxy::{pages, target as targets};
use calldock_edge::settings::{Edge, Host, Settings};
use calldock_service::pages::Page;
use calldock_service::{Caller, Gateways, form as forms, network};
use url::Url;

use crate::input::{first_line, headers, text};

const CEC: &str = "https://cec.example/";
const PREFIX: &str = "/demo";

/// The cookies that pass: the built-in ones and a listed one.
const COOKIES: [&str; 4] = ["ccmessaging-token", "HWWAFSESID", "HWWAFSESTIME", "route"];

fn settings(host: Host) -> Settings {
    let mut settings = Settings::new(Url::parse(CEC).expect("an address"));
    settings.cec.host = host;
    settings.edge.prefix = PREFIX.into();
    settings.edge.cookies = vec!["route".into()];
    settings.edge.headers = vec![HeaderName::from_static("x-own")];
    settings.edge.allowed_origins = vec!["https://listed.example".into()];
    settings
}

fn gateways() -> Gateways {
    let networks = ["127.0.0.1", "10.0.0.0/8", "fd00::/8"];
    Gateways::new(networks.map(|text| network(text).expect("a network")))
}

/// Who calls: a gateway or an unknown caller.
fn called_by(gateway: bool, over_tls: bool, headers: &HeaderMap) -> Caller {
    let peer = if gateway { [127, 0, 0, 1] } else { [203, 0, 113, 9] };
    Caller::new(peer.into(), over_tls, headers, &gateways())
}

/// The first line of an input: `page` (CEC receives the page's Host), `gateway`, `tls`.
fn flags(line: &[u8]) -> (Host, bool, bool) {
    let line = text(line);
    let host = if line.contains("page") { Host::Page } else { Host::Cec };
    (host, line.contains("gateway"), line.contains("tls"))
}

/// Request headers: nothing passes that is not listed, and what the edge writes is well formed.
pub fn request_headers(data: &[u8]) {
    let (line, rest) = first_line(data);
    let (host, gateway, tls) = flags(line);
    let (settings, from_page) = (settings(host), headers(rest));
    let caller = called_by(gateway, tls, &from_page);
    let refused = Refused::default();
    let sent = request::to_cec(&from_page, &settings, &caller, &refused);
    for (name, value) in &sent {
        assert!(may_reach_cec(name.as_str(), host), "{name}");
        if name == REFERER {
            let url = Url::parse(value.to_str().expect("ASCII")).expect("an address");
            assert!(url.path() == "/" && url.query().is_none() && url.username().is_empty());
        }
        if name == COOKIE {
            assert!(value.is_sensitive());
            for pair in value.as_bytes().split(|byte| *byte == b';') {
                assert!(COOKIES.contains(&&*cookie_name(pair)), "{value:?}");
            }
        }
    }
    for name in ["x-real-ip", "x-forwarded-for", "x-forwarded-proto"] {
        assert_eq!(sent.get_all(name).iter().count(), 1, "{name}");
    }
    let hops = sent["x-forwarded-for"].to_str().expect("ASCII");
    let hops: Vec<IpAddr> = hops.split(", ").map(|hop| hop.parse().expect("address")).collect();
    assert_eq!(hops.last(), Some(&caller.peer));
    let real: IpAddr = sent["x-real-ip"].to_str().expect("ASCII").parse().expect("address");
    assert!(real == caller.address && hops.contains(&real));
    assert!(!from_page.contains_key(TRANSFER_ENCODING) || !sent.contains_key(CONTENT_LENGTH));
    let again = request::to_cec(&sent, &settings, &caller, &refused);
    if !from_page.contains_key(HOST) || host == Host::Page {
        assert_eq!(again, sent, "what passed passes again");
    }
    reported(&refused, &settings.edge);
}

/// The list of docs/en/operate/edge.md, written a second time.
fn may_reach_cec(name: &str, host: Host) -> bool {
    const WRITTEN: [&str; 7] = [
        "content-length",
        "cookie",
        "referer",
        "x-real-ip",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-proto",
    ];
    const PASS: [&str; 14] = [
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
        "x-own",
    ];
    WRITTEN.contains(&name)
        || PASS.contains(&name)
        || ["accept-", "content-", "if-", "sec-fetch-"]
            .iter()
            .any(|prefix| name.starts_with(prefix))
        || (name == "host" && host == Host::Page)
}

/// Names that are reported can be written into a settings file.
fn reported(refused: &Refused, edge: &Edge) {
    let report = refused.report(edge);
    for line in &report.add {
        assert!(!line.contains(|c: char| c.is_control() || c == '\\'), "{line}");
        assert_eq!(line.matches('"').count() % 2, 0, "{line}");
    }
    for name in report.request_cookies.iter().chain(&report.response_cookies) {
        assert!(name.name.len() <= 64 && name.name.is_ascii());
    }
}

/// Response headers: nothing instructs the gateway or the site's host, and no address leads out of the prefix.
pub fn response_headers(data: &[u8]) {
    let (line, rest) = first_line(data);
    let (host, ..) = flags(line);
    let (settings, from_cec) = (settings(host), headers(rest));
    let asked = Url::parse("https://cec.example/service-cloud/a/b").expect("an address");
    let page = HeaderValue::from_static("shop.example");
    let refused = Refused::default();
    let sent = response::to_page(&from_cec, &settings, &asked, Some(&page), &refused);
    for (name, value) in &sent {
        let text = name.as_str();
        assert!(!response::is_refused(text), "{text}");
        assert!(!text.starts_with("access-control-") && !text.starts_with("x-accel-"), "{text}");
        let of_connection = ["connection", "keep-alive", "transfer-encoding", "upgrade", "trailer"];
        assert!(!of_connection.contains(&text), "{text}");
        if name == SET_COOKIE {
            is_a_cookie_of_the_page(value);
        }
        if name == LOCATION || name == CONTENT_LOCATION {
            stays_within_the_prefix(value);
        }
    }
    assert!(!from_cec.contains_key(TRANSFER_ENCODING) || !sent.contains_key(CONTENT_LENGTH));
    reported(&refused, &settings.edge);
}

/// As a browser reads it on the page: an address of the site is one below the prefix.
fn stays_within_the_prefix(value: &HeaderValue) {
    let page = Url::parse("https://shop.example/demo/service-cloud/a/b").expect("an address");
    let Ok(place) = page.join(&text(value.as_bytes())) else { return };
    if place.origin() == page.origin() {
        let rest = place.path().strip_prefix(PREFIX).unwrap_or_default();
        assert!(targets::is_below_base(rest), "{value:?} leads to {place}");
    }
}

/// Cookies: only listed names, none of another host; filtering again changes nothing.
pub fn cookies(data: &[u8]) {
    let Ok(value) = HeaderValue::from_bytes(data.trim_ascii()) else { return };
    let listed = ["route".to_owned()];
    let refused = Refused::default();
    if let Some(sent) = names::to_cec(&value, &listed, &refused) {
        assert!(sent.len() <= value.len() * 2);
        for pair in sent.as_bytes().split(|byte| *byte == b';') {
            assert!(COOKIES.contains(&&*cookie_name(pair)), "{sent:?}");
        }
        assert_eq!(names::to_cec(&sent, &listed, &refused), Some(sent));
    }
    if let Some(set) = names::to_page(&value, PREFIX, &listed, &refused) {
        is_a_cookie_of_the_page(&set);
        let pair = |value: &HeaderValue| {
            value
                .as_bytes()
                .split(|byte| *byte == b';')
                .next()
                .map(|pair| pair.trim_ascii().to_vec())
        };
        assert_eq!(pair(&set), pair(&value), "name and value stay");
    }
    reported(&refused, &settings(Host::Cec).edge);
}

fn is_a_cookie_of_the_page(value: &HeaderValue) {
    let mut parts = value.as_bytes().split(|byte| *byte == b';');
    let pair = parts.next().unwrap_or_default();
    assert!(pair.contains(&b'=') && COOKIES.contains(&&*cookie_name(pair)), "{value:?}");
    for part in parts {
        let name = cookie_name(part).to_ascii_lowercase();
        assert!(name != "domain", "{value:?}");
        let path = part.split(|byte| *byte == b'=').nth(1).unwrap_or_default().trim_ascii();
        if name == "path" && path.starts_with(b"/") && path != b"/" {
            assert!(path.starts_with(PREFIX.as_bytes()), "{value:?}");
        }
    }
}

/// What a browser takes for the name: everything before the first `=`, without spaces around it.
fn cookie_name(pair: &[u8]) -> String {
    let name = pair.split(|byte| *byte == b'=').next().unwrap_or_default();
    text(name.trim_ascii()).into_owned()
}

/// A request's path: the configured host, below the base, however often it is decoded. And which pages may
/// call.
pub fn target(data: &[u8]) {
    let (line, rest) = first_line(data);
    let cec = Url::parse(CEC).expect("an address");
    if let Ok(uri) = Uri::try_from(line)
        && let Some(url) = targets::at_vendor(&cec, PREFIX, &uri)
    {
        assert!(url.origin() == cec.origin() && url.username().is_empty());
        assert!(url.password().is_none() && url.fragment().is_none());
        let decode = |text: &str| {
            let bytes = percent_encoding::percent_decode_str(text);
            bytes.decode_utf8().expect("an unambiguous path is UTF-8").into_owned()
        };
        let sent = uri.path().strip_prefix(PREFIX).expect("the prefix");
        assert_eq!(decode(url.path()), decode(sent), "the path names the same place");
        let mut path = url.path().to_owned();
        for _ in 0..5 {
            assert!(targets::is_below_base(&path), "{path}");
            assert!(!path.contains(|c: char| c == '\\' || c.is_control()), "{path:?}");
            let dots =
                |segment: &str| [".", ".."].contains(&segment.split(';').next().unwrap_or(""));
            assert!(!path.split('/').any(dots), "{path}");
            path = decode(&path);
        }
    }
    may_call(&headers(rest));
}

/// A page of another origin changes nothing at CEC.
fn may_call(headers: &HeaderMap) {
    let settings = settings(Host::Cec);
    let caller = called_by(false, true, headers);
    let page = pages::judge(&Method::POST, headers, &caller, &settings.edge);
    let reads = pages::judge(&Method::GET, headers, &caller, &settings.edge);
    assert!(page.is_err() || reads.is_ok(), "who may write may read");
    let origin = headers.get(ORIGIN).map(HeaderValue::as_bytes);
    match page {
        Err(_) => {}
        Ok(Page::Listed(listed)) => {
            assert!(listed == "https://listed.example" && Some(listed.as_bytes()) == origin);
        }
        Ok(Page::Other(_)) => panic!("a page of another origin may not post"),
        Ok(Page::Own) => match headers.get("sec-fetch-site").map(HeaderValue::as_bytes) {
            Some(site) => assert!(site == b"same-origin" || site == b"none"),
            None => {
                let Some(origin) = origin else { return };
                let origin = Url::parse(&text(origin)).expect("an origin");
                let host = headers[HOST].to_str().expect("ASCII");
                let place = Url::parse(&format!("https://{host}/")).expect("a host");
                assert_eq!(origin.origin(), place.origin());
            }
        },
    }
}

/// Who is calling: an unknown caller's words never count, and a gateway's are read from the right.
pub fn caller(data: &[u8]) {
    let (line, rest) = first_line(data);
    let (_, gateway, tls) = flags(line);
    let headers = headers(rest);
    let found = called_by(gateway, tls, &headers);
    let known = gateways();
    assert_eq!(found.by_gateway, gateway);
    assert!(found.hops.len() <= 33 && found.hops.last() == Some(&found.peer));
    assert!(found.hops.contains(&found.address));
    assert!(!format!("{found:?}").contains(&found.address.to_string()));
    let right_of_it = found.hops.iter().rev().take_while(|hop| **hop != found.address);
    assert!(right_of_it.clone().all(|hop| known.contains(*hop)), "only gateways are passed over");
    if !gateway {
        assert_eq!((found.address, found.https), (found.peer, tls));
        assert_eq!(found.host.as_ref(), headers.get(HOST));
        return;
    }
    // An unknown caller writes on the left of what the gateway appends.
    let mut longer = headers.clone();
    longer.append("x-forwarded-for", HeaderValue::from_static("198.51.100.7"));
    longer.append("x-forwarded-proto", HeaderValue::from_static("https"));
    longer.append("x-forwarded-host", HeaderValue::from_static("shop.example"));
    let behind = called_by(true, false, &longer);
    assert_eq!(behind.address, IpAddr::from([198, 51, 100, 7]));
    assert!(behind.https && behind.host.is_some_and(|host| host == "shop.example"));
}

/// A request that two readers could understand differently is refused: one host, one coding. And addresses
/// of networks.
pub fn form(data: &[u8]) {
    let (line, rest) = first_line(data);
    let line_text = text(line);
    if let Ok(network) = network(&line_text) {
        assert!(network.prefix_len() > 0 && network == network.trunc());
        assert_eq!(calldock_service::network(&network.to_string()), Ok(network));
        assert!(Gateways::new([network]).contains(network.addr()));
    }
    let Ok(uri) = Uri::try_from(line) else { return };
    let mut request = Request::new(());
    *request.uri_mut() = uri;
    *request.headers_mut() = headers(rest);
    if forms::check(&request).is_err() {
        return;
    }
    let (uri, headers) = (request.uri(), request.headers());
    assert_eq!(headers.get_all(HOST).iter().count(), 1);
    let host = text(headers[HOST].as_bytes()).to_ascii_lowercase();
    assert!(!host.contains(['@', '/', ' ', ',']), "{host}");
    if let Some(authority) = uri.authority() {
        assert!(uri.scheme().is_some());
        assert_eq!(authority.as_str().to_ascii_lowercase(), host);
    }
    let codings: Vec<_> = headers.get_all(TRANSFER_ENCODING).iter().collect();
    assert!(matches!(&codings[..], [] | [_]));
    assert!(codings.iter().all(|coding| coding.as_bytes().eq_ignore_ascii_case(b"chunked")));
}
