//! Everything that is wrong with a settings file.

use std::fmt;

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The key, like `cec.origin`, or the file's path.
    pub key: String,
    /// What was expected or found.
    pub what: String,
    /// How to fix it.
    pub fix: String,
}

/// All mistakes, in the order they were found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mistakes(pub Vec<Mistake>);

impl Mistakes {
    /// Creates a list of one.
    pub fn one(key: impl Into<String>, what: impl Into<String>, fix: impl Into<String>) -> Self {
        let mut mistakes = Self::default();
        mistakes.add(key, what, fix);
        mistakes
    }

    /// Adds a mistake.
    pub fn add(&mut self, key: impl Into<String>, what: impl Into<String>, fix: impl Into<String>) {
        self.0.push(Mistake { key: key.into(), what: what.into(), fix: fix.into() });
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let noun = if self.0.len() == 1 { "mistake" } else { "mistakes" };
        write!(f, "{} {noun} in the settings:", self.0.len())?;
        for Mistake { key, what, fix } in &self.0 {
            write!(f, "\n  {key}: {what}. To fix it: {fix}.")?;
        }
        Ok(())
    }
}

impl std::error::Error for Mistakes {}
