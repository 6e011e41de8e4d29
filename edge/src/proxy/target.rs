//! Turns a request's path into an address at CEC, and at no other host.

use axum::http::Uri;
use url::Url;

/// The base CEC recognises requests by: "由于云客服只有识别到service-cloud，才会识别该请求" (CEC guide, 1.7.1).
pub const BASE: &str = "/service-cloud";

/// How often a path is decoded before it is refused.
const ROUNDS: usize = 4;

/// Returns the address at the configured origin, or `None` if any server on the way could read the path as one
/// outside [`BASE`]. The request's own authority is ignored.
pub fn at_vendor(origin: &Url, prefix: &str, uri: &Uri) -> Option<Url> {
    let path = uri.path().strip_prefix(prefix)?;
    if !is_below_base(path) || !is_unambiguous(path) {
        return None;
    }
    let mut url = origin.clone();
    url.set_path(path);
    url.set_query(uri.query());
    (url.origin() == origin.origin() && is_below_base(url.path())).then_some(url)
}

/// Returns whether a path is [`BASE`] or lies below it.
pub fn is_below_base(path: &str) -> bool {
    path.strip_prefix(BASE).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Returns whether a path names the same place however often it is decoded: no dot segments (also not before
/// a `;`, where Java's servers cut), no backslashes, no control characters, no encoded slashes, nothing that is
/// not UTF-8 (an over-long dot is such).
pub fn is_unambiguous(path: &str) -> bool {
    let slashes = path.matches('/').count();
    let mut text = path.to_owned();
    for _ in 0..ROUNDS {
        let dots = |segment: &str| matches!(segment.split(';').next(), Some("." | ".."));
        if text.split('/').any(dots)
            || text.contains(|c: char| c == '\\' || c.is_control())
            || text.matches('/').count() != slashes
        {
            return false;
        }
        match percent_encoding::percent_decode_str(&text).decode_utf8() {
            Err(_) => return false,
            Ok(decoded) if decoded == text => return true,
            Ok(decoded) => text = decoded.into_owned(),
        }
    }
    false
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn at(prefix: &str, uri: &str) -> Option<String> {
        let origin = Url::parse("https://cec.example/").unwrap();
        at_vendor(&origin, prefix, &uri.parse().unwrap()).map(String::from)
    }

    #[test]
    fn a_path_goes_to_the_configured_host_without_the_prefix() {
        for (prefix, uri, expected) in [
            ("", "/service-cloud/a.js?&t=1", "https://cec.example/service-cloud/a.js?&t=1"),
            ("", "/service-cloud", "https://cec.example/service-cloud"),
            (
                "",
                "/service-cloud/a//b;v=1/%E5%BC%A0",
                "https://cec.example/service-cloud/a//b;v=1/%E5%BC%A0",
            ),
            (
                "/demo",
                "/demo/service-cloud/x?u=/../..",
                "https://cec.example/service-cloud/x?u=/../..",
            ),
            ("", "http://evil.example/service-cloud/x", "https://cec.example/service-cloud/x"),
            (
                "",
                "http://user@evil.example:1/service-cloud/x",
                "https://cec.example/service-cloud/x",
            ),
        ] {
            assert_eq!(at(prefix, uri).as_deref(), Some(expected), "{uri}");
        }
    }

    #[test]
    fn an_ambiguous_path_is_refused() {
        for uri in [
            "/",
            "/service-cloudy/x",
            "/other/service-cloud/x",
            "/service-cloud/../admin",
            "/service-cloud/..",
            "/service-cloud/./x",
            "/service-cloud/%2e%2e/admin",
            "/service-cloud/.%2E/admin",
            "/service-cloud/..%2fadmin",
            "/service-cloud/%252e%252e/admin",
            "/service-cloud/%25252e%25252e/admin",
            "/service-cloud/..%5cadmin",
            "/service-cloud/..;/admin",
            "/service-cloud/..;x=1/admin",
            "/service-cloud/%2e%2e%3b/admin",
            "/service-cloud/%c0%ae%c0%ae/admin",
            "/service-cloud/a%00b",
            "/service-cloud/a%0d%0ab",
            "/service-cloud%2f..%2fadmin",
            "/service-cloud/a%2fb",
            "/%73ervice-cloud/x",
            "//evil.example/service-cloud/x",
            "/service-cloud@evil.example/x",
        ] {
            assert_eq!(at("", uri), None, "{uri}");
        }
        assert_eq!(at("/demo", "/service-cloud/x"), None);
        assert_eq!(at("/demo", "/demo/../service-cloud/x"), None);
    }

    proptest! {
        #[test]
        fn only_the_configured_host_is_ever_reached(rest in "[!-~]{0,40}") {
            if let Ok(uri) = format!("/service-cloud/{rest}").parse::<Uri>() {
                let origin = Url::parse("https://cec.example/").unwrap();
                if let Some(url) = at_vendor(&origin, "", &uri) {
                    prop_assert_eq!(url.origin(), origin.origin());
                    prop_assert!(url.path().starts_with("/service-cloud/") && !url.path().contains("/../"));
                    prop_assert!(url.username().is_empty() && url.password().is_none());
                }
            }
        }
    }
}
