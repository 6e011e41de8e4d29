//! To which origin a `ccc-sdk` message may go (`vendor/tccc.md` §2).
//!
//! The vendor's guide posts to `'*'`, which lets any page that embeds ours read the number. A wrong
//! target, on the other hand, is dropped by the browser without a word. So the frame's real origin
//! decides, and a refusal is said aloud.

use crate::error::{Code, Error};

/// The workbenches of the vendor: China and international.
pub const VENDOR_ORIGINS: [&str; 2] =
    ["https://tccc.qcloud.com", "https://connect.tencentcloud.com"];

/// The target that means "whoever embeds this page", only ever given by name.
pub const ANY: &str = "*";

/// What is known of the frame around the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parent<'a> {
    /// The page is the top one: there is no frame around it.
    None,
    /// There is one, and the browser does not tell which (no `ancestorOrigins`, no referrer).
    Unknown,
    /// Its origin.
    Known(&'a str),
}

/// The origin to post to.
///
/// `allowed` adds to [`VENDOR_ORIGINS`]; `target` names one origin, or [`ANY`], instead of the list.
///
/// # Errors
/// [`Code::OriginRefused`] where the frame's origin is not in the list, is not `target`, is not known,
/// or there is no frame; [`Code::InvalidOption`] for an origin that is none.
pub fn choose(parent: Parent, allowed: &[String], target: Option<&str>) -> Result<String, Error> {
    let allowed = allowed
        .iter()
        .map(|origin| parse("allowParents", origin))
        .collect::<Result<Vec<_>, _>>()?;
    let target = match target {
        Some(ANY) => Some(String::from(ANY)),
        Some(origin) => Some(parse("targetOrigin", origin)?),
        None => None,
    };
    match (parent, target) {
        (Parent::None, _) => {
            refuse("a page inside a workbench's frame", "a page that is not in a frame")
        }
        (_, Some(target)) if target == ANY => Ok(target),
        (Parent::Known(real), Some(target)) if real == target => Ok(target),
        (Parent::Known(real), Some(_)) => refuse("the frame of targetOrigin", real),
        // Nothing contradicts the target, and the browser delivers to no other.
        (Parent::Unknown, Some(target)) => Ok(target),
        (Parent::Known(real), None) => {
            if VENDOR_ORIGINS.contains(&real) || allowed.iter().any(|origin| origin == real) {
                Ok(real.into())
            } else {
                refuse("the vendor's workbench or one of allowParents", real)
            }
        }
        (Parent::Unknown, None) => refuse(
            "a frame whose origin the browser tells",
            "none told (no referrer): give targetOrigin",
        ),
    }
}

fn refuse(expected: &str, found: &str) -> Result<String, Error> {
    Err(Error::unexpected(Code::OriginRefused, "the frame around this page", expected, found))
}

/// Checks that a text is an origin as browsers write it: `https://host[:port]`, or `http://` for this
/// very machine.
///
/// # Errors
/// [`Code::InvalidOption`], naming the option.
pub fn parse(option: &str, text: &str) -> Result<String, Error> {
    let refused = || {
        Err(Error::invalid(
            option,
            "an origin such as https://crm.example.com (http only for localhost; no path)",
            &crate::redact::url(text),
        ))
    };
    let (secure, rest) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
        (Some(rest), _) => (true, rest),
        (_, Some(rest)) => (false, rest),
        _ => return refused(),
    };
    let (host, port) = match rest.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (rest, None),
    };
    let plain =
        |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, b'.' | b'-' | b'_');
    let named = !host.is_empty() && host.bytes().all(plain);
    let v6 = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).is_some_and(|h| {
        !h.is_empty() && h.bytes().all(|c| c.is_ascii_hexdigit() || matches!(c, b':' | b'.'))
    });
    let local = matches!(host, "localhost" | "127.0.0.1" | "[::1]") || host.ends_with(".localhost");
    if !(named || v6) || !(secure || local) {
        return refused();
    }
    match port {
        Some(port) if port.starts_with('0') || port.parse::<u16>().is_err() => refused(),
        // A browser's origin never names the scheme's own port.
        Some(port) if port == if secure { "443" } else { "80" } => {
            Ok(text[..text.len() - port.len() - 1].into())
        }
        _ => Ok(text.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const VENDOR: &str = VENDOR_ORIGINS[0];

    fn origins(list: &[&str]) -> Vec<String> {
        list.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_vendors_own_frame_is_allowed_without_a_word() {
        for origin in VENDOR_ORIGINS {
            assert_eq!(choose(Parent::Known(origin), &[], None).unwrap(), origin);
        }
    }

    #[test]
    fn another_frame_is_refused_by_name_until_it_is_allowed() {
        let crm = "https://crm.example.com";
        let error = choose(Parent::Known(crm), &[], None).unwrap_err();
        assert_eq!(error.code, Code::OriginRefused);
        assert!(error.message.contains(crm));
        assert_eq!(
            choose(Parent::Known(crm), &origins(&["https://crm.example.com:443"]), None).unwrap(),
            crm
        );
        for near in [
            "https://crm.example.com.evil.com",
            "http://crm.example.com",
            "https://crm.example.com:8443",
            "null",
        ] {
            assert!(choose(Parent::Known(near), &origins(&[crm]), None).is_err(), "{near}");
        }
    }

    #[test]
    fn no_frame_and_an_unknown_frame_are_refused() {
        assert!(choose(Parent::None, &[], Some(ANY)).is_err());
        assert!(
            choose(Parent::Unknown, &origins(&[VENDOR]), None)
                .unwrap_err()
                .message
                .contains("targetOrigin")
        );
    }

    #[test]
    fn a_target_is_taken_at_its_word_but_not_against_what_is_known() {
        assert_eq!(choose(Parent::Unknown, &[], Some(VENDOR)).unwrap(), VENDOR);
        assert_eq!(
            choose(Parent::Known("https://a.com"), &[], Some("https://a.com")).unwrap(),
            "https://a.com"
        );
        assert!(choose(Parent::Known("https://b.com"), &[], Some("https://a.com")).is_err());
        assert_eq!(choose(Parent::Known("https://b.com"), &[], Some(ANY)).unwrap(), ANY);
    }

    #[test]
    fn what_is_not_an_origin_is_refused() {
        for text in [
            "",
            "*",
            "https://",
            "crm.example.com",
            "https://a.com/",
            "https://a.com/x",
            "http://a.com",
            "ftp://a.com",
            "https://*.a.com",
            "https://A.com",
            "https://münchen.de",
            "https://a.com:0",
            "https://a.com:99999",
            "https://u:p@a.com",
            "https://a.com?x",
            "null",
        ] {
            let error = choose(Parent::Known(VENDOR), &origins(&[text]), None).unwrap_err();
            assert_eq!(error.code, Code::InvalidOption, "{text}");
        }
        for text in [
            "http://localhost:8700",
            "http://127.0.0.1:8701",
            "http://[::1]:1",
            "https://[2001:db8::1]",
            "http://crm.localhost",
        ] {
            assert!(choose(Parent::Known(VENDOR), &origins(&[text]), None).is_ok(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn only_a_listed_origin_is_ever_chosen(real in "https?://[a-c]{1,2}\\.com(:[0-9]{1,5})?", listed in "https://[a-c]{1,2}\\.com") {
            let chosen = choose(Parent::Known(&real), std::slice::from_ref(&listed), None);
            prop_assert_eq!(chosen.ok(), (real == listed).then_some(real));
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,40}") {
            let _ = choose(Parent::Known(&text), std::slice::from_ref(&text), Some(&text));
        }
    }
}
