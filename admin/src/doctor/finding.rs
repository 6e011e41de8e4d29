//! The result of a check, in both languages.

use calldock_server::problem::{Language, Remedy};
use calldock_signing::auth_v2::SignError;
use serde::Serialize;

use super::chinese::chinese;

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// As it should be.
    Good,
    /// Not checked, because an earlier check failed or an argument is missing.
    Skipped,
    /// Works, and may still be a mistake.
    Warning,
    /// Does not work.
    Failed,
}

impl Verdict {
    /// Returns the mark in the table.
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Good => "✓",
            Self::Skipped => "–",
            Self::Warning => "!",
            Self::Failed => "✗",
        }
    }
}

/// A text in both languages. It contains no secret, no personal data and no free text of a vendor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
}

/// Formats a [`Text`] from two format strings over the same values.
macro_rules! text {
    ($en:literal, $zh:literal) => {
        $crate::doctor::finding::Text { en: format!($en), zh: format!($zh) }
    };
}
pub(crate) use text;

impl Text {
    /// Creates a text of a sentence that the server says in English only.
    pub fn of(sentence: impl Into<String>) -> Self {
        let en = sentence.into();
        Self { zh: chinese(&en), en }
    }

    /// Returns the text in one language.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::English => &self.en,
            Language::Chinese => &self.zh,
        }
    }
}

impl From<Remedy> for Text {
    fn from(Remedy { en, zh }: Remedy) -> Self {
        Self { en: en.into(), zh: zh.into() }
    }
}

/// A row of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was checked: a key of the configuration, or a part of the server.
    pub of: String,
    /// How it ended.
    pub verdict: Verdict,
    /// What was found.
    pub found: Text,
    /// How to fix it, if there is something to fix.
    pub remedy: Option<Text>,
}

impl Finding {
    /// As it should be.
    pub fn good(of: impl Into<String>, found: Text) -> Self {
        Self { of: of.into(), verdict: Verdict::Good, found, remedy: None }
    }

    /// Works, and may still be a mistake.
    pub fn warning(of: impl Into<String>, found: Text, remedy: impl Into<Text>) -> Self {
        Self { of: of.into(), verdict: Verdict::Warning, found, remedy: Some(remedy.into()) }
    }

    /// Does not work.
    pub fn failed(of: impl Into<String>, found: Text, remedy: impl Into<Text>) -> Self {
        Self { of: of.into(), verdict: Verdict::Failed, found, remedy: Some(remedy.into()) }
    }

    /// Not checked; the remedy says how it would be.
    pub fn skipped(of: impl Into<String>, why: Text, remedy: Option<Text>) -> Self {
        Self { of: of.into(), verdict: Verdict::Skipped, found: why, remedy }
    }

    /// Not checked, because an earlier check failed.
    pub fn after(of: impl Into<String>, earlier: &str) -> Self {
        let why = text!("not checked: {earlier} failed", "未检查：{earlier} 未通过");
        Self::skipped(of, why, None)
    }

    /// The system trusts no certificate authority.
    pub fn no_authorities(of: impl Into<String>) -> Self {
        Self::failed(
            of,
            text!("no certificate authorities found on this machine", "本机没有受信任的证书机构"),
            text!("Install ca-certificates.", "请安装 ca-certificates。"),
        )
    }

    /// A signature could not be made.
    pub fn unsigned(of: impl Into<String>, error: SignError) -> Self {
        let fix = text!("Set this machine's clock.", "请校准本机时钟。");
        Self::failed(of, Text::of(error.to_string()), fix)
    }

    /// Returns whether the whole report fails by it.
    pub fn is_failed(&self) -> bool {
        self.verdict == Verdict::Failed
    }
}
