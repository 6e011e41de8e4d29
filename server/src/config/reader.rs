//! One key after the other, every mistake noted.

use std::collections::BTreeMap;
use std::path::Path;

use figment::value::Value;
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

use super::source::Values;
use super::values::credential;
use super::{ConfigErrors, KEYS};

/// Hands out values by key and keeps what is wrong with them.
pub struct Reader {
    values: Values,
    errors: ConfigErrors,
}

impl Reader {
    pub fn new(values: Values) -> Self {
        Self { values, errors: ConfigErrors::default() }
    }

    /// Whether a key is there.
    pub fn has_key(&self, key: &str) -> bool {
        self.values.contains_key(key)
    }

    /// Whether any key of a section is there.
    pub fn has(&self, section: &str) -> bool {
        self.values.keys().any(|key| key.split('.').next() == Some(section))
    }

    /// A text that must be there, or has a default, and must parse.
    pub fn parsed<T>(
        &mut self,
        key: &str,
        default: Option<&str>,
        parse: impl FnOnce(&str) -> Result<T, &'static str>,
    ) -> Option<T> {
        if !self.values.contains_key(key) {
            let Some(default) = default else {
                self.missing(key);
                return None;
            };
            return parse(default).ok();
        }
        self.optional(key, parse)
    }

    /// A text that may be there, and then must parse.
    pub fn optional<T>(
        &mut self,
        key: &str,
        parse: impl FnOnce(&str) -> Result<T, &'static str>,
    ) -> Option<T> {
        let parsed = match self.values.remove(key)? {
            Value::String(_, text) => parse(Zeroizing::new(text).trim()),
            _ => Err("expected a text in quotes"),
        };
        parsed.map_err(|what| self.wrong(key, what)).ok()
    }

    /// A number or a truth that may be there; the environment has both as texts.
    pub fn scalar<T>(
        &mut self,
        key: &str,
        parse: impl FnOnce(&str) -> Result<T, &'static str>,
    ) -> Option<T> {
        let parsed = match self.values.remove(key)? {
            Value::String(_, text) => parse(text.trim()),
            Value::Bool(_, truth) => parse(if truth { "true" } else { "false" }),
            Value::Num(_, number) => match number.to_i128() {
                Some(number) => parse(&number.to_string()),
                None => Err("expected a whole number"),
            },
            _ => Err("expected a number, a text in quotes, true or false"),
        };
        parsed.map_err(|what| self.wrong(key, what)).ok()
    }

    /// A table of texts with names of the operator's own; the environment has it as a JSON object.
    pub fn table(&mut self, key: &str) -> Vec<(String, String)> {
        const EXPECTED: &str = "expected a table of texts";
        let mut texts = Vec::new();
        let inside = format!("{key}.");
        let names: Vec<_> =
            self.values.keys().filter(|name| name.starts_with(&inside)).cloned().collect();
        for name in names {
            match self.values.remove(&name) {
                Some(Value::String(_, text)) => texts.push((name[inside.len()..].into(), text)),
                _ => self.wrong(&name, "expected a text in quotes"),
            }
        }
        match self.values.remove(key) {
            None => {}
            Some(Value::Dict(_, members)) if members.is_empty() => {}
            Some(Value::String(_, json)) => {
                match serde_json::from_str::<BTreeMap<String, String>>(&json) {
                    Ok(members) => texts.extend(members),
                    Err(_) => self.wrong(key, EXPECTED),
                }
            }
            Some(_) => self.wrong(key, EXPECTED),
        }
        texts
    }

    /// The application's number, as a number or as digits.
    pub fn sdk_app_id(&mut self, key: &str) -> Option<u64> {
        let number = match self.values.remove(key) {
            None => {
                self.missing(key);
                return None;
            }
            // TOML's whole numbers are signed.
            Some(Value::Num(_, number)) => {
                number.to_i128().and_then(|number| u64::try_from(number).ok())
            }
            Some(Value::String(_, digits)) => digits.trim().parse().ok(),
            Some(_) => None,
        };
        let number = number.filter(|number| *number > 0);
        if number.is_none() {
            self.wrong(key, "expected the application's number, like 1400000000");
        }
        number
    }

    /// A secret that must be there.
    pub fn secret(&mut self, key: &str) -> Option<SecretString> {
        self.parsed(key, None, credential)
    }

    /// The same for a secret that may be there.
    pub fn optional_secret_or_file(
        &mut self,
        key: &str,
        file_key: &str,
        config: Option<&Path>,
    ) -> Option<SecretString> {
        let given = self.values.contains_key(key) || self.values.contains_key(file_key);
        given.then(|| self.secret_or_file(key, file_key, config)).flatten()
    }

