//! How personal data and tokens appear in a text that people read: their size, never themselves.

use crate::tables::redaction::{DIGITS, TEXT_LENGTH, TOKEN_LENGTH};
use crate::text::scan::{decimal, find};

/// A value of which only its length may be known, for example `‹11 characters›`.
pub fn text(value: &str) -> String {
    match value.chars().count() {
        0 => "nothing".into(),
        1 => "‹1 character›".into(),
        n => ["‹", &decimal(n), " characters›"].concat(),
    }
}

/// An address without what may be secret or personal: its query, its hash and its user part.
///
/// TCCC's SdkURL carries the login token in its query (`docs/vendor/tccc.md` §1).
///
/// A text that is no address may be anything, a token in the wrong member for example: only its length
/// is shown. So it is for one with control characters, which would break the line it is shown in.
pub fn url(address: &str) -> String {
    let bytes = address.as_bytes();
    let scheme = bytes.windows(3).position(|three| three == b"://");
    let is_address = bytes.first() == Some(&b'/') || scheme.is_some();
    if !is_address || bytes.iter().any(u8::is_ascii_control) {
        return text(address);
    }
    let end = bytes.iter().position(|byte| b"?#".contains(byte)).unwrap_or(bytes.len());
    let host = scheme.map_or(0, |at| at + 3).min(end);
    let path = find(&address[host..end], b'/').map_or(end, |at| host + at);
    let user =
        bytes[host..path].iter().rposition(|&byte| byte == b'@').map_or(host, |at| host + at + 1);
    [&address[..host], &address[user..end]].concat()
}

/// A vendor's own text, without what may be a number, a mail address or a token in it; at most 200
/// characters of it.
pub fn vendor_text(message: &str) -> String {
    let in_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '@' | '.' | '_' | '-' | '+');
    let mut shown = String::new();
    let mut rest = message;
    while let Some(first) = rest.chars().next() {
        let word = in_word(first);
        let end = rest.find(|c| in_word(c) != word).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        if word && is_private(part) {
            shown.push_str(&text(part));
        } else {
            shown.push_str(part);
        }
        rest = after;
    }
    match shown.char_indices().nth(TEXT_LENGTH) {
        Some((end, _)) => [&shown[..end], "…"].concat(),
        None => shown,
    }
}

/// A number of five digits or more, a mail address, or a word as long as only tokens are.
fn is_private(word: &str) -> bool {
    word.bytes().filter(u8::is_ascii_digit).count() >= DIGITS
        || word.contains('@')
        || word.len() >= TOKEN_LENGTH
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
    fn an_address_loses_its_query_its_hash_and_its_user() {
        assert_eq!(url("https://h/sdk/tcccSdk.js?token=abc#x"), "https://h/sdk/tcccSdk.js");
        assert_eq!(url("https://h#?mobile=1"), "https://h");
        assert_eq!(url("https://user:pass@h/a@b"), "https://h/a@b");
        assert_eq!(url("/login?who=me"), "/login");
        assert_eq!(url("0123456789abcdef"), "‹16 characters›");
        assert_eq!(url("https://h/a\nWARN b"), "‹18 characters›");
    }

    #[test]
    fn a_vendors_text_keeps_its_words_and_loses_numbers_addresses_and_tokens() {
        assert_eq!(
            vendor_text("seat agent@example.com is busy, call 0755-26888888 (code 408): 忙"),
            "seat ‹17 characters› is busy, call ‹13 characters› (code 408): 忙"
        );
        assert_eq!(vendor_text("token 0a1b2c3d4e5f60718293a4b5c6d7e8f9"), "token ‹32 characters›");
        assert_eq!(vendor_text(&"no ".repeat(100)).chars().count(), 201);
    }
}
