//! To which origin a `ccc-sdk` message may go (`vendor/tccc.md` §2; `vendor/field.md` B16, B30, F6).
//!
//! The vendor's guide posts to `'*'`, which lets any page that embeds ours read the number. A wrong
//! target, on the other hand, is dropped by the browser without any report. So the frame's real origin
//! decides, and a refusal is an error.

use crate::error::{Code, Error};
use crate::redact;
pub use crate::tables::origins::VENDOR_ORIGINS;

/// The target that means "any page that embeds this one"; it must be given by name.
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

/// Decides the origin to post to.
///
/// `allowed` adds to [`VENDOR_ORIGINS`]; `target` names one origin, or [`ANY`], instead of the list.
///
/// # Errors
/// [`Code::OriginRefused`] where the frame's origin is not in the list, is not `target`, is not known,
/// or there is no frame; [`Code::InvalidOption`] for an origin that is none.
pub fn choose(parent: Parent, allowed: &[String], target: Option<&str>) -> Result<String, Error> {
    let allowed =
        allowed.iter().map(|one| parse("allowParents", one)).collect::<Result<Vec<_>, _>>()?;
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
            "none: the browser has no ancestorOrigins and the page was opened without a referrer; give targetOrigin",
        ),
    }
}

fn refuse(expected: &str, found: &str) -> Result<String, Error> {
    Err(Error::new(Code::OriginRefused, "the frame around this page", expected, found))
}

/// Schemes whose addresses have no origin, or one that must not be trusted with a number.
const NO_SCHEMES: [&str; 9] =
    ["ftp", "ws", "wss", "file", "data", "blob", "about", "javascript", "null"];

/// Checks that a text is an origin as browsers write it: `https://host[:port]`, `http://` for this very
/// machine, or the scheme of a desktop shell such as `app://crm` and `tauri://localhost`.
///
/// ```
/// use calldock_contract::text::origin::parse;
/// assert_eq!(parse("allow", "https://crm.example.com:443").unwrap(), "https://crm.example.com");
/// assert!(parse("allow", "https://*.crm.example").unwrap_err().expected.contains("wildcard"));
/// ```
///
/// # Errors
/// [`Code::InvalidOption`], naming the option and what to change.
pub fn parse(option: &str, text: &str) -> Result<String, Error> {
    let refused = |expected: &str| Err(Error::invalid(option, expected, &redact::url(text)));
    let Some((scheme, rest)) = text.split_once("://") else {
        return refused(match text {
            "null" => {
                "an origin; a sandboxed frame and a file have none, serve the page over HTTPS"
            }
            ANY => "an origin in full; '*' is only understood by targetOrigin",
            _ => "an origin such as https://crm.example.com, with https:// in front",
        });
    };
    let web = matches!(scheme, "https" | "http");
    if let Some(at) = rest.find(['/', '?', '#']) {
        return refused(match &rest[at..] {
            "/" => "an origin without the slash at its end, such as https://crm.example.com",
            _ => "an origin without a path, such as https://crm.example.com",
        });
    }
    if rest.contains('*') {
        return refused("each origin in full: there is no wildcard, list every host");
    }
    if rest.contains('@') {
        return refused("an origin without a user name");
    }
    if !text.is_ascii() {
        return refused(
            "the host in its ASCII form (punycode: xn--…), as new URL(…).origin writes it",
        );
    }
    if text.bytes().any(|c| c.is_ascii_uppercase()) {
        return refused("an origin in lower case, as browsers write it");
    }
    let letters = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || b"+.-".contains(&c);
    if NO_SCHEMES.contains(&scheme)
        || !scheme.starts_with(|c: char| c.is_ascii_lowercase())
        || !scheme.bytes().all(letters)
    {
        return refused(
            "https:// (http:// only for localhost; app:// and the like for desktop shells)",
        );
    }
    let (host, port) = match rest.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (rest, None),
    };
    let plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || b".-_".contains(&c);
    let named = !host.is_empty() && host.bytes().all(plain);
    let v6 = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).is_some_and(|h| {
        !h.is_empty() && h.bytes().all(|c| c.is_ascii_hexdigit() || matches!(c, b':' | b'.'))
    });
    if !(named || v6) {
        return refused("a host after ://, such as https://crm.example.com");
    }
    let local = matches!(host, "localhost" | "127.0.0.1" | "[::1]") || host.ends_with(".localhost");
    if scheme == "http" && !local {
        return refused("https:// (http:// only for localhost)");
    }
    match port {
        Some(port) if port.starts_with('0') || port.parse::<u16>().is_err() => {
            refused("a port from 1 to 65535")
        }
        // A browser's origin never names the scheme's own port.
        Some(port) if web && port == if scheme == "https" { "443" } else { "80" } => {
            Ok(text[..text.len() - port.len() - 1].into())
        }
        _ => Ok(text.into()),
    }
}

#[cfg(test)]
#[path = "origin_tests.rs"]
mod tests;
