//! The source of values: a TOML file, and the environment's `CALLDOCK_…` variables, which override it.
//!
//! Secrets pass through here as strings. Wiped on drop: the file's text, the variables' copies, and each value
//! once [`super::reader`] has read it into a `SecretString`. Not wiped: the copies of the TOML parser and of
//! figment, which are dropped within [`read`], and the process's environment. A secret in a file of its own
//! (`…_file`) passes through none of these.

use std::collections::BTreeMap;
use std::path::Path;

use figment::providers::{Format, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};
use secrecy::zeroize::Zeroizing;

use super::ConfigErrors;

/// Returns the process's environment variables that are valid Unicode.
pub fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

/// Values by key, such as `tccc.secret_id`.
pub type Values = BTreeMap<String, Value>;

/// Reads both. An empty variable counts as unset, because compose files cannot remove one. Only variables of
/// known sections are read: an orchestrator may set others with the same prefix.
///
/// # Errors
/// The file cannot be read, or is not TOML.
pub fn read(
    file: Option<&Path>,
    environment: impl IntoIterator<Item = (String, String)>,
    keys: &[&str],
) -> Result<Values, ConfigErrors> {
    let mut figment = Figment::new();
    if let Some(path) = file {
        figment = figment.merge(Toml::string(text_of(path)?.as_str()));
    }
    let values: Dict = figment
        .merge(Environment::of(environment, keys))
        .extract()
        .map_err(|error| not_toml(file, &error.to_string()))?;
    Ok(flat(values))
}

fn text_of(path: &Path) -> Result<Zeroizing<String>, ConfigErrors> {
    std::fs::read_to_string(path).map(Zeroizing::new).map_err(|error| {
        ConfigErrors::one(
            path.display().to_string(),
            format!("the file cannot be read ({})", error.kind()),
            "pass --config the path of a readable TOML file",
        )
    })
}

/// The parser's message quotes the line, which may contain a secret: only its position is reported.
fn not_toml(file: Option<&Path>, message: &str) -> ConfigErrors {
    let place = message
        .lines()
        .next()
        .and_then(|line| line.strip_prefix("TOML parse error at "))
        .filter(|place| place.len() < 40)
        .map_or(String::new(), |place| format!(" at {place}"));
    ConfigErrors::one(
        file.map_or("configuration".to_owned(), |path| path.display().to_string()),
        format!("not TOML{place}"),
        "write it as tables of key = value, strings in quotes, no key twice",
    )
}

/// `CALLDOCK_TCCC_SECRET_ID` → `tccc.secret_id`: a section has no underscore, a key may.
struct Environment(Vec<(String, Zeroizing<String>)>);

impl Environment {
    fn of(variables: impl IntoIterator<Item = (String, String)>, keys: &[&str]) -> Self {
        let known = variables.into_iter().filter_map(|(name, value)| {
            let (section, key) = name.strip_prefix("CALLDOCK_")?.split_once('_')?;
            let key = format!("{section}.{key}").to_ascii_lowercase();
            let ours = keys.iter().any(|known| known.split('.').next() == key.split('.').next());
            (ours && !value.is_empty()).then(|| (key, Zeroizing::new(value)))
        });
        Self(known.collect())
    }
}

impl Provider for Environment {
    fn metadata(&self) -> Metadata {
        Metadata::named("environment")
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        let mut sections = Dict::new();
        for (name, value) in &self.0 {
            let Some((section, key)) = name.split_once('.') else { continue };
            let section = sections.entry(section.to_owned()).or_insert_with(|| Dict::new().into());
            if let Value::Dict(_, keys) = section {
                // Always a string: a secret of digits is not a number.
                keys.insert(key.to_owned(), Value::from(value.as_str()));
            }
        }
        Ok(Profile::Default.collect(sections))
    }
}

/// Flattens nested tables into keys with dots.
fn flat(values: Dict) -> Values {
    let mut flat = Values::new();
    for (name, value) in values {
        match value {
            Value::Dict(_, keys) if !keys.is_empty() => {
                flat.extend(
                    self::flat(keys)
                        .into_iter()
                        .map(|(key, value)| (format!("{name}.{key}"), value)),
                );
            }
            value => {
                flat.insert(name, value);
            }
        }
    }
    flat
}
