//! Response headers pass by deny-list: whatever instructs the gateway in front, sets a rule for the site's
//! whole host, or lets other origins read.

use axum::http::header::{
    CONTENT_LENGTH, CONTENT_LOCATION, LOCATION, SET_COOKIE, TRANSFER_ENCODING,
};
use axum::http::{HeaderMap, HeaderValue};
use calldock_service::names;
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
const HOST_RULES: [&str; 29] = [
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
    "refresh",
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

/// Builds the headers that the page receives. `url` is the address at CEC, `host` the one that the page called.
pub fn to_page(
    from_cec: &HeaderMap,
    settings: &Settings,
    url: &Url,
    host: Option<&HeaderValue>,
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
            location(value, settings, url, host).map(|value| headers.append(name, value));
        } else {
            headers.append(name, value.clone());
        }
    }
    headers
}

/// Rewrites an address at CEC below its base to a path of the site. `None` for a page of the site itself, to which
/// CEC may not lead, and for what is no address. Any other address is written in full, or stays as it is.
fn location(
    value: &HeaderValue,
    settings: &Settings,
    url: &Url,
    host: Option<&HeaderValue>,
) -> Option<HeaderValue> {
    let prefix = &*settings.edge.prefix;
    // Browsers read bytes that are not ASCII too, as if they were percent-encoded.
    let text = percent_encode(value.as_bytes(), &AsciiSet::EMPTY).to_string();
    // The scheme of CEC is not that of the page, and they read `http:/path` differently: such a text never passes.
    let place = url.join(&text).ok()?;
    let named = host.is_some_and(|host| names(host, &place));
    let at_page = named || settings.edge.public_origins.are_at(&place);
    // A CEC that receives the page's Host writes it into its own addresses.
    let at_cec = place.origin() == settings.cec.origin.origin()
        || (settings.cec.host == Host::Page && at_page);
    let below = |path: &str| target::is_below_base(path) && target::is_unambiguous(path);
    if at_cec && below(place.path()) {
        let mut path = format!("{prefix}{}", place.path());
        for (mark, part) in [('?', place.query()), ('#', place.fragment())] {
            if let Some(part) = part {
                path.push(mark);
                path.push_str(part);
            }
        }
        return HeaderValue::from_str(&path).ok();
    }
    if at_page {
        place.path().strip_prefix(prefix).filter(|path| below(path))?;
    }
    // Without a scheme it has the page's. As a path it would lead to the site's own pages.
    let is_whole = at_cec || !text.starts_with(['/', '\\']);
    if is_whole { HeaderValue::from_str(place.as_str()).ok() } else { Some(value.clone()) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// What a page at `https://shop.example/` gets for a `Location`, with the prefix `/demo`.
    fn located(from: &str, host: Host) -> Option<String> {
        let mut settings = Settings::new(Url::parse("https://cec.example/").unwrap());
        settings.edge.prefix = "/demo".into();
        let public = vec!["https://shop.example".to_owned(), "https://public.example".to_owned()];
        settings.edge.public_origins = calldock_service::PublicOrigins::new(public);
        settings.cec.host = host;
        let url = Url::parse("https://cec.example/service-cloud/a").unwrap();
        let mut from_cec = HeaderMap::new();
        from_cec.insert(LOCATION, HeaderValue::from_bytes(from.as_bytes()).unwrap());
        let page = HeaderValue::from_static("shop.example");
        let sent = to_page(&from_cec, &settings, &url, Some(&page), &Refused::default());
        sent.get(LOCATION).map(|value| value.to_str().unwrap().to_owned())
    }

    /// What a list of `deploy/nginx/service-cloud.js` has.
    fn listed<'a>(script: &'a str, list: &str) -> Vec<&'a str> {
        let (_, rest) = script.split_once(&format!("const {list} = [")).unwrap();
        let (items, _) = rest.split_once(']').unwrap();
        items
            .split(',')
            .map(|item| item.trim().trim_matches('\''))
            .filter(|item| !item.is_empty())
            .collect()
    }

    #[test]
    fn the_files_for_nginx_refuse_the_same_headers() {
        let deployed = concat!(env!("CARGO_MANIFEST_DIR"), "/../deploy/nginx/service-cloud");
        let [script, stock] = ["js", "conf"]
            .map(|kind| std::fs::read_to_string(format!("{deployed}.{kind}")).unwrap());
        let mut names = [&GATEWAY[..], &HOST_RULES, &[OTHER_ORIGINS]].concat();
        let mut prefixes = [&GATEWAY_PREFIXES[..], &[OTHER_ORIGINS_PREFIX]].concat();
        names.sort_unstable();
        prefixes.sort_unstable();
        assert_eq!(listed(&script, "NAMES"), names);
        assert_eq!(listed(&script, "PREFIXES"), prefixes);
        // Stock nginx refuses by exact names only, and those of X-Accel- by itself.
        let hidden =
            stock.lines().filter_map(|line| line.trim().strip_prefix("proxy_hide_header "));
        let hidden: Vec<_> =
            hidden.map(|name| name.trim_end_matches(';').to_ascii_lowercase()).collect();
        for name in names {
            assert!(hidden.iter().any(|hidden| hidden == name), "{name}");
        }
        for prefix in prefixes.into_iter().filter(|prefix| *prefix != "x-accel-") {
            assert!(hidden.iter().any(|hidden| hidden.starts_with(prefix)), "{prefix}");
        }
        for name in hidden {
            assert!(is_refused(&name) || name == "set-cookie", "{name}");
        }
    }

    #[test]
    fn a_location_that_is_not_ascii_leads_to_no_page_of_the_site() {
        for (from, to) in [
            ("/admin?é", "https://cec.example/admin?%C3%A9"),
            ("/service-cloud/é", "/demo/service-cloud/%C3%A9"),
            // A server on the way may decode it and leave the base.
            ("/service-cloud/..%2fadmin", "https://cec.example/service-cloud/..%2fadmin"),
            ("/service-cloud/..;/admin", "https://cec.example/service-cloud/..;/admin"),
            // A page without TLS would read these as its own paths.
            ("http:/admin", "http://admin/"),
            ("http:admin", "http://admin/"),
            ("http:\\\\admin", "http://admin/"),
        ] {
            assert_eq!(located(from, Host::Cec).as_deref(), Some(to), "{from}");
        }
        assert_eq!(located("http:/%zz", Host::Cec), None);
    }

    #[test]
    fn a_location_leads_to_no_page_of_the_site_by_its_whole_address() {
        for host in [Host::Cec, Host::Page] {
            for from in [
                "https://shop.example/",
                "http://shop.example/admin",
                "//shop.example/demo",
                "https://shop.example:443/demo/service-cloud/../../admin",
                "https://user@shop.example/admin",
                "https://shop.example/demo/service-cloud/..%2f..%2fadmin",
                "https://public.example/logout",
                "http://public.example:80/logout",
            ] {
                assert_eq!(located(from, host), None, "{from}");
            }
            for (from, to) in [
                (
                    "https://shop.example/demo/service-cloud/a",
                    "https://shop.example/demo/service-cloud/a",
                ),
                ("https://other.example/a", "https://other.example/a"),
                ("https://shop.example:8443/a", "https://shop.example:8443/a"),
                ("https://cec.example/service-cloud/b?c#d", "/demo/service-cloud/b?c#d"),
            ] {
                assert_eq!(located(from, host).as_deref(), Some(to), "{from}");
            }
        }
        let from = "https://shop.example/service-cloud/a";
        assert_eq!(located(from, Host::Page).as_deref(), Some("/demo/service-cloud/a"));
        assert_eq!(located(from, Host::Cec), None);
    }
}
