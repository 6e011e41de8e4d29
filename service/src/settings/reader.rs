//! Reads key by key and collects the mistakes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use toml::Value;
use zeroize::Zeroizing;

use super::source::{Values, section};
use super::{ConfigErrors, shown};

/// What a program says about its keys.
#[derive(Clone, Copy)]
pub struct Keys {
    /// All keys; those that are read are known without being listed.
    pub known: &'static [&'static str],
    /// Where the documentation describes them.
    pub page: &'static str,
    /// Says what else may be done about a missing key.
    pub instead: fn(&str) -> &'static str,
    /// Whether a variable `CALLDOCK_…` may set a key.
    pub environment: bool,
    /// Whether the value of a key is personal data, which no message shows.
    pub is_personal: fn(&str) -> bool,
}

/// Reads values by key and collects the mistakes.
pub struct Reader {
    values: Values,
    keys: Keys,
    known: BTreeSet<String>,
    file: Option<PathBuf>,
    errors: ConfigErrors,
}

impl Reader {
    /// Creates a reader. Relative paths start at the folder of `file`.
    pub fn new(values: Values, keys: Keys, file: Option<&Path>) -> Self {
        let known = keys.known.iter().map(|key| (*key).to_owned()).collect();
        let file = file.map(Path::to_owned);
        Self { values, keys, known, file, errors: ConfigErrors::default() }
    }

    /// Returns whether a key is set.
    pub fn has_key(&self, key: &str) -> bool {
        self.values.contains_key(key)
    }

    /// Returns whether a section is there, even if it is empty.
    pub fn has(&self, name: &str) -> bool {
        self.values.keys().any(|key| section(key) == name)
    }

    /// Reads a required string, or one with a default.
    pub fn parsed<T, E: Into<String>>(
        &mut self,
        key: &str,
        default: Option<&str>,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        self.know(key);
        match default {
            _ if self.has_key(key) => self.optional(key, parse),
            Some(default) => parse(default).ok(),
            None => self.missing(key),
        }
    }

    /// Reads an optional string.
    pub fn optional<T, E: Into<String>>(
        &mut self,
        key: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        match self.take(key)? {
            Value::String(text) => self.checked(key, &text, parse(text.trim())),
            other => self.refuse(key, "expected a string in quotes", &self.shown(key, &other)),
        }
    }

    /// Reads an optional number or boolean; in the environment both are strings.
    pub fn scalar<T, E: Into<String>>(
        &mut self,
        key: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let value = self.take(key)?;
        let text = match &value {
            Value::String(text) => text.trim().to_owned(),
            Value::Array(_) | Value::Table(_) => String::new(),
            other => other.to_string(),
        };
        match parse(&text) {
            Ok(parsed) => Some(parsed),
            Err(expected) => self.refuse(key, &expected.into(), &shown::value(&value)),
        }
    }

    /// Reads an optional whole number within limits; `of` is what is counted.
    pub fn number<N: Copy + Display + FromStr + PartialOrd>(
        &mut self,
        key: &str,
        limits: RangeInclusive<N>,
        of: &str,
    ) -> Option<N> {
        self.scalar(key, |text| {
            let number = text.parse().ok().filter(|number| limits.contains(number));
            number.ok_or_else(|| format!("expected {} to {} {of}", limits.start(), limits.end()))
        })
    }

    /// Reads optional whole seconds within limits.
    pub fn seconds(&mut self, key: &str, limits: RangeInclusive<u64>) -> Option<Duration> {
        self.number(key, limits, "seconds").map(Duration::from_secs)
    }

    /// Reads an optional `true` or `false`.
    pub fn truth(&mut self, key: &str) -> Option<bool> {
        self.scalar(key, |text| text.parse().map_err(|_| "expected true or false"))
    }

    /// Reads one of several words; the first is the default unless the key is required.
    pub fn choice<T: Clone>(&mut self, key: &str, of: &[(&str, T)], required: bool) -> Option<T> {
        let default = of.first().map(|(word, _)| *word).filter(|_| !required);
        self.parsed(key, default, |text| {
            let chosen = of.iter().find(|(word, _)| *word == text);
            chosen.map(|(_, value)| value.clone()).ok_or_else(|| {
                let words: Vec<_> = of.iter().map(|(word, _)| format!("\"{word}\"")).collect();
                let (last, rest) = words.split_last().expect("a choice has words");
                format!("expected {} or {last}", rest.join(", "))
            })
        })
    }

    /// Reads the optional path of a file or folder. A relative one starts at the configuration's folder.
    pub fn path(&mut self, key: &str) -> Option<PathBuf> {
        let path = self.optional(key, |text| match text {
            "" => Err("expected the path of a file"),
            text => Ok(text.to_owned()),
        })?;
        Some(self.folder().join(path))
    }

    /// Reads a required path.
    pub fn required_path(&mut self, key: &str) -> Option<PathBuf> {
        if self.has_key(key) { self.path(key) } else { self.missing(key) }
    }

