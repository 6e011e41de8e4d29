//! The telephone numbers the vendor dials.

/// Says whether the vendor dials this: `0086…` and `+86…` with a country code, a mainland mobile
/// number, a land line with its area code and perhaps an extension (`0755-…-801`), a 400 or 800
/// number, or a short extension.
pub fn dialable(number: &str) -> bool {
    let digits = |text: &str, least: usize, most: usize| {
        (least..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    if let Some(international) = number.strip_prefix('+').or_else(|| number.strip_prefix("00")) {
        return !international.starts_with('0') && digits(international, 6, 15);
    }
    let parts: Vec<&str> = number.split('-').collect();
    match number.as_bytes().first() {
        Some(b'0') => match parts[..] {
            [whole] => digits(whole, 10, 12),
            [area, local] => digits(area, 3, 4) && digits(local, 7, 8),
            [area, local, extension] => {
                digits(area, 3, 4) && digits(local, 7, 8) && digits(extension, 1, 6)
            }
            _ => false,
        },
        Some(b'1') if number.len() == 11 => digits(number, 11, 11) && number.as_bytes()[1] >= b'3',
        Some(b'4' | b'8') if parts.concat().len() == 10 => {
            parts.len() <= 3 && digits(&parts.concat(), 10, 10) && number[1..].starts_with("00")
        }
        Some(_) => digits(number, 3, 8),
        None => false,
    }
}

/// How many digits of a number its id keeps.
const KEPT: usize = 3;

/// The id that stands for a number while number mapping is on: `13900000123` is `139aaaaabcd`.
pub fn to_id(number: &str) -> String {
    let letter = |(at, sign): (usize, char)| match sign.to_digit(10) {
        Some(digit) if at >= KEPT => char::from(b'a' + digit as u8),
        _ => sign,
    };
    number.chars().enumerate().map(letter).collect()
}

/// The number that an id stands for.
pub fn of_id(id: &str) -> Option<String> {
    let digit = |(at, sign): (usize, char)| match sign {
        'a'..='j' if at >= KEPT => char::from_digit(sign as u32 - 'a' as u32, 10),
        '0'..='9' if at < KEPT => Some(sign),
        _ => None,
    };
    id.chars().enumerate().map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vendors_forms_are_dialled() {
        for number in [
            "008613800000000",
            "+8613800000000",
            "+14155550100",
            "13800000000",
            "0755-86013388",
            "075586013388",
            "0755-86013388-801",
            "010-62780000",
            "400-910-0100",
            "4009100100",
            "8001",
            "95016",
            "10086",
        ] {
            assert!(dialable(number), "{number}");
        }
    }

    #[test]
    fn an_id_stands_for_one_number_and_is_none_itself() {
        assert_eq!(to_id("13900000123"), "139aaaaabcd");
        assert_eq!(of_id("139aaaaabcd").as_deref(), Some("13900000123"));
        for number in ["13900000123", "139", "139xaaaabcd", "abcdefghijk"] {
            assert_ne!(of_id(number).as_deref(), Some("13900000123"), "{number}");
        }
        assert!(!dialable("139aaaaabcd"));
    }

    #[test]
    fn everything_else_is_refused() {
        for number in [
            "",
            "15889xxxxxx",
            "12",
            "123456789",
            "12800000000",
            "1380000000000",
            "+",
            "+086138",
            "0-75586013388",
            "0755-86013388-",
            "4-0-0-9-1-0-0100",
            "0755--86013388",
            "138 0000 0000",
            "tel:13800000000",
            "１３８００００００００",
            "13800000000;ext=1",
            "<img>",
        ] {
            assert!(!dialable(number), "{number}");
        }
    }
}
