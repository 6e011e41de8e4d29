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

/// A vendor's own text, without what may be a number, a mail address or a token in it; at most 200
/// characters of it. A number may have spaces and brackets in it, and full-width digits; the `@` of an address may be
/// escaped. A token may have slashes in it: base64 has capital letters before them, as paths seldom do.
///
/// `vendorText` of `js/core/redact.ts` takes the same for a word.
pub fn vendor_text(message: &str) -> String {
    let shown = without_numbers(&without_words(message));
    match shown.char_indices().nth(TEXT_LENGTH) {
        Some((end, _)) => [&shown[..end], "…"].concat(),
        None => shown,
    }
}

fn without_words(message: &str) -> String {
    let mut shown = String::new();
    let mut rest = message;
    while let Some(first) = rest.chars().next() {
        let word = in_word(first);
        let end = if word { word_end(rest) } else { end_of(rest, |c| !in_word(c)) };
        let (part, after) = rest.split_at(end);
        if word && is_private(part) {
            shown.push_str(&text(part));
        } else {
            shown.push_str(part);
        }
        rest = after;
    }
    shown
}

fn in_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '@' | '*' | '%' | '.' | '_' | '-' | '+' | '~')
}

/// Where the word ends that a text begins with: of a token in base64, not at its slashes.
fn word_end(text: &str) -> usize {
    let mut end = 0;
    loop {
        let rest = &text[end..];
        let part = end_of(rest, |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '+'));
        let first = rest[..part].find(|c: char| c == '_' || c.is_ascii_uppercase());
        let is_base64 = first.is_some_and(|at| rest.as_bytes()[at] != b'_');
        match rest[part..].strip_prefix('/') {
            Some(next) if is_base64 && next.starts_with(in_word) => end += part + 1,
            _ => return end + end_of(rest, in_word),
        }
    }
}

/// How much of the text's beginning is of these characters.
fn end_of(text: &str, of: impl Fn(char) -> bool) -> usize {
    text.find(|c| !of(c)).unwrap_or(text.len())
}

/// Hides each run of [`DIGITS`] digits or more with nothing but spaces, brackets and hyphens between them.
fn without_numbers(message: &str) -> String {
    let is_digit = |c| matches!(c, '0'..='9' | '０'..='９');
    let in_number = |c| is_digit(c) || matches!(c, ' ' | '(' | ')' | '（' | '）' | '-');
    let mut shown = String::new();
    let mut rest = message;
    while let Some(first) = rest.find(is_digit) {
        let (before, run) = rest.split_at(first);
        let end = run.find(|c| !in_number(c)).unwrap_or(run.len());
        let number = run[..end].trim_end_matches(|c| !is_digit(c));
        shown.push_str(before);
        if number.chars().filter(|&c| is_digit(c)).count() < DIGITS {
            shown.push_str(number);
        } else {
            shown.push_str(&text(number));
        }
        rest = &run[number.len()..];
    }
    shown + rest
}

/// A number of five digits or more, a mail address, or a word as long as only tokens are.
fn is_private(word: &str) -> bool {
    word.bytes().filter(u8::is_ascii_digit).count() >= DIGITS
        || word.contains('@')
        || word.contains("%40")
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

    #[test]
    fn a_vendors_text_keeps_its_words_and_loses_numbers_addresses_and_tokens() {
        assert_eq!(
            vendor_text("seat agent@example.com is busy, call 0755-26888888 (code 408): 忙"),
            "seat ‹17 characters› is busy, call ‹13 characters› (code 408): 忙"
        );
        assert_eq!(vendor_text("token 0a1b2c3d4e5f60718293a4b5c6d7e8f9"), "token ‹32 characters›");
        assert_eq!(vendor_text(&"no ".repeat(100)).chars().count(), 201);
    }

    #[test]
    fn a_token_in_base64_is_hidden_and_a_path_is_not() {
        for (message, shown) in [
            ("bad AbCdEfGh/IjKlMnOp+QrStUv/WxYzabcdef==", "bad ‹35 characters›=="),
            ("sig AbCdEfGh~IjKlMnOp~QrStUvWx~Yzabcdefgh", "sig ‹37 characters›"),
            ("sig=AbCdEfGhIjKlMnOp*QrStUvWxYz-abcdef__", "sig=‹36 characters›"),
            ("a%40example.com is no agent", "‹15 characters› is no agent"),
            (
                "no https://tccc.cloud.tencent.com/sdk/tcccSdk.js",
                "no https://tccc.cloud.tencent.com/sdk/tcccSdk.js",
            ),
            (
                "POST /rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate: 404",
                "POST /rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate: 404",
            ),
            (
                "https://shop.example.com:8443/calldock/v1/tccc/of/more/than/32/characters",
                "https://shop.example.com:8443/calldock/v1/tccc/of/more/than/32/characters",
            ),
            (
                "https://shop.example.com/orders/12345678",
                "https://shop.example.com/orders/‹8 characters›",
            ),
        ] {
            assert_eq!(vendor_text(message), shown, "{message}");
        }
    }

    #[test]
    fn a_number_in_a_vendors_text_is_hidden_however_it_is_written() {
        for (message, shown) in [
            ("callee 138 0000 0000 busy", "callee ‹13 characters› busy"),
            ("(0755) 2688 8888", "(‹15 characters›"),
            ("（0755）2688 8888忙", "（‹14 characters›忙"),
            ("１３８００００００００", "‹11 characters›"),
            ("＋８６ １３８-0000", "＋‹11 characters›"),
            ("+86 138 0000 0000, or 10010", "+‹16 characters›, or ‹5 characters›"),
            ("1 2 3 4 5 ", "‹9 characters› "),
            ("1 - (2) 3 4", "1 - (2) 3 4"),
            ("(code 408): 12 retries", "(code 408): 12 retries"),
            ("token 0a1b2c3d4e5f60718293a4b5c6d7e8f9 12", "token ‹32 characters› 12"),
            ("agent 12 at a@example.com 34", "agent 12 at ‹13 characters› 34"),
            ("8001 8002", "‹9 characters›"),
            ("", ""),
        ] {
            assert_eq!(vendor_text(message), shown, "{message}");
        }
    }
}
