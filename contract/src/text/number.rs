//! A number as the vendor dials it (`docs/vendor/field.md` B4, B5, F4).

use serde::{Serialize, Serializer};

use crate::error::Error;
use crate::redact;
use crate::text::scan::split_once;

/// A number that may be handed to the vendor: `13800000000`, `0086…`, `+86…`, `0755-26888888`, a short
/// extension, or an id of the vendor's number mapping such as `139abcdefg`.
///
/// A call costs money, so nothing is guessed. Only what cannot be seen is changed: format characters and
/// spaces are removed, full-width digits and signs become ordinary ones. Masks (`15889xxxxxx`), brackets, what
/// divides two numbers (a tab, a line break, a space behind eight digits in a row) and anything else are refused.
#[derive(Clone, PartialEq, Eq)]
pub struct PhoneNumber(String);

/// What is accepted, in words.
const EXPECTED: &str =
    "3 to 20 digits such as 13800000000, +8613800000000, 0755-26888888 or an extension";

/// The most characters of an id of the vendor's number mapping.
const ID_LIMIT: usize = 32;

/// No extension is looked for in a text longer than this, in bytes: at every sign that may begin one the rest
/// is read, so the time would grow with the square of the length.
pub const TEXT_LIMIT: usize = 1024;

impl PhoneNumber {
    /// Reads a number.
    ///
    /// ```
    /// use calldock_contract::PhoneNumber;
    /// let number = PhoneNumber::parse("\u{202d}138 0000 0000\u{202c}").unwrap();
    /// assert_eq!(number.as_str(), "13800000000");
    /// ```
    ///
    /// # Errors
    /// [`crate::Code::InvalidOption`]; it tells the number's length, not the number.
    pub fn parse(text: &str) -> Result<Self, Error> {
        // First what cannot be seen, which could stand between an `x` and the extension.
        let spaced: String = text.chars().filter_map(in_text).collect();
        let spaced = spaced.trim_ascii();
        let seen: String = spaced.chars().filter(|&c| c != ' ').collect();
        let (number, extension) = split_extension(&seen);
        let expected = match extension {
            Some(_) => {
                "a number without an extension: dial the number, then send the extension as digits"
            }
            None => EXPECTED,
        };
        let wrong = match extension {
            Some(_) => Some(" with an extension"),
            None => what_is_wrong(number, seen.len() < spaced.len())
                .or_else(|| is_followed(spaced).then_some(" in several parts")),
        };
        match wrong {
            None => Ok(Self(number.into())),
            Some(_) if number.is_empty() => Err(Error::invalid("phoneNumber", expected, "nothing")),
            Some(what) => {
                let found = [&redact::text(text.trim_ascii()), what].concat();
                Err(Error::invalid("phoneNumber", expected, &found))
            }
        }
    }

    /// The number, as it is dialled.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether something follows a whole number, behind a space: `26888888 801`.
fn is_followed(spaced: &str) -> bool {
    let mut digits = 0;
    for c in spaced.bytes() {
        if c == b' ' && digits >= 8 {
            return true;
        }
        digits = if c.is_ascii_digit() { digits + 1 } else { 0 };
    }
    false
}

/// Says why a number cannot be dialled; it has no invisible characters any more. One with a gap inside it is
/// no id but a number and a word (`docs/vendor/field.md` F4).
fn what_is_wrong(number: &str, has_gap: bool) -> Option<&'static str> {
    let bytes = number.as_bytes();
    let digits = match bytes {
        [b'+', rest @ ..] => rest,
        _ => bytes,
    };
    if let Some(other) = digits.iter().find(|c| !c.is_ascii_digit() && **c != b'-') {
        return match other {
            _ if !has_gap && is_mapped(bytes) => None,
            b'\n' => Some(" in several parts"),
            b'(' | b')' => Some(" with brackets"),
            c if c.is_ascii_control() => Some(" with a control character"),
            c if c.is_ascii_alphabetic() => Some(" with letters"),
            _ => Some(" with another sign than digits, '-' and a leading '+'"),
        };
    }
    let mut count = 0;
    let mut last = b'-';
    for &c in digits {
        if c == b'-' && last == b'-' {
            last = b' ';
            break;
        }
        count += usize::from(c != b'-');
        last = c;
    }
    if !last.is_ascii_digit() && !digits.is_empty() {
        return Some(" with a '-' that is not between digits");
    }
    // After the country prefix a subscriber number follows: no extension is that long or that short.
    let international = digits.len() < bytes.len() || digits.starts_with(b"00");
    let least = if international { 7 } else { 3 };
    if (least..=20).contains(&count) { None } else { Some("") }
}

