//! The path under which CEC responds (`docs/vendor/huawei.md` §2), and whether a response is a script.

use crate::error::Error;
use crate::redact;
use crate::text::address::is_safe;
use crate::text::scan::{find, split};

/// Checks the path under which CEC responds and returns it without a slash at its end.
///
/// CEC knows a request by `/service-cloud` (CEC guide, 1.7.1), so a path without it is refused.
///
/// # Errors
/// [`crate::Code::InvalidOption`].
pub fn context_path(path: &str) -> Result<&str, Error> {
    after(0, path)
}

/// [`context_path`] behind the first segments: an address begins with three that are no path.
fn after(segments: usize, path: &str) -> Result<&str, Error> {
    let mut path = path;
    while let [.., b'/'] = path.as_bytes() {
        path = &path[..path.len() - 1];
    }
    if split(path, b'/').skip(segments).any(|segment| segment == "service-cloud") {
        return Ok(path);
    }
    Err(Error::invalid(
        "contextPath",
        "a path with /service-cloud, such as /service-cloud or /demo/service-cloud",
        &redact::text(path),
    ))
}

/// Checks the whole address of the context path: without a query and a hash, under HTTPS or on this
/// machine. Returns it without a slash at its end.
///
/// # Errors
/// [`crate::Code::InvalidOption`].
pub fn context_address(address: &str) -> Result<&str, Error> {
    let plain = find(address, b'?').or(find(address, b'#')).is_none();
    if !(is_safe(address) && plain) {
        let expected = "a path or an https address with /service-cloud (http only for localhost)";
        return Err(Error::invalid("contextPath", expected, &redact::url(address)));
    }
    after(3, address)
}

/// Whether a response that should be a script is a page: a proxy or a single-page application responds
/// with 200 and its own HTML to what it does not know, and HTML must not be run.
pub fn is_page(content_type: &str, body: &str) -> bool {
    let kind = content_type.trim_ascii_start().as_bytes().get(..9);
    let body = body.as_bytes();
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    kind.is_some_and(|kind| kind.eq_ignore_ascii_case(b"text/html"))
        || body.trim_ascii_start().first() == Some(&b'<')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_context_path_has_service_cloud_in_it_as_a_whole_segment() {
        for (path, expected) in [
            ("/service-cloud", "/service-cloud"),
            ("/service-cloud/", "/service-cloud"),
            ("/demo/service-cloud", "/demo/service-cloud"),
        ] {
            assert_eq!(context_path(path), Ok(expected));
        }
        for path in ["", "/", "/demo", "/my-service-cloud", "/service-cloudwebclient"] {
            assert!(context_path(path).is_err(), "{path}");
        }
    }

    #[test]
    fn a_context_address_is_safe_and_plain() {
        let address = "https://h/demo/service-cloud";
        assert_eq!(context_address(&[address, "/"].concat()), Ok(address));
        for address in [
            "http://h/service-cloud",
            "https://h/service-cloud?a=1",
            "https://h/service-cloud#a",
            "/service-cloud",
            "https://h/chat",
            "https://service-cloud",
            "https://service-cloud/",
            "http://localhost:80/",
        ] {
            assert!(context_address(address).is_err(), "{address}");
        }
    }

    #[test]
    fn a_page_is_told_from_a_script() {
        assert!(is_page("text/html; charset=utf-8", "var a"));
        assert!(is_page("Text/HTML", ""));
        assert!(is_page("text/plain", "\u{feff}\n <!doctype html>"));
        assert!(!is_page("text/plain", "var a = '<p>'"));
        assert!(!is_page("application/javascript", "// <"));
    }

    proptest! {
        #[test]
        fn no_text_panics(path in "\\PC{0,40}", kind in "\\PC{0,20}") {
            let _ = (context_path(&path), is_page(&kind, &path));
        }
    }
}
