//! The telephone numbers the vendor dials.

/// Says whether the vendor dials this: `0086…` and `+86…` with a country code, a mainland mobile
/// number, a land line with its area code (`0755-…`), a 400 or 800 number, or a short extension.
pub fn dialable(number: &str) -> bool {
    let digits = |text: &str, least: usize, most: usize| {
        (least..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    if let Some(international) = number.strip_prefix('+').or_else(|| number.strip_prefix("00")) {
        return !international.starts_with('0') && digits(international, 6, 15);
    }
    let plain = number.replacen('-', "", 2);
    let dashes = number.matches('-').count();
    match number.as_bytes().first() {
        Some(b'0') => dashes <= 1 && dash_after_area_code(number) && digits(&plain, 10, 12),
        Some(b'1') if number.len() == 11 => {
            dashes == 0 && digits(number, 11, 11) && number.as_bytes()[1] >= b'3'
        }
        Some(b'4' | b'8') if plain.len() == 10 => {
            plain[1..].starts_with("00") && digits(&plain, 10, 10)
        }
        Some(_) => digits(number, 3, 8),
        None => false,
    }
}

fn dash_after_area_code(number: &str) -> bool {
    number.find('-').is_none_or(|at| at == 3 || at == 4)
}

#[cfg(test)]
mod tests {
    use super::dialable;

    #[test]
    fn the_vendors_forms_are_dialled() {
        for number in [
            "008613800000000",
            "+8613800000000",
            "+14155550100",
            "13800000000",
            "0755-86013388",
            "075586013388",
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
