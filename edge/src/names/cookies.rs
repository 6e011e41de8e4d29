//! Cookies pass by name, in both directions. Under the page's origin a browser sends every cookie of the
//! site, its sessions among them, and a response could set any of them.

use axum::http::HeaderValue;

use super::refused::{Kind, Refused};

/// Cookies that CEC needs: its own (`docs/vendor/huawei.md` §2) and those of Huawei's web application firewall,
/// which binds a client to its backend by them.
pub const BUILT_IN: [&str; 3] = ["ccmessaging-token", "HWWAFSESID", "HWWAFSESTIME"];

/// Returns whether a cookie passes. Names are compared as browsers do: byte by byte.
fn passes(name: &[u8], listed: &[String]) -> bool {
    let listed = listed.iter().map(String::as_str);
    BUILT_IN.into_iter().chain(listed).any(|known| known.as_bytes() == name)
}

/// Reduces a `Cookie` header to the cookies that pass; returns `None` if none does.
pub fn to_cec(value: &HeaderValue, listed: &[String], refused: &Refused) -> Option<HeaderValue> {
    let mut kept: Vec<&[u8]> = Vec::new();
    for pair in value.as_bytes().split(|byte| *byte == b';').map(<[u8]>::trim_ascii) {
        if pair.is_empty() {
            continue;
        }
        if passes(cookie_name(pair), listed) {
            kept.push(pair);
        } else {
            refused.note(Kind::RequestCookie, cookie_name(pair));
        }
    }
    if kept.is_empty() {
        return None;
    }
    let mut value = HeaderValue::from_bytes(&kept.join(&b"; "[..])).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// Rewrites a `Set-Cookie` for the page's host and the proxy's prefix; returns `None` if the cookie does not
/// pass.
pub fn to_page(
    value: &HeaderValue,
    prefix: &str,
    listed: &[String],
    refused: &Refused,
) -> Option<HeaderValue> {
    let mut parts = value.as_bytes().split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
    let cookie = parts.next()?;
    if !passes(cookie_name(cookie), listed) {
        refused.note(Kind::ResponseCookie, cookie_name(cookie));
        return None;
    }
    let mut rewritten = cookie.to_vec();
    for attribute in parts {
        // Without Domain a cookie belongs to the page's host alone.
        if name(attribute).eq_ignore_ascii_case(b"domain") {
            continue;
        }
        rewritten.extend_from_slice(b"; ");
        match path_of(attribute) {
            // `Path=/` stays: a page outside the prefix reads the cookie, as it would at CEC's domain.
            Some(path) if path.starts_with(b"/") && path != b"/" => {
                rewritten.extend_from_slice(b"Path=");
                rewritten.extend_from_slice(prefix.as_bytes());
                rewritten.extend_from_slice(path);
            }
            _ => rewritten.extend_from_slice(attribute),
        }
    }
    let mut value = HeaderValue::from_bytes(&rewritten).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// Returns a cookie's name. One without a name (`=a=1` or `a`, which is sent back as `a`: all of it is a value) has
/// an empty one and never passes.
fn cookie_name(pair: &[u8]) -> &[u8] {
    if pair.contains(&b'=') { name(pair) } else { b"" }
}

/// Returns what precedes the first `=`.
fn name(pair: &[u8]) -> &[u8] {
    pair.split(|byte| *byte == b'=').next().unwrap_or_default().trim_ascii()
}

fn path_of(attribute: &[u8]) -> Option<&[u8]> {
    if !name(attribute).eq_ignore_ascii_case(b"path") {
        return None;
    }
    let at = attribute.iter().position(|byte| *byte == b'=')?;
    Some(attribute[at + 1..].trim_ascii())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn set(value: &'static str, prefix: &str) -> Option<String> {
        let listed = ["route".to_owned()];
        let refused = Refused::default();
        let value = to_page(&HeaderValue::from_static(value), prefix, &listed, &refused)?;
        Some(value.to_str().unwrap().to_owned())
    }

    #[test]
    fn a_cookie_of_cec_becomes_one_of_the_pages_host() {
        for (from, prefix, to) in [
            (
                "ccmessaging-token=abc; Domain=.besclouds.com; Path=/; Secure; HttpOnly; SameSite=None",
                "/demo",
                "ccmessaging-token=abc; Path=/; Secure; HttpOnly; SameSite=None",
            ),
            ("route=b;PATH=/service-cloud;domain=x", "", "route=b; Path=/service-cloud"),
            ("route=b; path = /x ; domain", "", "route=b; Path=/x"),
            (
                "route=b; path=/service-cloud/rest",
                "/demo",
                "route=b; Path=/demo/service-cloud/rest",
            ),
            ("route=b; Path=relative", "/demo", "route=b; Path=relative"),
            ("route=\"x=y\"; Max-Age=1", "/demo", "route=\"x=y\"; Max-Age=1"),
            ("HWWAFSESID=", "/demo", "HWWAFSESID="),
        ] {
            assert_eq!(set(from, prefix).as_deref(), Some(to), "{from}");
        }
    }

    #[test]
    fn no_other_cookie_is_set() {
        for value in [
            "session=evil; Path=/",
            "JSESSIONID=1",
            "__Host-calldock-guest=1",
            "=route=1",
            " = route=1",
            "route",
            "Route=1",
            "CCMESSAGING-TOKEN=1",
            "",
        ] {
            assert_eq!(set(value, ""), None, "{value}");
        }
    }

    #[test]
    fn only_listed_cookies_are_sent_to_cec() {
        let refused = Refused::default();
        let sent = |value: &'static str| {
            let value = to_cec(&HeaderValue::from_static(value), &["route".into()], &refused)?;
            Some(value.to_str().unwrap().to_owned())
        };
        assert_eq!(
            sent("JSESSIONID=1; ccmessaging-token=abc;calldock-guest=2; a; route=3").as_deref(),
            Some("ccmessaging-token=abc; route=3")
        );
        assert_eq!(sent("ccmessaging-token"), None);
        assert_eq!(sent("__Host-calldock-guest=1; JSESSIONID = 2; =route=3"), None);
        let edge = crate::settings::Settings::new("https://cec.example/".parse().unwrap()).edge;
        let report = refused.report(&edge);
        let names: Vec<_> = report.request_cookies.iter().map(|name| name.name.as_str()).collect();
        assert!(names.contains(&"JSESSIONID"), "{names:?}");
        // All of it is a value, which is never kept.
        assert!(!names.contains(&"a"), "{names:?}");
    }
}
