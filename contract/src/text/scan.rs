//! Finds ASCII characters in texts, byte by byte: the search functions of `str` cost 2 KB in the browser.

/// The first position of a character.
pub fn find(text: &str, sign: u8) -> Option<usize> {
    text.as_bytes().iter().position(|&byte| byte == sign)
}

/// The text before and after the first position of a character.
pub fn split_once(text: &str, sign: u8) -> Option<(&str, &str)> {
    find(text, sign).map(|at| (&text[..at], &text[at + 1..]))
}

/// Splits at a character.
pub fn split(text: &str, sign: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let (part, after) = split_once(text, sign).map_or((text, None), |(a, b)| (a, Some(b)));
        rest = after;
        Some(part)
    })
}

/// A number in decimal digits.
pub fn decimal(number: usize) -> String {
    let mut digits = String::new();
    let mut power = 1;
    while number / power >= 10 {
        power *= 10;
    }
    while power > 0 {
        digits.push(char::from(b'0' + (number / power % 10) as u8));
        power /= 10;
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn they_do_what_the_standard_library_does(text in "[a&=é]{0,12}", number: usize) {
            prop_assert_eq!(find(&text, b'&'), text.find('&'));
            prop_assert_eq!(split_once(&text, b'='), text.split_once('='));
            prop_assert_eq!(split(&text, b'&').collect::<Vec<_>>(), text.split('&').collect::<Vec<_>>());
            prop_assert_eq!(decimal(number), number.to_string());
        }
    }
}
