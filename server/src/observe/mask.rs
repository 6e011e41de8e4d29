//! Numbers, mail addresses and tokens in a text become their length: the last safeguard for everything that
//! is logged. It recognises forms, not meanings: a name of a person is kept out of the log where the log is
//! written, and so is everything else that is private; this is a safeguard against mistakes.

use std::borrow::Cow;

use calldock_contract::redact;

/// A telephone number has at least as many digits (ITU-T E.164 leaves seven for the shortest in use).
const PHONE_DIGITS: usize = 7;

/// 128 bits in hexadecimal digits; nothing shorter is a secret of this server or of a vendor's.
const TOKEN_LENGTH: usize = 32;

/// A text as it may be logged. UUIDs stay: vendors name calls by them, and no secret here has that form.
pub fn mask(text: &str) -> Cow<'_, str> {
    if is_harmless(text) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = uuid(rest) {
        let (before, found) = rest.split_at(at);
        shown.push_str(&without_uuids(before));
        shown.push_str(&found[..UUID_LENGTH]);
        rest = &found[UUID_LENGTH..];
    }
    shown.push_str(&without_uuids(rest));
    Cow::Owned(shown)
}

/// Most texts: neither a mail address nor as many digits, nor letters, in a row as a number or a token has.
/// It may be wrong about a text that is harmless, never about one that is not.
fn is_harmless(text: &str) -> bool {
    if !text.is_ascii() || has_at(text) {
        return false;
    }
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if text.len() < TOKEN_LENGTH && digits < PHONE_DIGITS {
        return true;
    }
    let (mut digits, mut letters) = (0, 0);
    text.bytes().all(|byte| {
        let c = char::from(byte);
        digits = match c {
            '0'..='9' => digits + 1,
            _ if in_phone(c) => digits,
            _ => 0,
        };
        letters = if in_token(c) { letters + 1 } else { 0 };
        digits < PHONE_DIGITS && letters < TOKEN_LENGTH
    })
}

fn without_uuids(text: &str) -> String {
    let text = each_run(text, in_mail, |run| has_at(run).then(|| redact::text(run)));
    let text = each_run(&text, in_token, |run| is_token(run).then(|| redact::text(run)));
    each_run(&text, in_phone, phone)
}

/// Replaces each longest run of such characters for which there is a replacement.
fn each_run(
    text: &str,
    within: fn(char) -> bool,
    replace: impl Fn(&str) -> Option<String>,
) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_run = within(first);
        let end = rest.find(|c| within(c) != is_run).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        match is_run.then(|| replace(run)).flatten() {
            Some(replacement) => shown.push_str(&replacement),
            None => shown.push_str(run),
        }
        rest = after;
    }
    shown
}

/// An `@`, also full-width or as a query has it.
fn has_at(text: &str) -> bool {
    text.contains(['@', '＠']) || text.contains("%40")
}

fn in_mail(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '@' | '＠' | '.' | '_' | '%' | '+' | '-')
}

fn in_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '_' | '-' | '=' | '*')
}

fn in_phone(c: char) -> bool {
    c.is_numeric() || c == '+' || is_between(c)
}

/// What a number is written with besides its digits: spaces, hyphens and brackets of any width, and what is
/// invisible.
fn is_between(c: char) -> bool {
    matches!(
        c,
        ' ' | '\u{a0}' | '\u{2000}'
            ..='\u{200f}' | '\u{202f}' | '\u{2060}' | '\u{3000}' | '\u{feff}'
    ) || matches!(c, '-' | '\u{ad}' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '－')
        || matches!(c, '(' | ')' | '（' | '）')
}

/// Returns whether a character could begin another line, move a terminal's cursor, or change the order in which
/// letters are shown, so that a text looks like another one (U+202E and others).
pub fn is_misleading(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A path and a long name of a module are none; anything as long that looks random is.
fn is_token(run: &str) -> bool {
    let is_random = |part: &str| {
        let has = |is: fn(&u8) -> bool| part.as_bytes().iter().any(is);
        let mixed = has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase);
        part.len() >= TOKEN_LENGTH && (has(u8::is_ascii_digit) || mixed)
    };
    let digits = run.bytes().filter(u8::is_ascii_digit).count();
    run.split('/').any(is_random)
        || (!run.starts_with('/') && is_random(run) && digits * 16 >= run.len())
}

