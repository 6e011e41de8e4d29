//! How a message shows a value that was found.

use toml::Value;

/// Characters of a value that a message shows.
const LONGEST: usize = 60;

/// Shows a value as the file has it, on one line and shortened; of a URL neither the user, the password nor the
/// query.
pub fn value(value: &Value) -> String {
    match value {
        Value::String(text) => self::text(text),
        Value::Array(items) => {
            short(&format!("[{}]", items.iter().map(self::value).collect::<Vec<_>>().join(", ")))
        }
        Value::Table(_) => "a table".to_owned(),
        other => short(&other.to_string()),
    }
}

/// Shows a text in quotes.
pub fn text(text: &str) -> String {
    let text = text.trim();
    match text.split_once("://") {
        Some((scheme, rest)) => format!("\"{}\"", short(&format!("{scheme}://{}", public(rest)))),
        None => format!("\"{}\"", short(text)),
    }
}

/// Says that there was a value, where it is not to be shown.
pub fn hidden(text: &str) -> String {
    format!("{} characters, not shown here", text.trim().chars().count())
}

/// A password may contain any character: all before the last `@` is left out.
fn public(rest: &str) -> String {
    let (user, host) = rest.rsplit_once('@').map_or(("", rest), |(_, host)| ("…@", host));
    match host.split_once(['?', '#']) {
        Some((address, _)) => format!("{user}{address}?…"),
        None => format!("{user}{host}"),
    }
}

fn short(text: &str) -> String {
    let mut shown: String = text.chars().take(LONGEST).flat_map(escaped).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}

/// Escapes what a terminal would act on or show as something else.
fn escaped(c: char) -> impl Iterator<Item = char> {
    let plain = matches!(c, '"' | '\'' | '\\');
    let escape = (!plain).then(|| c.escape_debug());
    plain.then_some(c).into_iter().chain(escape.into_iter().flatten())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_shown_as_it_was_written() {
        for (written, shown) in [
            ("\"abc\"", "\"abc\""),
            ("17", "17"),
            ("true", "true"),
            ("1.5", "1.5"),
            ("[\"a\", 1]", "[\"a\", 1]"),
            ("{ a = 1 }", "a table"),
            ("\"a\\u202Eb\\nc\"", "\"a\\u{202e}b\\nc\""),
        ] {
            let value: toml::Table = format!("a = {written}").parse().expect("TOML");
            assert_eq!(super::value(&value["a"]), shown);
        }
        assert_eq!(text(&"a".repeat(61)), format!("\"{}…\"", "a".repeat(60)));
    }

    #[test]
    fn of_a_url_neither_user_password_nor_query_is_shown() {
        for (url, shown) in [
            ("https://h/path", "https://h/path"),
            ("https://user:SECRET@h/", "https://…@h/"),
            ("redis://:SE/CRET@x,y@h:6379/0", "redis://…@h:6379/0"),
            ("redis://:SECRET@a,redis://:SECRET@b", "redis://…@b"),
            ("https://h/a?token=SECRET", "https://h/a?…"),
            ("https://h/a#SECRET", "https://h/a?…"),
        ] {
            assert_eq!(text(url), format!("\"{shown}\""));
        }
    }
}