/// Splits a number from its extension: after `,` (a pause), `;ext=` or `;postd=` (RFC 3966), `;` and
/// digits, `#` before digits alone, `ext` or `x` too where no letter is in front of it, `p` or `w` (pauses)
/// between a whole number and digits,
/// `转`, `分机` or `内线`. Other parameters of a `tel:` address are dropped; what stands in an extension's
/// place and is none (`转人工`) stays in the number, to be refused with it.
///
/// ```
/// use calldock_contract::text::number::split_extension;
/// assert_eq!(split_extension("010-88888888转801"), ("010-88888888", Some("801")));
/// assert_eq!(split_extension("13800000000"), ("13800000000", None));
/// ```
pub fn split_extension(text: &str) -> (&str, Option<&str>) {
    if text.len() > TEXT_LIMIT {
        return (text, None);
    }
    let mut end = text.len();
    let mut skipping = false;
    for (at, c) in text.char_indices() {
        let (before, rest) = (&text[..at], without_parameters(&text[at + c.len_utf8()..]));
        let extension = match c {
            ';' => match split_once(rest, b'=') {
                None => rest,
                Some((name, value)) if is_extension(name) && !value.is_empty() => value,
                // `;phone-context=+86` and the like are not dialled.
                Some(_) => {
                    end = end.min(at);
                    skipping = true;
                    continue;
                }
            },
            _ if skipping => continue,
            ',' | '，' | '；' | '转' | '轉' | '分' | '内' | '內' => rest,
            // Behind a letter it is an id's: `139abcx123` (`docs/vendor/field.md` F4).
            'e' | 'E' | 'x' | 'X' if before.bytes().any(|c| c.is_ascii_alphabetic()) => continue,
            'e' | 'E' if is_extension(text[at..].get(..3).unwrap_or_default()) => &rest[2..],
            'x' | 'X' | '#' | '＃' if digits(rest) > 0 => rest,
            'p' | 'P' | 'w' | 'W' if digits(before) >= 7 && digits(rest) > 0 => rest,
            _ => continue,
        };
        let number = text[..end.min(at)].trim_ascii_end();
        let is_part =
            |c| matches!(c, ' ' | ',' | ';' | ':' | '：' | '.' | '机' | '機' | '线' | '線');
        let extension = extension.trim_matches(is_part);
        if extension.chars().any(|c| matches!(c, '0'..='9' | '０'..='９')) {
            return (number, Some(extension));
        }
        break;
    }
    (&text[..end], None)
}

fn is_extension(name: &str) -> bool {
    name.eq_ignore_ascii_case("ext") || name.eq_ignore_ascii_case("postd")
}

fn without_parameters(text: &str) -> &str {
    split_once(text, b';').map_or(text, |(before, _)| before)
}

/// How many digits a text has; 0 where something else can be seen than digits, `+` and `-`.
fn digits(text: &str) -> usize {
    let mut count = 0;
    for c in text.chars() {
        match visible(c) {
            None | Some('+' | '-') => {}
            Some('0'..='9') => count += 1,
            Some(_) => return 0,
        }
    }
    count
}

/// A character as it is dialled; `None` for an invisible one.
#[inline(never)]
pub(super) fn visible(c: char) -> Option<char> {
    in_text(c).filter(|&c| c != ' ')
}

/// A character as it is dialled, a space for one that leaves a gap; `None` for one that leaves nothing. The sign
/// that reverses what is shown (U+202E) stays, to be refused.
#[inline(never)]
fn in_text(c: char) -> Option<char> {
    match c {
        // A line break divides two numbers, and so does a tab between two columns; they stay, to be refused.
        '\t'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => {
            Some(' ')
        }
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202d}' => {
            None
        }
        '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' => None,
        '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}' => None,
        '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}' => None,
        // Full-width digits and signs, and the hyphens that word processors put for `-`.
        '\u{ff10}'..='\u{ff19}' => char::from_u32(c as u32 - 0xff10 + '0' as u32),
        '\u{ff0b}' => Some('+'),
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ff0d}' => Some('-'),
        c => Some(c),
    }
}

/// Whether a text is an id of the vendor's number mapping: digits, then letters and digits. A mask such
/// as `15889xxxxxx` is not.
fn is_mapped(text: &[u8]) -> bool {
    let letter = |c: &u8| c.is_ascii_alphabetic() && !c.eq_ignore_ascii_case(&b'x');
    (4..=ID_LIMIT).contains(&text.len())
        && text[0].is_ascii_digit()
        && text.iter().all(u8::is_ascii_alphanumeric)
        && text.iter().any(letter)
}

impl std::fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&redact::text(&self.0))
    }
}

impl Serialize for PhoneNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(test)]
#[path = "number_tests.rs"]
mod tests;
