//! A number as the vendor dials it (`vendor/field.md` B4, B5, F4).

use serde::{Serialize, Serializer};

use crate::error::Error;
use crate::redact;

/// A number that may be handed to the vendor: `13800000000`, `0086…`, `+86…`, `0755-26888888`, a short
/// extension, or an id of the vendor's number mapping such as `139abcdefg`.
///
/// A call costs money, so nothing is guessed. Only what cannot be seen is changed: format characters and
/// spaces are removed, full-width digits and signs become ordinary ones. Masks (`15889xxxxxx`), brackets
/// and anything else are refused.
#[derive(Clone, PartialEq, Eq)]
pub struct PhoneNumber(String);

/// What is accepted, in words.
const EXPECTED: &str = "3 to 20 digits such as 13800000000, +8613800000000, 008613800000000, 0755-26888888 or an extension";

/// The most characters of an id of the vendor's number mapping.
const ID_LIMIT: usize = 32;

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
        let refused = |found: &str| Err(Error::invalid("phoneNumber", EXPECTED, found));
        let shown = |what: &str| [&redact::text(text.trim()), what].concat();
        let (number, extension) = split_extension(text);
        let number: String = number.chars().filter_map(visible).collect();
        if number.is_empty() {
            return refused(if text.is_empty() { "nothing" } else { "nothing visible" });
        }
        if extension.is_some() {
            return Err(Error::invalid(
                "phoneNumber",
                "a number without an extension: dial the number, then send the extension as digits",
                &shown(" with an extension"),
            ));
        }
        let (international, digits) = match number.strip_prefix('+') {
            Some(rest) => (true, rest),
            None => (number.starts_with("00"), number.as_str()),
        };
        if let Some(other) = digits.chars().find(|c| !c.is_ascii_digit() && *c != '-') {
            if is_mapped(digits) && !number.starts_with('+') {
                return Ok(Self(number));
            }
            return refused(&shown(match other {
                '\n' | '\r' => " on several lines",
                c if c.is_ascii_alphabetic() => " with letters",
                '(' | ')' => " with brackets",
                _ => " with another sign than digits, '-' and a leading '+'",
            }));
        }
        if digits.split('-').any(str::is_empty) {
            return refused(&shown(" with a '-' that is not between digits"));
        }
        let count = digits.bytes().filter(u8::is_ascii_digit).count();
        // After the country prefix a subscriber number follows: no extension is that long or that short.
        if !(if international { 7 } else { 3 }..=20).contains(&count) {
            return refused(&redact::text(text.trim()));
        }
        Ok(Self(number))
    }

    /// The number, as it is dialled.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Splits a number from its extension: after `,` (a pause), `;ext=`, `;postd=`, `ext.`, `x` before digits
/// alone, `转` or `分机`.
///
/// ```
/// use calldock_contract::text::number::split_extension;
/// assert_eq!(split_extension("010-88888888转801"), ("010-88888888", Some("801")));
/// assert_eq!(split_extension("13800000000"), ("13800000000", None));
/// ```
pub fn split_extension(text: &str) -> (&str, Option<&str>) {
    const SIGNS: [&str; 12] =
        [";ext=", ";postd=", ";", ",", "，", "；", "转", "轉", "分机", "分機", "ext.", "ext"];
    let lower = text.to_ascii_lowercase();
    let sign = SIGNS.iter().filter_map(|sign| lower.find(sign).map(|at| (at, sign.len())));
    // The first sign divides; of two that begin at one place the longer one is meant.
    let first = sign.min_by_key(|&(at, length)| (at, usize::MAX - length)).or_else(|| {
        let (number, digits) = lower.split_once(['x', '#'])?;
        let told = |part: &str| part.bytes().any(|c| c.is_ascii_digit());
        let all = |part: &str| part.trim().bytes().all(|c| c.is_ascii_digit());
        (told(number) && told(digits) && all(digits)).then_some((number.len(), 1))
    });
    let Some((at, length)) = first else { return (text, None) };
    let trim = |part| str::trim_matches(part, |c: char| c.is_whitespace() || ",;:：.".contains(c));
    match (text[..at].trim_end(), trim(&text[at + length..])) {
        (number, "") => (number, None),
        (number, extension) => (number, Some(extension)),
    }
}

/// A sign as it is dialled; `None` for what cannot be seen.
fn visible(c: char) -> Option<char> {
    match c {
        // A line break divides two numbers; it stays, to be refused.
        '\n' | '\r' => Some('\n'),
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' => {
            None
        }
        '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' => None,
        c if c.is_whitespace() => None,
        // Full-width digits and signs, and the hyphens that word processors put for `-`.
        '\u{ff10}'..='\u{ff19}' => char::from_u32(c as u32 - 0xff10 + '0' as u32),
        '\u{ff0b}' => Some('+'),
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ff0d}' => Some('-'),
        c => Some(c),
    }
}

/// Whether a text is an id of the vendor's number mapping: digits, then letters and digits. A mask such
/// as `15889xxxxxx` is not.
fn is_mapped(text: &str) -> bool {
    let letters = || text.bytes().filter(u8::is_ascii_alphabetic);
    text.len() <= ID_LIMIT
        && text.len() > 3
        && text.as_bytes()[0].is_ascii_digit()
        && text.bytes().all(|c| c.is_ascii_alphanumeric())
        && letters().any(|c| !c.eq_ignore_ascii_case(&b'x'))
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
