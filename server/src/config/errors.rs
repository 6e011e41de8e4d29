//! All that is wrong with a configuration.

use std::fmt;

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// The key, like `tccc.secret_key`, or the file's path.
    pub key: String,
    /// What was expected or found; never a value that may be secret.
    pub what: String,
    /// How to mend it.
    pub mend: String,
}

/// Every mistake, in the order of the keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfigErrors(pub Vec<ConfigError>);

impl ConfigErrors {
    /// A list of one.
    pub fn one(key: impl Into<String>, what: impl Into<String>, mend: impl Into<String>) -> Self {
        let mut errors = Self::default();
        errors.add(key, what, mend);
        errors
    }

    /// Notes another mistake.
    pub fn add(
        &mut self,
        key: impl Into<String>,
        what: impl Into<String>,
        mend: impl Into<String>,
    ) {
        self.0.push(ConfigError { key: key.into(), what: what.into(), mend: mend.into() });
    }
}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, noun) = (self.0.len(), if self.0.len() == 1 { "error" } else { "errors" });
        write!(f, "{count} {noun} in the configuration:")?;
        for ConfigError { key, what, mend } in &self.0 {
            write!(f, "\n  {key}: {what}. To mend it: {mend}.")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigErrors {}
