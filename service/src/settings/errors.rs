//! All mistakes of a configuration.

use std::fmt;

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// The key, such as `tccc.secret_key`, or the file's path.
    pub key: String,
    /// What was expected, and what was found unless it may be secret.
    pub what: String,
    /// How to fix it.
    pub fix: String,
}

/// All mistakes, in the order in which they were found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfigErrors(pub Vec<ConfigError>);

impl ConfigErrors {
    /// Creates a list with one mistake.
    pub fn one(key: impl Into<String>, what: impl Into<String>, fix: impl Into<String>) -> Self {
        let mut errors = Self::default();
        errors.add(key, what, fix);
        errors
    }

    /// Adds a mistake.
    pub fn add(&mut self, key: impl Into<String>, what: impl Into<String>, fix: impl Into<String>) {
        self.0.push(ConfigError { key: key.into(), what: what.into(), fix: fix.into() });
    }
}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, noun) = (self.0.len(), if self.0.len() == 1 { "error" } else { "errors" });
        write!(f, "{count} {noun} in the configuration:")?;
        for ConfigError { key, what, fix } in &self.0 {
            write!(f, "\n  {key}: {what}. To fix it: {fix}.")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigErrors {}
