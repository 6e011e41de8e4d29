//! How personal data and tokens appear in a text that people read: their size, never themselves.

use crate::text::scan::{decimal, find};

/// A value of which only its length may be known, for example `‹11 characters›`.
pub fn text(value: &str) -> String {
    match value.chars().count() {
        0 => "nothing".into(),
        1 => "‹1 character›".into(),
        n => ["‹", &decimal(n), " characters›"].concat(),
    }
}

/// An address without what may be secret or personal: its query and its hash.
///
/// TCCC's SdkURL carries the login token in its query (`docs/vendor/tccc.md` §1).
///
/// A text that is no address may be anything, a token in the wrong member for example: only its length
/// is shown. An address begins with its scheme (RFC 3986, 3.1) or with `/`: one within a text does not make the
/// text one. The length alone is shown, too, of one with an `@`, which may name a user, and of one with control
/// characters, which would break the line it is shown in.
pub fn url(address: &str) -> String {
    let bytes = address.as_bytes();
    let in_scheme = |c: &u8| c.is_ascii_alphanumeric() || b"+.-".contains(c);
    let scheme = bytes.iter().position(|c| !in_scheme(c)).unwrap_or(0);
    let end = bytes.iter().position(|byte| b"?#".contains(byte)).unwrap_or(bytes.len());
    let is_address = match bytes[scheme..] {
        [b':', b'/', b'/', ..] => bytes[0].is_ascii_alphabetic(),
        [b'/', ..] => scheme == 0,
        _ => false,
    } && !bytes.iter().any(u8::is_ascii_control);
    match &address[..end] {
        shown if is_address && find(shown, b'@').is_none() => shown.into(),
        _ => text(address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_shows_its_length_only() {
        assert_eq!(text("刘先生"), "‹3 characters›");
        assert_eq!(text("1"), "‹1 character›");
        assert_eq!(text(""), "nothing");
    }

    #[test]
    fn an_address_loses_its_query_and_its_hash() {
        assert_eq!(url("https://h/sdk/tcccSdk.js?token=abc#x"), "https://h/sdk/tcccSdk.js");
        assert_eq!(url("https://h#?mobile=1"), "https://h");
        assert_eq!(url("/login?who=me"), "/login");
        assert_eq!(url("0123456789abcdef"), "‹16 characters›");
        assert_eq!(url("https://h/a\nWARN b"), "‹18 characters›");
    }

    #[test]
    fn an_address_within_a_text_does_not_make_it_one() {
        let answer = "{\"Response\":{\"Token\":\"0a1b2c3d4e5f6071\",\"SdkURL\":\"https://tccc.qcloud.com/sdk/tcccSdk.js?a=1\"}}";
        for secret in [
            answer,
            "0a1b2c3d4e5f6071 https://h/a",
            "token:0a1b2c3d https://h/a",
            "0a1b2c3d://h/a",
            "令牌https://h/a",
            "://h/a",
            " https://h/a",
            "user:pw@h/https://a",
            "https:/h/a",
            "https",
        ] {
            assert_eq!(url(secret), text(secret), "{secret}");
        }
    }

    #[test]
    fn an_address_with_a_user_is_not_shown() {
        for (address, shown) in [
            ("//user:pw@h/a", "‹13 characters›"),
            ("//h/a?b", "//h/a"),
            ("HTTPS://h:8443/a", "HTTPS://h:8443/a"),
            ("app+x.y-1://u:p@q@h", "‹19 characters›"),
            ("https://h:", "https://h:"),
            ("https://user:pa/ss@h", "‹20 characters›"),
            ("//user:pa/ss@h", "‹14 characters›"),
            ("https://h/a?next=u@h", "https://h/a"),
            ("/login?next=https://u:p@h", "/login"),
            ("/", "/"),
            ("", "nothing"),
        ] {
            assert_eq!(url(address), shown, "{address}");
        }
    }
}