    /// Reads a required file that a key names.
    pub fn required_file<T>(
        &mut self,
        key: &str,
        parse: impl FnOnce(&[u8]) -> Result<T, &'static str>,
    ) -> Option<T> {
        if self.has_key(key) { self.file(key, parse) } else { self.missing(key) }
    }

    /// Returns the folder that relative paths start at.
    pub fn folder(&self) -> PathBuf {
        self.file.as_deref().and_then(Path::parent).unwrap_or(Path::new("")).to_owned()
    }

    /// Reads an optional file that a key names.
    pub fn file<T>(
        &mut self,
        key: &str,
        parse: impl FnOnce(&[u8]) -> Result<T, &'static str>,
    ) -> Option<T> {
        let path = self.path(key)?;
        match std::fs::read(&path).map(Zeroizing::new) {
            Ok(bytes) => parse(&bytes).map_err(|expected| self.wrong(key, expected)).ok(),
            Err(error) => {
                self.errors.add(
                    key,
                    format!("the file cannot be read ({error})"),
                    "check the path and its permissions",
                );
                None
            }
        }
    }

    /// Reads a table of strings; in the environment it is a JSON object.
    pub fn table(&mut self, key: &str) -> Vec<(String, String)> {
        const EXPECTED: &str = "expected a table of strings";
        let mut texts = Vec::new();
        let inside = format!("{key}.");
        let names: Vec<_> =
            self.values.keys().filter(|name| name.starts_with(&inside)).cloned().collect();
        for name in names {
            let text = self.optional(&name, |text| Ok::<_, String>(text.to_owned()));
            texts.extend(text.map(|text| (name[inside.len()..].to_owned(), text)));
        }
        match self.take(key) {
            Some(Value::Table(members)) if members.is_empty() => {}
            Some(Value::String(json)) => {
                let members: Result<BTreeMap<_, _>, _> = serde_json::from_str(&json);
                texts.extend(
                    self.checked(key, &json, members.map_err(|_| EXPECTED)).into_iter().flatten(),
                );
            }
            Some(other) => self.wrong_value(key, EXPECTED, &shown::value(&other)),
            None => {}
        }
        texts
    }

