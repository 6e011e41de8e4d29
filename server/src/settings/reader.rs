//! Reads key by key and collects the mistakes.

use std::collections::BTreeMap;
use std::path::Path;

use figment::value::Value;
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

use super::source::Values;
use super::values::credential;
use super::{ConfigErrors, old};

/// Reads values by key and collects the mistakes.
pub struct Reader {
    values: Values,
    keys: &'static [&'static str],
    errors: ConfigErrors,
}

impl Reader {
    /// Creates a reader; `keys` are all known keys.
    pub fn new(values: Values, keys: &'static [&'static str]) -> Self {
        Self { values, keys, errors: ConfigErrors::default() }
    }

    /// Returns whether a key is set.
    pub fn has_key(&self, key: &str) -> bool {
        self.values.contains_key(key)
    }

    /// Returns whether any key of a section is set.
    pub fn has(&self, section: &str) -> bool {
        self.values.keys().any(|key| key.split('.').next() == Some(section))
    }

    /// Reads a required string, or one with a default.
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

    /// Reads an optional string.
    pub fn optional<T>(
        &mut self,
        key: &str,
        parse: impl FnOnce(&str) -> Result<T, &'static str>,
    ) -> Option<T> {
        match self.values.remove(key)? {
            Value::String(_, text) => {
                parse(text.trim()).map_err(|expected| self.found(key, expected, &text)).ok()
            }
            _ => self.refuse(key, "expected a string in quotes"),
        }
    }

    /// Reads an optional number or boolean; in the environment both are strings.
    pub fn scalar<T>(
        &mut self,
        key: &str,
        parse: impl FnOnce(&str) -> Result<T, &'static str>,
    ) -> Option<T> {
        let text = match self.values.remove(key)? {
            Value::String(_, text) => text.trim().to_owned(),
            Value::Bool(_, value) => value.to_string(),
            Value::Num(_, number) => match number.to_i128() {
                Some(number) => number.to_string(),
                None => return self.refuse(key, "expected a whole number"),
            },
            _ => return self.refuse(key, "expected a number, a string in quotes, true or false"),
        };
        parse(&text).map_err(|expected| self.found(key, expected, &text)).ok()
    }

    /// Reads a table of strings; in the environment it is a JSON object.
    pub fn table(&mut self, key: &str) -> Vec<(String, String)> {
        const EXPECTED: &str = "expected a table of strings";
        let mut texts = Vec::new();
        let inside = format!("{key}.");
        let names: Vec<_> =
            self.values.keys().filter(|name| name.starts_with(&inside)).cloned().collect();
        for name in names {
            match self.values.remove(&name) {
                Some(Value::String(_, text)) => texts.push((name[inside.len()..].into(), text)),
                _ => {
                    self.wrong(&name, "expected a string in quotes");
                }
            }
        }
        match self.values.remove(key) {
            None => {}
            Some(Value::Dict(_, members)) if members.is_empty() => {}
            Some(Value::String(_, json)) => {
                match serde_json::from_str::<BTreeMap<String, String>>(&json) {
                    Ok(members) => texts.extend(members),
                    Err(_) => {
                        self.wrong(key, EXPECTED);
                    }
                }
            }
            Some(_) => {
                self.wrong(key, EXPECTED);
            }
        }
        texts
    }

    /// Reads the application's number, as a number or as digits.
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
            self.wrong(key, "expected the application's number, such as 1400000000");
        }
        number
    }

    /// Reads a required secret. Its value is never reported.
    pub fn secret(&mut self, key: &str) -> Option<SecretString> {
        match self.values.remove(key) {
            None => {
                self.missing(key);
                None
            }
            Some(Value::String(_, text)) => {
                let secret = credential(Zeroizing::new(text).trim());
                secret.map_err(|expected| self.wrong(key, expected)).ok()
            }
            Some(_) => self.refuse(key, "expected a string in quotes"),
        }
    }

    /// Reads an optional secret, itself or from a file.
    pub fn optional_secret_or_file(
        &mut self,
        key: &str,
        file_key: &str,
        config: Option<&Path>,
    ) -> Option<SecretString> {
        let given = self.values.contains_key(key) || self.values.contains_key(file_key);
        given.then(|| self.secret_or_file(key, file_key, config)).flatten()
    }

    /// Reads a required secret, itself or from the file with this path. A relative path starts at the
    /// configuration file's folder.
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
                    "keep one of the two; see the environment too",
                );
                None
            }
            (false, true) => {
                let path = self.optional(file_key, |path| Ok(path.to_owned()))?;
                let folder = config.and_then(Path::parent).unwrap_or(Path::new(""));
                match std::fs::read_to_string(folder.join(path)).map(Zeroizing::new) {
                    Ok(text) => {
                        let secret = credential(text.trim());
                        secret.map_err(|expected| self.wrong(file_key, expected)).ok()
                    }
                    Err(error) => {
                        self.errors.add(
                            file_key,
                            format!("the file cannot be read ({})", error.kind()),
                            "check the path and its permissions",
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

    /// Reads an optional file. A relative path starts at the configuration file's folder.
    pub fn file<T>(
        &mut self,
        key: &str,
        config: Option<&Path>,
        parse: impl FnOnce(&[u8]) -> Result<T, &'static str>,
    ) -> Option<T> {
        let path = self.optional(key, |path| Ok(path.to_owned()))?;
        let folder = config.and_then(Path::parent).unwrap_or(Path::new(""));
        match std::fs::read(folder.join(path)) {
            Ok(bytes) => parse(&bytes).map_err(|expected| self.wrong(key, expected)).ok(),
            Err(error) => {
                self.errors.add(
                    key,
                    format!("the file cannot be read ({})", error.kind()),
                    "check the path and its permissions",
                );
                None
            }
        }
    }

    /// Reads a list of strings, or one string with commas, as in the environment.
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
        let Some(texts) = texts else {
            self.wrong(key, "expected a list of strings");
            return Vec::new();
        };
        let mut parsed = Vec::new();
        for text in texts {
            match parse(&text) {
                Ok(value) => parsed.push(value),
                Err(expected) => {
                    self.found(key, expected, &text);
                    return Vec::new();
                }
            }
        }
        parsed
    }

    /// Ends reading: values that were not read are mistakes too.
    ///
    /// # Errors
    /// All mistakes.
    pub fn finish(mut self) -> Result<(), ConfigErrors> {
        for (key, value) in &self.values {
            // A section in which all keys are commented out.
            let is_empty = matches!(value, Value::Dict(_, keys) if keys.is_empty());
            if is_empty && self.keys.iter().any(|known| known.split('.').next() == Some(key)) {
                continue;
            }
            if self.keys.contains(&key.as_str()) {
                self.errors.add(
                    key,
                    "not used",
                    "remove it, or set the keys that it belongs to, as in the example file",
                );
                continue;
            }
            if let Some(fix) = old::fix(key) {
                self.errors.add(key, "no longer a key of calldock-server", fix);
                continue;
            }
            let section = key.split('.').next().unwrap_or_default();
            let of_section: Vec<_> = self
                .keys
                .iter()
                .copied()
                .filter(|known| known.split('.').next() == Some(section))
                .collect();
            let known =
                if of_section.is_empty() { self.keys.join(", ") } else { of_section.join(", ") };
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

    /// Skips keys or whole sections whose use depends on a value that was wrong.
    pub fn pass_over(&mut self, names: &[&str]) {
        let known = self.keys;
        self.values.retain(|key, _| {
            let section = key.split('.').next().unwrap_or_default();
            !known.contains(&key.as_str())
                || !(names.contains(&key.as_str()) || names.contains(&section))
        });
    }

    /// Returns whether a mistake in a key's value was found.
    pub fn is_wrong(&self, key: &str) -> bool {
        self.errors.0.iter().any(|error| error.key == key)
    }

    /// Adds a mistake in a key's value, without the value.
    pub fn wrong(&mut self, key: &str, expected: &str) {
        self.errors.add(key, expected, format!("correct it in the file or in {}", variable(key)));
    }

    fn refuse<T>(&mut self, key: &str, expected: &str) -> Option<T> {
        self.wrong(key, expected);
        None
    }

    /// Adds a mistake in a key's value, with the value found: keys with secrets use [`Reader::secret`].
    fn found(&mut self, key: &str, expected: &str, value: &str) {
        let value: String = value.trim().chars().take(SHOWN).flat_map(char::escape_debug).collect();
        let found = if expected.contains(", found ") || is_private(key) {
            expected.to_owned()
        } else {
            format!("{expected}, found \"{value}\"")
        };
        self.wrong(key, &found);
    }
}

/// Characters of a value that a message shows.
const SHOWN: usize = 60;

/// Keys that are read as strings and may contain a password or personal data: a URL with credentials, an
/// agent's mail address.
fn is_private(key: &str) -> bool {
    key.ends_with("url") || key.ends_with("user_id") || key.contains("secret")
}

/// The environment's name for a key.
fn variable(key: &str) -> String {
    format!("CALLDOCK_{}", key.replacen('.', "_", 1).to_ascii_uppercase())
}