    /// A secret that must be there, itself or as the path of the file that holds it. A relative path
    /// starts at the configuration file's folder.
    pub fn secret_or_file(
        &mut self,
        key: &str,
        file_key: &str,
        config: Option<&Path>,
    ) -> Option<SecretString> {
        match (self.values.contains_key(key), self.values.contains_key(file_key)) {
            (true, true) => {
                self.values.remove(key);
                self.values.remove(file_key);
                self.errors.add(
                    key,
                    format!("given together with {file_key}"),
                    "keep one of the two, and look at the environment too",
                );
                None
            }
            (false, true) => {
                let path = self.optional(file_key, |path| Ok(path.to_owned()))?;
                let folder = config.and_then(Path::parent).unwrap_or(Path::new(""));
                match std::fs::read_to_string(folder.join(path)).map(Zeroizing::new) {
                    Ok(text) => {
                        credential(text.trim()).map_err(|what| self.wrong(file_key, what)).ok()
                    }
                    Err(error) => {
                        self.errors.add(
                            file_key,
                            format!("the file cannot be read ({})", error.kind()),
                            "check the path and who may read it",
                        );
                        None
                    }
                }
            }
            (true, false) => self.secret(key),
            (false, false) => {
                self.missing_secret(key, file_key);
                None
            }
        }
    }

    /// A file that may be named, and then must be readable and parse. A relative path starts at the
    /// configuration file's folder.
    pub fn file<T>(
        &mut self,
        key: &str,
        config: Option<&Path>,
        parse: impl FnOnce(&[u8]) -> Result<T, &'static str>,
    ) -> Option<T> {
        let path = self.optional(key, |path| Ok(path.to_owned()))?;
        let folder = config.and_then(Path::parent).unwrap_or(Path::new(""));
        match std::fs::read(folder.join(path)) {
            Ok(bytes) => parse(&bytes).map_err(|what| self.wrong(key, what)).ok(),
            Err(error) => {
                self.errors.add(
                    key,
                    format!("the file cannot be read ({})", error.kind()),
                    "check the path and who may read it",
                );
                None
            }
        }
    }

    /// A list of texts, or one text with commas (as the environment has it).
    pub fn list<T>(
        &mut self,
        key: &str,
        parse: impl Fn(&str) -> Result<T, &'static str>,
    ) -> Vec<T> {
        let texts: Option<Vec<String>> = match self.values.remove(key) {
            None => return Vec::new(),
            Some(Value::String(_, text)) => Some(
                text.split(',')
                    .map(|part| part.trim().to_owned())
                    .filter(|part| !part.is_empty())
                    .collect(),
            ),
            Some(Value::Array(_, items)) => items.into_iter().map(Value::into_string).collect(),
            Some(_) => None,
        };
        let parsed = texts
            .ok_or("expected a list of texts")
            .and_then(|texts| texts.iter().map(|text| parse(text)).collect());
        parsed.unwrap_or_else(|what| {
            self.wrong(key, what);
            Vec::new()
        })
    }

    /// What is left was not asked for.
    ///
    /// # Errors
    /// All mistakes.
    pub fn finish(mut self) -> Result<(), ConfigErrors> {
        for (key, value) in &self.values {
            // A section whose keys are all commented out.
            let is_empty = matches!(value, Value::Dict(_, keys) if keys.is_empty());
            if is_empty && KEYS.iter().any(|known| known.split('.').next() == Some(key)) {
                continue;
            }
            if KEYS.contains(&key.as_str()) {
                self.errors.add(
                    key,
                    "nothing uses it",
                    "remove it, or add what it belongs to as the example file shows",
                );
                continue;
            }
            let section = key.split('.').next().unwrap_or_default();
            let of_section: Vec<_> = KEYS
                .iter()
                .copied()
                .filter(|known| known.split('.').next() == Some(section))
                .collect();
            let known = if of_section.is_empty() { KEYS.join(", ") } else { of_section.join(", ") };
            self.errors.add(
                key,
                "unknown key",
                format!("remove it or correct it; known are {known}"),
            );
        }
        if self.errors.0.is_empty() { Ok(()) } else { Err(self.errors) }
    }

    fn missing(&mut self, key: &str) {
        self.errors.add(key, "missing", format!("add it to the file, or set {}", variable(key)));
    }

    fn missing_secret(&mut self, key: &str, file_key: &str) {
        self.errors.add(
            key,
            "missing",
            format!(
                "set {} or {file_key}, or start with --demo to try without a vendor",
                variable(key)
            ),
        );
    }

    /// Leaves keys or whole sections unread: what they depend on was wrong, and that is said already.
    pub fn pass_over(&mut self, names: &[&str]) {
        self.values.retain(|key, _| {
            let section = key.split('.').next().unwrap_or_default();
            !KEYS.contains(&key.as_str())
                || !(names.contains(&key.as_str()) || names.contains(&section))
        });
    }

    /// Whether a mistake in a key's value was noted.
    pub fn is_wrong(&self, key: &str) -> bool {
        self.errors.0.iter().any(|error| error.key == key)
    }

    /// Notes a mistake in a key's value.
    pub fn wrong(&mut self, key: &str, what: &'static str) {
        self.errors.add(key, what, format!("correct it in the file or in {}", variable(key)));
    }
}

/// The environment's name for a key.
fn variable(key: &str) -> String {
    format!("CALLDOCK_{}", key.replacen('.', "_", 1).to_ascii_uppercase())
}
