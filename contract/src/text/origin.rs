//! To which origin a `ccc-sdk` message may go (`docs/vendor/tccc.md` §2; `docs/vendor/field.md` B16, B30, F6).
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
/// `allowed` adds to [`VENDOR_ORIGINS`], one origin in a line; `target` names one origin, or [`ANY`], instead of the list.
///
/// # Errors
/// [`Code::OriginRefused`] where the frame's origin is not in the list, is not `target`, is not known,
/// or there is no frame; [`Code::InvalidOption`] for an invalid origin.
#[inline(never)]
pub fn choose(
    parent: Parent,
    allowed: Option<&str>,
    target: Option<&str>,
) -> Result<String, Error> {
    let mut is_allowed = false;
    for one in allowed.iter().flat_map(|lines| lines.split('\n')) {
        if one == ANY {
            let expected = "an origin in full; '*' is only for targetOrigin";
            return Err(Error::invalid("allowParents", expected, ANY));
        }
        let origin = parse("allowParents", one)?;
        is_allowed |= matches!(parent, Parent::Known(real) if real == origin);
    }
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
            if is_allowed || VENDOR_ORIGINS.contains(&real) {
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

pub(super) fn refuse(expected: &str, found: &str) -> Result<String, Error> {
    Err(Error::new(Code::OriginRefused, "the frame around this page", expected, found))
}

/// Schemes whose addresses have no origin, or one that must not be trusted with a number.
const NO_SCHEMES: [&str; 9] =
    ["ftp", "ws", "wss", "file", "data", "blob", "about", "javascript", "null"];

const NO_WILDCARD: &str = "each origin in full: there is no wildcard";

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
#[inline(never)]
pub fn parse(option: &str, text: &str) -> Result<String, Error> {
    match what_to_change(text) {
        Ok(length) => Ok(text[..length].into()),
        Err(expected) => Err(Error::invalid(option, expected, &redact::url(text))),
    }
}

/// How long an origin is without its scheme's own port, which a browser's origin never names; an error is
/// what was expected.
fn what_to_change(text: &str) -> Result<usize, &'static str> {
    let bytes = text.as_bytes();
    let Some(at) = bytes.windows(3).position(|three| three == b"://") else {
        return Err(match text {
            "null" => {
                "an origin; a sandboxed frame and a file have none: serve the page over HTTPS"
            }
            ANY => NO_WILDCARD,
            _ => "an origin with https:// in front, such as https://crm.example.com",
        });
    };
    let (scheme, rest) = (&text[..at], &bytes[at + 3..]);
    if scheme == "file" {
        return Err("an origin, and a file has none: serve the page over HTTPS");
    }
    let has = |sign: u8| bytes.contains(&sign);
    if bytes.iter().any(u8::is_ascii_whitespace) {
        return Err("an origin without spaces");
    }
    if let Some(at) = rest.iter().position(|c| b"/?#".contains(c)) {
        return Err(match &rest[at..] {
            b"/" => "an origin without the slash at its end",
            _ => "an origin without a path",
        });
    }
    if has(b'*') {
        return Err(NO_WILDCARD);
    }
    if has(b'@') {
        return Err("an origin without a user name");
    }
    if !text.is_ascii() {
        return Err("the host in punycode (xn--…), as new URL(…).origin writes it");
    }
    if bytes.iter().any(u8::is_ascii_uppercase) {
        return Err("an origin in lower case");
    }
    let port = rest.iter().rposition(|&c| c == b':').filter(|&at| !rest[at..].contains(&b']'));
    let host = &rest[..port.unwrap_or(rest.len())];
    let is_host = match host {
        [b'[', inner @ .., b']'] => {
            inner.iter().all(|c| c.is_ascii_hexdigit() || b":.".contains(c))
        }
        _ => host.iter().all(|c| c.is_ascii_alphanumeric() || b".-_".contains(c)),
    };
    if host.is_empty() || !is_host {
        return Err("a host after ://");
    }
    let local =
        matches!(host, b"localhost" | b"127.0.0.1" | b"[::1]") || host.ends_with(b".localhost");
    let word = |c: &u8| c.is_ascii_alphanumeric() || b"+.-".contains(c);
    let own_port: &[u8] = match scheme {
        "https" => b"443",
        "http" if local => b"80",
        _ if scheme == "http"
            || NO_SCHEMES.contains(&scheme)
            || !scheme.bytes().all(|c| word(&c)) =>
        {
            return Err("https:// (http:// only for localhost, app:// and the like for shells)");
        }
        "" => return Err("https://"),
        _ => b"",
    };
    let Some(port) = port else { return Ok(text.len()) };
    let digits = &rest[port + 1..];
    let value = digits
        .iter()
        .fold(0, |sum: u32, c| sum.saturating_mul(10).saturating_add(c.wrapping_sub(b'0').into()));
    if !digits.iter().all(u8::is_ascii_digit)
        || digits[..].first().is_none_or(|c| *c == b'0')
        || value > 65_535
    {
        return Err("a port from 1 to 65535");
    }
    Ok(if digits == own_port { text.len() - digits.len() - 1 } else { text.len() })
}

#[cfg(test)]
#[path = "origin_tests.rs"]
mod tests;
