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
/// the sections in `keys` are read, and none that Kubernetes sets for a Service: an orchestrator may set others
/// with the same prefix. A secret has two keys, itself and its `…_file`: a variable for one of them overrides
/// both in the file.
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
    let mut set = Values::new();
    for (name, text) in environment {
        // `CALLDOCK_TCCC_SECRET_ID` → `tccc.secret_id`: a section has no underscore, a key may.
        let Some((of, key)) = name.strip_prefix("CALLDOCK_").and_then(|name| name.split_once('_'))
        else {
            continue;
        };
        let key = format!("{of}.{key}").to_ascii_lowercase();
        let is_foreign = !keys.contains(&&*key) && is_of_service(&key, &text);
        let is_ours = keys.iter().any(|known| section(known) == section(&key)) && !is_foreign;
        if !text.is_empty() && is_ours {
            let inside = format!("{key}.");
            let other =
                key.strip_suffix("_file").map_or_else(|| format!("{key}_file"), str::to_owned);
            let is_secret = [&key, &other].iter().all(|key| keys.contains(&key.as_str()));
            if is_secret {
                values.remove(&other);
            }
            values.retain(|known, _| !known.starts_with(&inside));
            // Always a string: a secret of digits is not a number.
            set.insert(key, Value::String(text));
        }
    }
    values.extend(set);
    Ok(values)
}

/// Returns whether Kubernetes has set it: with a Service `calldock-store` come `CALLDOCK_STORE_SERVICE_HOST`,
/// `…_SERVICE_PORT`, `…_SERVICE_PORT_{name}`, `…_PORT` (an address), `…_PORT_6379_TCP` and `…_PORT_6379_TCP_{part}`.
fn is_of_service(key: &str, text: &str) -> bool {
    let of_port = |(_, port): (&str, &str)| port.starts_with(|first: char| first.is_ascii_digit());
    key.ends_with("service_host")
        || key.contains("service_port")
        || (key.ends_with("port") && text.contains("://"))
        || key.split_once("port_").is_some_and(of_port)
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_kubernetes_sets_for_a_service_is_no_setting() {
        let keys = ["store.url", "store.instances", "callback.port_name", "listen.address"];
        let set = [
            ("CALLDOCK_STORE_SERVICE_HOST", "10.0.0.7"),
            ("CALLDOCK_STORE_SERVICE_PORT", "6379"),
            ("CALLDOCK_STORE_SERVICE_PORT_REDIS", "6379"),
            ("CALLDOCK_STORE_PORT", "tcp://10.0.0.7:6379"),
            ("CALLDOCK_STORE_PORT_6379_TCP", "tcp://10.0.0.7:6379"),
            ("CALLDOCK_STORE_PORT_6379_TCP_PROTO", "tcp"),
            ("CALLDOCK_STORE_PORT_6379_TCP_PORT", "6379"),
            ("CALLDOCK_STORE_PORT_6379_TCP_ADDR", "10.0.0.7"),
            ("CALLDOCK_STORE_REPLICA_SERVICE_HOST", "10.0.0.8"),
            ("CALLDOCK_STORE_REPLICA_PORT_6379_UDP_ADDR", "10.0.0.8"),
            ("CALLDOCK_OTHER_URL", "of no section"),
            ("CALLDOCK_STORE_URL", "redis://a"),
            ("CALLDOCK_CALLBACK_PORT_NAME", "a"),
            // Written by a person: the reader says that there is no such key.
            ("CALLDOCK_LISTEN_PORT", "8700"),
        ];
        let set = set.map(|(name, text)| (name.to_owned(), text.to_owned()));
        let read: Vec<_> = read(None, set, &keys).unwrap().into_keys().collect();
        assert_eq!(read, ["callback.port_name", "listen.port", "store.url"]);
    }
}
