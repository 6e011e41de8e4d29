//! A number as the vendor dials it.

use serde::{Serialize, Serializer};

use crate::error::Error;
use crate::redact;

/// A telephone number that may be handed to the vendor: `13800000000`, `0086…`, `+86…`, `0755-26888888`,
/// or a short extension. Kept as it was written, without white space around it.
///
/// A call costs money, so nothing is guessed: spaces, brackets and masks (`15889xxxxxx`) are refused.
#[derive(Clone, PartialEq, Eq)]
pub struct PhoneNumber(String);

/// What is accepted, in words.
const EXPECTED: &str = "3 to 20 digits such as 13800000000, +8613800000000, 008613800000000, 0755-26888888 or an extension";

impl PhoneNumber {
    /// Checks a number.
    ///
    /// # Errors
    /// [`crate::Code::InvalidOption`]; the message tells the number's length, not the number.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let number = text.trim();
        let refused = |found: &str| Err(Error::invalid("phoneNumber", EXPECTED, found));
        let (international, digits) = match number.strip_prefix('+') {
            Some(rest) => (true, rest),
            None => (number.starts_with("00"), number),
        };
        if number.is_empty() {
            return refused("nothing");
        }
        if let Some(other) = digits.bytes().find(|c| !c.is_ascii_digit() && *c != b'-') {
            let what = match other {
                b' ' => " with a space inside",
                b'A'..=b'Z' | b'a'..=b'z' => " with letters",
                _ => " with another sign than digits, '-' and a leading '+'",
            };
            return refused(&[&redact::text(number), what].concat());
        }
        if digits.split('-').any(str::is_empty) {
            return refused(
                &[&redact::text(number), " with a '-' that is not between digits"].concat(),
            );
        }
        let count = digits.bytes().filter(u8::is_ascii_digit).count();
        // After the country prefix a subscriber number follows: no extension is that long or that short.
        if !(if international { 7 } else { 3 }..=20).contains(&count) {
            return refused(&redact::text(number));
        }
        Ok(Self(number.into()))
    }

    /// The number, as it is dialled.
    pub fn as_str(&self) -> &str {
        &self.0
    }
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
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_vendors_forms_are_taken() {
        let numbers = [
            "13800000000",
            "008613800000000",
            "+8613800000000",
            "0755-26888888",
            "0755-26888888-801",
            "8001",
            "110",
            " 10086 ",
        ];
        for number in numbers {
            assert_eq!(PhoneNumber::parse(number).unwrap().as_str(), number.trim());
        }
    }

    #[test]
    fn the_rest_is_refused() {
        for number in [
            "",
            "   ",
            "12",
            "15889xxxxxx",
            "138 0000 0000",
            "(0755)26888888",
            "１３８００００００００",
            "--1",
            "1-",
            "1--23",
            "+",
            "+86",
            "++8613800000000",
            "0086",
            "138+00000000",
            "123456789012345678901",
            "tel:10086",
            "13800000000\u{0}",
        ] {
            assert!(PhoneNumber::parse(number).is_err(), "{number}");
        }
    }

    #[test]
    fn a_refusal_does_not_repeat_the_number() {
        let error = PhoneNumber::parse("15889 123456").unwrap_err();
        assert!(
            error.message.ends_with("found ‹12 characters› with a space inside"),
            "{}",
            error.message
        );
    }

    proptest! {
        #[test]
        fn a_taken_number_is_taken_again_and_has_only_dialable_signs(text in "\\PC{0,24}|[+]?[0-9-]{0,24}") {
            if let Ok(number) = PhoneNumber::parse(&text) {
                prop_assert_eq!(PhoneNumber::parse(number.as_str()).unwrap(), number.clone());
                prop_assert!(number.as_str().chars().all(|c| c.is_ascii_digit() || c == '-' || c == '+'));
            }
        }
    }
}
