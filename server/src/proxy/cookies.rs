//! CEC's cookies become the page's own, the site's own stay at home.
//!
//! Under the page's origin a browser sends everything it has for that origin, the shop's session among
//! it; and an answer may set everything, that session too. Names in `cec.private_cookies`, and the
//! cookies this server sets itself, pass in neither direction.

use axum::http::HeaderValue;

use crate::identity::guest;
use crate::identity::local::sessions;

/// This server's own.
const OWN: [&str; 4] =
    [guest::SECURE_COOKIE, guest::PLAIN_COOKIE, sessions::SECURE_COOKIE, sessions::PLAIN_COOKIE];

/// Whether a cookie is the site's own. Names are compared as browsers do, letter by letter.
fn is_private(name: &[u8], private: &[String]) -> bool {
    OWN.into_iter().chain(private.iter().map(String::as_str)).any(|known| known.as_bytes() == name)
}

/// A `Cookie` header without the site's own; nothing if nothing is left.
pub fn to_vendor(value: &HeaderValue, private: &[String]) -> Option<HeaderValue> {
    let kept: Vec<_> = value
        .as_bytes()
        .split(|byte| *byte == b';')
        .map(<[u8]>::trim_ascii)
        .filter(|pair| !pair.is_empty() && !is_private(name(pair), private))
        .collect();
    if kept.is_empty() {
        return None;
    }
    let mut value = HeaderValue::from_bytes(&kept.join(&b"; "[..])).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// A `Set-Cookie` for the page's own host and below the proxy's prefix; nothing if it is the site's own.
pub fn to_page(value: &HeaderValue, prefix: &str, private: &[String]) -> Option<HeaderValue> {
    let mut parts = value.as_bytes().split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
    let cookie = parts.next()?;
    if is_private(name(cookie), private) {
        return None;
    }
    let mut rewritten = cookie.to_vec();
    for attribute in parts {
        // Without a Domain a cookie is its host's alone: the page's.
        if name(attribute).eq_ignore_ascii_case(b"domain") {
            continue;
        }
        rewritten.extend_from_slice(b"; ");
        match path_of(attribute) {
            // The whole host; a page outside of the prefix is to see it, as it would at CEC's domain.
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

/// The name a server reads. Of `=JSESSIONID=1` a browser keeps a cookie without a name, and sends it as
/// `JSESSIONID=1`.
fn name(pair: &[u8]) -> &[u8] {
    let unnamed = |byte: &u8| *byte == b'=' || byte.is_ascii_whitespace();
    let at = pair.iter().take_while(|byte| unnamed(byte)).count();
    pair[at..].split(|byte| *byte == b'=').next().unwrap_or_default().trim_ascii()
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
    use super::*;

    fn set(value: &'static str, prefix: &str) -> Option<String> {
        let private = ["JSESSIONID".to_owned()];
        let value = to_page(&HeaderValue::from_static(value), prefix, &private)?;
        Some(value.to_str().unwrap().to_owned())
    }

    #[test]
    fn a_cookie_of_cecs_becomes_the_pages_own() {
        for (from, prefix, to) in [
            (
                "ccmessaging-token=abc; Domain=.besclouds.com; Path=/; Secure; HttpOnly; SameSite=None",
                "/demo",
                "ccmessaging-token=abc; Path=/; Secure; HttpOnly; SameSite=None",
            ),
            ("a=b;PATH=/service-cloud;domain=x", "", "a=b; Path=/service-cloud"),
            ("a=b; path=/service-cloud/rest", "/demo", "a=b; Path=/demo/service-cloud/rest"),
            ("a=b; Path=relative", "/demo", "a=b; Path=relative"),
            ("a=\"x=y\"; Max-Age=1", "/demo", "a=\"x=y\"; Max-Age=1"),
            ("a=", "/demo", "a="),
        ] {
            assert_eq!(set(from, prefix).as_deref(), Some(to), "{from}");
        }
        for private in [
            "JSESSIONID=1; Path=/",
            " calldock-guest =1",
            "__Host-calldock-guest=1",
            "=JSESSIONID=1; Path=/",
            " = \t=JSESSIONID=1",
            "JSESSIONID",
        ] {
            assert_eq!(set(private, ""), None, "{private}");
        }
        assert!(set("jsessionid=1", "").is_some(), "another cookie");
    }

    #[test]
    fn the_sites_own_cookies_stay_at_home() {
        let private = ["JSESSIONID".to_owned()];
        let sent = |value: &'static str| {
            let value = to_vendor(&HeaderValue::from_static(value), &private)?;
            Some(value.to_str().unwrap().to_owned())
        };
        assert_eq!(
            sent("JSESSIONID=1; ccmessaging-token=abc;calldock-guest=2; a").as_deref(),
            Some("ccmessaging-token=abc; a")
        );
        assert_eq!(sent("__Host-calldock-guest=1; JSESSIONID = 2; =JSESSIONID=3"), None);
    }
}
