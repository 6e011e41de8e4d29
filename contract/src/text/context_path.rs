//! The path under which CEC responds (`vendor/huawei.md` §2), and whether a response is a script.

use crate::error::Error;
use crate::redact;

/// Checks the path under which CEC responds and returns it without a slash at its end.
///
/// CEC knows a request by `/service-cloud` (seed 001, 1.7.1), so a path without it is refused.
///
/// # Errors
/// [`crate::Code::InvalidOption`].
pub fn context_path(path: &str) -> Result<&str, Error> {
    let path = path.trim_end_matches('/');
    if path.split('/').any(|segment| segment == "service-cloud") {
        return Ok(path);
    }
    Err(Error::invalid(
        "contextPath",
        "a path with /service-cloud, such as /service-cloud or /demo/service-cloud",
        &redact::text(path),
    ))
}

/// Whether a response that should be a script is a page: a proxy or a single-page application responds
/// with 200 and its own HTML to what it does not know, and HTML must not be run.
pub fn is_page(content_type: &str, body: &str) -> bool {
    content_type.trim_start().to_ascii_lowercase().starts_with("text/html")
        || body.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']).starts_with('<')
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
