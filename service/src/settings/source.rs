//! The source of values: a TOML file, and the environment's `CALLDOCK_…` variables, which override it.
//!
//! Secrets pass through here as strings. Wiped on drop: the file's text, and each secret once
//! [`super::reader`] has read it. Not wiped: the copies of the TOML parser, which are dropped within [`read`],
//! and the process's environment. A secret in a file of its own (`…_file`) passes through none of these.

use std::collections::BTreeMap;
use std::path::Path;

use toml::{Table, Value};
use zeroize::Zeroizing;

use super::ConfigErrors;

/// Returns the process's environment variables that are valid Unicode.
pub fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

/// Returns the section of a key.
pub(super) fn section(key: &str) -> &str {
    key.split('.').next().unwrap_or_default()
}

/// Values by key, such as `tccc.secret_id`.
pub type Values = BTreeMap<String, Value>;

/// Reads both. An empty variable counts as unset, because compose files cannot remove one. Only variables of
/// the sections in `keys` are read: an orchestrator may set others with the same prefix.
///
/// # Errors
/// The file cannot be read, or is not TOML.
pub fn read(
    file: Option<&Path>,
    environment: impl IntoIterator<Item = (String, String)>,
    keys: &[&str],
) -> Result<Values, ConfigErrors> {
    let mut values = Values::new();
    if let Some(path) = file {
        let text = std::fs::read_to_string(path).map(Zeroizing::new).map_err(|error| {
            ConfigErrors::one(
                path.display().to_string(),
                format!("the file cannot be read ({error})"),
                "pass --config the path of a readable TOML file",
            )
        })?;
        flatten(text.parse().map_err(|error| not_toml(path, &text, &error))?, "", &mut values);
    }
    for (name, text) in environment {
        // `CALLDOCK_TCCC_SECRET_ID` → `tccc.secret_id`: a section has no underscore, a key may.
        let Some((of, key)) = name.strip_prefix("CALLDOCK_").and_then(|name| name.split_once('_'))
        else {
            continue;
        };
        let key = format!("{of}.{key}").to_ascii_lowercase();
        if !text.is_empty() && keys.iter().any(|known| section(known) == section(&key)) {
            let inside = format!("{key}.");
            values.retain(|known, _| !known.starts_with(&inside));
            // Always a string: a secret of digits is not a number.
            values.insert(key, Value::String(text));
        }
    }
    Ok(values)
}

/// The parser's message quotes the line, which may contain a secret: only its position is reported.
fn not_toml(path: &Path, text: &str, error: &toml::de::Error) -> ConfigErrors {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let (line, start) =
        (before.matches('\n').count() + 1, before.rfind('\n').map_or(0, |at| at + 1));
    let column = before[start..].chars().count() + 1;
    ConfigErrors::one(
        path.display().to_string(),
        format!("not TOML at line {line}, column {column}"),
        "write it as tables of key = value, strings in quotes, no key twice",
    )
}

/// Flattens nested tables into keys with dots.
fn flatten(table: Table, prefix: &str, values: &mut Values) {
    for (name, value) in table {
        let key = format!("{prefix}{name}");
        match value {
            Value::Table(keys) if !keys.is_empty() => flatten(keys, &format!("{key}."), values),
            value => drop(values.insert(key, value)),
        }
    }
}