    /// Reads a list of strings, or one string with commas, as in the environment.
    pub fn list<T, E: Into<String>>(
        &mut self,
        key: &str,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Vec<T> {
        let items = match self.take(key) {
            None => return Vec::new(),
            Some(Value::Array(items)) => items,
            Some(Value::String(text)) => {
                let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
                parts.map(|part| Value::String(part.to_owned())).collect()
            }
            Some(other) => {
                self.wrong_value(key, "expected a list of strings", &shown::value(&other));
                return Vec::new();
            }
        };
        let mut parsed = Vec::new();
        for item in items {
            match item {
                Value::String(text) => parsed.extend(self.checked(key, &text, parse(&text))),
                other => {
                    self.wrong_value(key, "expected a list of strings", &shown::value(&other));
                }
            }
        }
        parsed
    }

    /// Reads a required secret, itself or from the file that `…_file` names. Its value is never reported.
    pub fn secret<T>(
        &mut self,
        key: &str,
        parse: impl FnOnce(&str) -> Result<T, &'static str>,
    ) -> Option<T> {
        let file_key = format!("{key}_file");
        match (self.has_key(key), self.has_key(&file_key)) {
            (true, true) => {
                self.take(key);
                self.take(&file_key);
                self.errors.add(
                    key,
                    format!("given together with {file_key}"),
                    "keep one of the two",
                );
                None
            }
            (false, true) => self.file(&file_key, |bytes| {
                let text = std::str::from_utf8(bytes).map_err(|_| "expected UTF-8 text")?;
                parse(text.trim())
            }),
            (true, false) => match self.take(key)? {
                Value::String(text) => {
                    let text = Zeroizing::new(text);
                    let found = shown::hidden(&text);
                    match parse(text.trim()) {
                        Ok(secret) => Some(secret),
                        Err(expected) => self.refuse(key, expected, &found),
                    }
                }
                _ => self.refuse(key, "expected a string in quotes", "another type"),
            },
            (false, false) => {
                let instead = (self.keys.instead)(key);
                let fix = format!("set {} or {file_key}{instead}", variable(key));
                self.errors.add(key, "missing", fix);
                None
            }
        }
    }

    /// Reads an optional secret, itself or from a file.
    pub fn optional_secret<T>(
        &mut self,
        key: &str,
        parse: impl FnOnce(&str) -> Result<T, &'static str>,
    ) -> Option<T> {
        let given = self.has_key(key) || self.has_key(&format!("{key}_file"));
        given.then(|| self.secret(key, parse)).flatten()
    }

    /// Skips keys or whole sections whose use depends on a value that was wrong.
    pub fn pass_over(&mut self, names: &[&str]) {
        let known = &self.known;
        let named = |key: &str| names.contains(&key) || names.contains(&section(key));
        self.values.retain(|key, _| !(known.contains(key) && named(key)));
    }

    /// Returns whether a mistake in a key's value was found.
    pub fn is_wrong(&self, key: &str) -> bool {
        self.errors.0.iter().any(|error| error.key == key)
    }

    /// Returns the same of a secret, which may be in a file.
    pub fn is_wrong_secret(&self, key: &str) -> bool {
        self.is_wrong(key) || self.is_wrong(&format!("{key}_file"))
    }

    /// Adds a mistake in a key's value, without the value.
    pub fn wrong(&mut self, key: &str, expected: &str) {
        let fix = match self.keys.environment {
            true => format!("correct it in the file or in {}", variable(key)),
            false => "correct it in the file".to_owned(),
        };
        self.errors.add(key, expected, fix);
    }

    /// Adds a mistake in a key's value, with the text found. Not for secrets.
    pub fn wrong_text(&mut self, key: &str, expected: &str, text: &str) {
        let found = self.shown(key, &Value::String(text.to_owned()));
        self.wrong_value(key, expected, &found);
    }

    /// Ends reading: values that were not read are mistakes too.
    ///
    /// # Errors
    /// All mistakes.
    pub fn finish(mut self) -> Result<(), ConfigErrors> {
        for (key, value) in &self.values {
            // A section in which all keys are commented out.
            let is_empty = matches!(value, Value::Table(keys) if keys.is_empty());
            if is_empty && self.known.iter().any(|known| section(known) == key) {
                continue;
            }
            let (what, fix) = if self.known.contains(key) {
                let fix = "remove it, or set the keys that it belongs to, as in the example file";
                ("not used", fix.to_owned())
            } else {
                ("unknown key", self.nearest(key))
            };
            self.errors.add(key, what, fix);
        }
        if self.errors.0.is_empty() { Ok(()) } else { Err(self.errors) }
    }

    /// Says which keys may have been meant.
    fn nearest(&self, key: &str) -> String {
        const SHOWN: usize = 3;
        const ALIKE: f64 = 0.8;
        // Of one section, the names behind it: what they share says nothing.
        let alike = |known: &String| match (key.split_once('.'), known.split_once('.')) {
            (Some((section, key)), Some((other, known))) if section == other => {
                strsim::jaro_winkler(key, known)
            }
            _ => strsim::jaro_winkler(key, known),
        };
        let mut near: Vec<_> = self.known.iter().filter(|known| alike(known) >= ALIKE).collect();
        near.sort_by(|a, b| alike(b).total_cmp(&alike(a)));
        near.truncate(SHOWN);
        let names: Vec<_> = near.into_iter().map(String::as_str).collect();
        let page = self.keys.page;
        match names.as_slice() {
            [] => format!("remove it; all keys: {page}"),
            names => format!("remove it, or write {}; all keys: {page}", names.join(" or ")),
        }
    }

    fn shown(&self, key: &str, value: &Value) -> String {
        match value {
            Value::String(text) if (self.keys.is_personal)(key) => shown::hidden(text),
            _ if (self.keys.is_personal)(key) => "another type".to_owned(),
            value => shown::value(value),
        }
    }

    fn know(&mut self, key: &str) {
        let within =
            |known: &str| key.strip_prefix(known).is_some_and(|rest| rest.starts_with('.'));
        let mut listed = self.keys.known.iter();
        debug_assert!(
            self.keys.known.is_empty() || listed.any(|known| *known == key || within(known)),
            "{key} is read and not listed"
        );
        self.known.insert(key.to_owned());
    }

    fn take(&mut self, key: &str) -> Option<Value> {
        self.know(key);
        self.values.remove(key)
    }

    fn checked<T, E: Into<String>>(
        &mut self,
        key: &str,
        text: &str,
        parsed: Result<T, E>,
    ) -> Option<T> {
        parsed.map_err(|expected| self.wrong_text(key, &expected.into(), text)).ok()
    }

    fn refuse<T>(&mut self, key: &str, expected: &str, found: &str) -> Option<T> {
        self.wrong_value(key, expected, found);
        None
    }

    fn wrong_value(&mut self, key: &str, expected: &str, found: &str) {
        self.wrong(key, &format!("{expected}, found {found}"));
    }

    /// Adds that a required key is missing.
    pub fn missing<T>(&mut self, key: &str) -> Option<T> {
        let instead = (self.keys.instead)(key);
        let fix = match (self.file.is_some(), self.keys.environment) {
            (true, false) => "add it to the file".to_owned(),
            (true, true) => format!("add it to the file, or set {}", variable(key)),
            (false, _) => format!("pass --config a file that has it, or set {}", variable(key)),
        };
        self.errors.add(key, "missing", format!("{fix}{instead}"));
        None
    }
}

/// The environment's name for a key.
fn variable(key: &str) -> String {
    format!("CALLDOCK_{}", key.replacen('.', "_", 1).to_ascii_uppercase())
}
