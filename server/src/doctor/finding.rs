//! What a check found, in both languages, and what it means for the whole.

use crate::problem::{Language, Remedy};

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As it should be.
    Good,
    /// Not looked at, because something before it failed or was not given.
    Skipped,
    /// Works, and may still be a mistake.
    Warning,
    /// Does not work.
    Failed,
}

impl Verdict {
    /// The name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Skipped => "skipped",
            Self::Warning => "warning",
            Self::Failed => "failed",
        }
    }

    /// The mark in the table.
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Good => "✓",
            Self::Skipped => "–",
            Self::Warning => "!",
            Self::Failed => "✗",
        }
    }
}

/// A sentence in both languages. It holds no secret, no personal data and nothing a vendor wrote freely.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
}

/// Makes a [`Said`] of two formats over the same values.
macro_rules! said {
    ($en:literal, $zh:literal) => {
        $crate::doctor::finding::Said { en: format!($en), zh: format!($zh) }
    };
}
pub(crate) use said;

impl Said {
    /// The same words for all: a name, or what the server says in English only.
    pub fn plain(text: impl Into<String>) -> Self {
        let en = text.into();
        Self { zh: en.clone(), en }
    }

    /// In one language.
    pub fn speak(&self, language: Language) -> &str {
        match language {
            Language::English => &self.en,
            Language::Chinese => &self.zh,
        }
    }
}

impl From<Remedy> for Said {
    fn from(Remedy { en, zh }: Remedy) -> Self {
        Self { en: en.into(), zh: zh.into() }
    }
}

/// A row of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at: a key of the configuration, or a part of the server.
    pub of: &'static str,
    /// How it ended.
    pub verdict: Verdict,
    /// What was found.
    pub found: Said,
    /// How to mend it; nothing where nothing needs mending.
    pub remedy: Option<Said>,
}

impl Finding {
    /// As it should be.
    pub fn good(of: &'static str, found: Said) -> Self {
        Self { of, verdict: Verdict::Good, found, remedy: None }
    }

    /// Works, and may still be a mistake.
    pub fn warning(of: &'static str, found: Said, remedy: impl Into<Said>) -> Self {
        Self { of, verdict: Verdict::Warning, found, remedy: Some(remedy.into()) }
    }

    /// Does not work.
    pub fn failed(of: &'static str, found: Said, remedy: impl Into<Said>) -> Self {
        Self { of, verdict: Verdict::Failed, found, remedy: Some(remedy.into()) }
    }

    /// Not looked at; the remedy says how it would be.
    pub fn skipped(of: &'static str, why: Said, remedy: Option<Said>) -> Self {
        Self { of, verdict: Verdict::Skipped, found: why, remedy }
    }

    /// Whether it makes the whole fail.
    pub fn is_bad(&self) -> bool {
        self.verdict == Verdict::Failed
    }
}
