//! Reads one key after the other and notes every mistake.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use toml::{Table, Value};

use super::mistakes::Mistakes;

/// The keys of a file that are not read yet.
pub struct Reader {
    /// By `section.key`.
    values: BTreeMap<String, Value>,
    /// Every key that was asked for.
    known: Vec<&'static str>,
    mistakes: Mistakes,
    folder: PathBuf,
}

const IN_FILE: &str = "correct it in the file";

impl Reader {
    /// Parses a file's text. Relative paths in it start at `folder`.
    ///
    /// # Errors
    /// The text is not TOML.
    pub fn new(text: &str, folder: &Path) -> Result<Self, Mistakes> {
        let table: Table = text.parse().map_err(|error: toml::de::Error| {
            let line = error.span().map_or(0, |span| text[..span.start].lines().count().max(1));
            let what = format!("line {line} is not TOML: {}", error.message());
            Mistakes::one("the file", what, IN_FILE)
        })?;
        let mut values = BTreeMap::new();
        for (name, value) in table {
            match value {
                Value::Table(section) => values.extend(
                    section.into_iter().map(|(key, value)| (format!("{name}.{key}"), value)),
                ),
                other => drop(values.insert(name, other)),
            }
        }
        let (known, mistakes) = (Vec::new(), Mistakes::default());
        Ok(Self { values, known, mistakes, folder: folder.to_owned() })
    }

    /// Reads a text that must be present.
    pub fn required<T>(
        &mut self,
        key: &'static str,
        parse: impl FnOnce(&str) -> Result<T, &'static str>,
    ) -> Option<T> {
        match self.take(key) {
            Some(value) => self.parsed(key, value, parse),
            None => {
                self.mistakes.add(key, "missing", "add it to the file");
                None
            }
        }
    }

    /// Reads a text, if it is present.
    pub fn text<T>(
        &mut self,
        key: &'static str,
        to: &mut T,
        parse: impl FnOnce(&str) -> Result<T, &'static str>,
    ) {
        if let Some(value) = self.take(key)
            && let Some(parsed) = self.parsed(key, value, parse)
        {
            *to = parsed;
        }
    }

    /// Reads a whole number between two bounds, if it is present.
    pub fn number(&mut self, key: &'static str, to: &mut u32, min: u32, max: u32) {
        match self.take(key) {
            None => {}
            Some(Value::Integer(number)) if (i64::from(min)..=i64::from(max)).contains(&number) => {
                *to = u32::try_from(number).unwrap_or(max);
            }
            Some(_) => self.wrong(key, format!("expected a whole number from {min} to {max}")),
        }
    }

    /// Reads whole seconds between two bounds, if they are present.
    pub fn seconds(&mut self, key: &'static str, to: &mut Duration, min: u32, max: u32) {
        match self.take(key) {
            None => {}
            Some(Value::Integer(number)) if (i64::from(min)..=i64::from(max)).contains(&number) => {
                *to = Duration::from_secs(number.unsigned_abs());
            }
            Some(_) => self.wrong(key, format!("expected {min} to {max} whole seconds")),
        }
    }

    /// Reads a list of texts; an absent one is empty.
    pub fn list<T>(
        &mut self,
        key: &'static str,
        parse: impl Fn(&str) -> Result<T, &'static str>,
    ) -> Vec<T> {
        let mut parsed = Vec::new();
        match self.take(key) {
            None => {}
            Some(Value::Array(items)) => {
                for item in items {
                    parsed.extend(self.parsed(key, item, &parse));
                }
            }
            Some(_) => self.wrong(key, "expected a list, like [\"a\", \"b\"]"),
        }
        parsed
    }

    /// Reads a file that a key names, if it is present.
    pub fn file<T>(
        &mut self,
        key: &'static str,
        to: &mut T,
        parse: impl FnOnce(&[u8]) -> Result<T, &'static str>,
    ) {
        let mut path = None;
        self.text(key, &mut path, |text| Ok(Some(PathBuf::from(text))));
        let Some(path) = path else { return };
        match std::fs::read(self.folder.join(path)) {
            Ok(bytes) => match parse(&bytes) {
                Ok(parsed) => *to = parsed,
                Err(what) => self.wrong(key, what),
            },
            Err(error) => self.mistakes.add(
                key,
                format!("the file cannot be read ({})", error.kind()),
                "check the path and its permissions",
            ),
        }
    }

    /// Notes the keys that nothing reads, and returns all mistakes.
    pub fn finish(mut self) -> Mistakes {
        for key in self.values.keys() {
            let section = key.split('.').next().unwrap_or_default();
            let same = |known: &&&str| known.split('.').next() == Some(section);
            let of_section: Vec<_> = self.known.iter().filter(same).copied().collect();
            let known = if of_section.is_empty() { &self.known } else { &of_section };
            let fix = format!("remove it or correct it; known are {}", known.join(", "));
            self.mistakes.add(key, "unknown key", fix);
        }
        self.mistakes
    }

    fn parsed<T>(
        &mut self,
        key: &'static str,
        value: Value,
        parse: impl FnOnce(&str) -> Result<T, &'static str>,
    ) -> Option<T> {
        let parsed = match value {
            Value::String(text) => parse(text.trim()),
            _ => Err("expected a text in quotes"),
        };
        parsed.map_err(|what| self.wrong(key, what)).ok()
    }

    fn take(&mut self, key: &'static str) -> Option<Value> {
        self.known.push(key);
        self.values.remove(key)
    }

    fn wrong(&mut self, key: &str, what: impl Into<String>) {
        self.mistakes.add(key, what, IN_FILE);
    }
}
