//! Reads members of the JSON object on standard input.

use calldock_signing::Members;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Map, Value};

/// Parses the input as one JSON object.
pub fn object(input: &[u8]) -> Result<Map<String, Value>, String> {
    parsed(input, "one JSON object").map(|members| by_name(&members))
}

/// Returns members by name, without their order.
pub fn by_name(members: &Members) -> Map<String, Value> {
    match serde_json::to_value(members) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    }
}

/// Parses the input. A mistake is described by its place only: serde's text may quote the input.
pub fn parsed<'a, T: Deserialize<'a>>(input: &'a [u8], expected: &str) -> Result<T, String> {
    serde_json::from_slice(input).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        format!(
            "standard input: expected {expected} with every member once, found a mistake at line {line} column {column}"
        )
    })
}

/// Refuses members that are not known.
pub fn only_known<'a>(
    what: &str,
    mut names: impl Iterator<Item = &'a String>,
    known: &[&str],
) -> Result<(), String> {
    if names.any(|name| !known.contains(&name.as_str())) {
        return Err(format!("{what}: found an unknown member, expected {}", known.join(", ")));
    }
    Ok(())
}

/// Reads a string.
pub fn text<'a>(input: &'a Map<String, Value>, name: &str) -> Result<&'a str, String> {
    input.get(name).and_then(Value::as_str).ok_or_else(|| format!("{name}: expected a string"))
}

/// Reads a string that goes into a header: with a line break, other text would be signed than is sent.
pub fn line<'a>(input: &'a Map<String, Value>, name: &str) -> Result<&'a str, String> {
    printable(name, text(input, name)?)
}

/// Refuses a string that is empty or not printable ASCII.
pub fn printable<'a>(name: &str, value: &'a str) -> Result<&'a str, String> {
    let fits = !value.is_empty() && value.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    fits.then_some(value).ok_or_else(|| format!("{name}: expected one line of ASCII"))
}

/// Reads a secret of one line.
pub fn secret(input: &Map<String, Value>, name: &str) -> Result<SecretString, String> {
    line(input, name).map(SecretString::from)
}