/// Enough digits for a number, whatever is between them; days (`2024-08-19`) are none.
fn phone(run: &str) -> Option<String> {
    let day = if is_day(run.trim_start()) { run.len() - run.trim_start().len() + 10 } else { 0 };
    let (day, rest) = run.split_at(day);
    if rest.chars().filter(|c| c.is_numeric()).count() < PHONE_DIGITS {
        return None;
    }
    let number = rest.trim_matches(is_between);
    let start = rest.find(number)?;
    Some([day, &rest[..start], &redact::text(number), &rest[start + number.len()..]].concat())
}

fn is_day(text: &str) -> bool {
    has_form(text, b"dddd-dd-dd") && !text[10..].starts_with(|c: char| c.is_numeric() || c == '-')
}

const UUID_LENGTH: usize = 36;

/// Where the first UUID starts that stands by itself.
fn uuid(text: &str) -> Option<usize> {
    let part_of_word = |c: char| c.is_alphanumeric() || c == '-';
    text.match_indices('-').filter_map(|(dash, _)| dash.checked_sub(8)).find(|&at| {
        text.is_char_boundary(at)
            && has_form(&text[at..], b"xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx")
            && !text[..at].ends_with(part_of_word)
            && !text[at + UUID_LENGTH..].starts_with(part_of_word)
    })
}

/// Whether a text begins like this: `d` is a digit, `x` a hexadecimal one.
fn has_form(text: &str, form: &[u8]) -> bool {
    text.len() >= form.len()
        && text.bytes().zip(form).all(|(byte, form)| match form {
            b'd' => byte.is_ascii_digit(),
            b'x' => byte.is_ascii_hexdigit(),
            other => byte == *other,
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_private_by_its_form_becomes_its_length() {
        let table = [
            ("call 13800138000 back", "call ‹11 characters› back"),
            ("(+86 138-0013-8000)", "(‹17 characters›)"),
            ("请致电０７５５２６８８８８８８。", "请致电‹12 characters›。"),
            ("seat 138\u{2013}0000\u{2013}0000 is busy", "seat ‹13 characters› is busy"),
            ("（0755）\u{3000}2688－8888", "（‹15 characters›"),
            ("138\u{a0}0000\u{200b}00\u{ad}00,", "‹14 characters›,"),
            ("u=zhang.san%40example.com&v=1", "u=‹23 characters›&v=1"),
            ("zhang.san＠example.com", "‹21 characters›"),
            ("seat agent@example.com is busy", "seat ‹17 characters› is busy"),
            ("用户张三@example.com", "‹16 characters›"),
            ("token=0a1b2c3d4e5f60718293a4b5c6d7e8f9", "‹38 characters›"),
            ("\"wYx-Zq_mNopQrsTuvWxyzABCDefGHIjklMNOpqrstuv\"", "\"‹43 characters›\""),
            ("id 611551555111XXX", "id ‹12 characters›XXX"),
        ];
        for (text, shown) in table {
            assert_eq!(mask(text), shown);
        }
    }

    #[test]
    fn what_an_operator_needs_stays() {
        for text in [
            "listening on http://127.0.0.1:8700",
            "cannot reach ccc.intl.tencentcloudapi.com: 2001:db8:1::/48, 203.0.113.0/24",
            "/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate",
            "calldock_server::observe::watch: POST /calldock/v1/tccc/login 502 in 8000 ms",
            "request_id: Some(\"eac6b301-a322-493a-8e36-83b295459397\")",
            "AuthFailure.SignatureExpire at 2024-08-19 03:04:05",
            "cec.token_uses is more than 1: a token that leaks within its lifetime can be used",
        ] {
            assert_eq!(mask(text), text);
        }
    }

    proptest! {
        #[test]
        fn nothing_planted_comes_out(
            before in "[a-z :,.'\"{(]{0,12}",
            planted in prop_oneof!["1[3-9][0-9]{9}", "0[0-9]{2,3}-[0-9]{8}", "[a-z][a-z0-9.]{0,12}@[a-z]{2,12}\\.com", "[0-9a-f]{32,64}", "[A-Za-z0-9_-]{43}"],
            after in "([ :,.'\")}][a-z ]{0,12})?",
        ) {
            // Random letters without a digit may be all of one case, which no token of 43 is in practice.
            prop_assume!(planted.bytes().any(|byte| byte.is_ascii_digit() || byte == b'@'));
            let shown = mask(&[&*before, &*planted, &*after].concat()).into_owned();
            prop_assert!(!shown.contains(&planted), "{}", shown);
        }

        #[test]
        fn whatever_the_text_is_it_can_be_masked(text in "\\PC{0,80}") {
            mask(&text);
        }
    }
}
