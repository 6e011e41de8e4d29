//! What a page tells the CEC chat client (`vendor/huawei.md` §2).

use crate::error::Error;
use crate::redact;

/// The languages of the chat client.
pub const LOCALES: [&str; 6] = ["zh", "en", "ar", "es", "pt", "fr"];

/// The map services of the chat client; the first is the vendor's default.
pub const MAP_SERVICES: [&str; 2] = ["tencent", "google"];

/// A user id longer than this, in characters, is warned of: the guide gives no limit, the vendor's queue
/// interface (queryQueueInfo) takes 1 to 32.
pub const USER_ID_ADVICE: usize = 32;

/// The first script of Token mode.
pub const FIRST_SCRIPT: &str = "thirdPartyClient.js";

/// The script of Authorization mode, and the second of Token mode.
pub const SECOND_SCRIPT: &str = "newThirdPartyClient.js";

/// The path under which CEC answers, without a slash at its end.
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

/// Whether an answer that should be a script is a page: a proxy or a single-page application answers
/// 200 with its own HTML for what it does not know, and HTML must not be run.
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
