//! Bytes become texts, fields and headers, in a form that a person can write into a file.

use std::borrow::Cow;

use axum::http::{HeaderMap, HeaderName, HeaderValue};

/// A text; what is not UTF-8 is replaced.
pub fn text(data: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(data)
}

/// The fields of an input, divided by lines of `---`. Missing ones are empty.
pub fn fields<const N: usize>(data: &[u8]) -> [String; N] {
    let text = text(data);
    let mut parts = text.splitn(N, "\n---\n");
    std::array::from_fn(|_| parts.next().unwrap_or_default().to_owned())
}

/// Headers, `name: value` in a line; lines that hyper would not deliver are left out.
pub fn headers(data: &[u8]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in data.split(|byte| *byte == b'\n') {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { continue };
        let name = HeaderName::from_bytes(&line[..colon]);
        let value = HeaderValue::from_bytes(line[colon + 1..].trim_ascii());
        if let (Ok(name), Ok(value)) = (name, value) {
            headers.append(name, value);
        }
    }
    headers
}

/// The first line of an input, and the rest.
pub fn first_line(data: &[u8]) -> (&[u8], &[u8]) {
    match data.iter().position(|byte| *byte == b'\n') {
        Some(at) => (&data[..at], &data[at + 1..]),
        None => (data, &[]),
    }
}

/// Whether a text has a run of this many ASCII digits.
pub fn has_digits(text: &str, count: usize) -> bool {
    text.as_bytes().windows(count).any(|run| run.iter().all(u8::is_ascii_digit))
}
