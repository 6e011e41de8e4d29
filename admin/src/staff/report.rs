//! The outcome for each agent of a list. Written to standard output only: it contains personal data.

use std::collections::BTreeSet;
use std::fmt::Write;

use calldock_contract::tables::cloud_errors::{self, Known};
use comfy_table::{Table, presets};
use serde_json::{Value, json};

use super::person::Person;

/// The outcome for one agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Exists, as in the list.
    Exists,
    /// Exists, and differs from the list in these columns. It was not changed.
    Differs(Vec<&'static str>),
    /// Would be created without `--dry-run`.
    Missing,
    /// Created.
    Created,
    /// Refused by the vendor, with its code.
    Failed(Option<String>),
    /// The call was sent and its result is not certain.
    Unknown,
    /// Not tried, because an earlier call failed in a way that this one would too.
    NotTried,
}

impl Outcome {
    /// Returns the name in the table and in JSON.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Exists => "exists",
            Self::Differs(_) => "differs",
            Self::Missing => "missing",
            Self::Created => "created",
            Self::Failed(_) => "failed",
            Self::Unknown => "unknown",
            Self::NotTried => "notTried",
        }
    }

    /// All names, in the order of the summary.
    const NAMES: [&str; 7] =
        ["created", "missing", "exists", "differs", "failed", "unknown", "notTried"];

    fn is_good(&self) -> bool {
        !matches!(self, Self::Failed(_) | Self::Unknown | Self::NotTried)
    }

    /// A remark without personal data.
    fn remark(&self) -> String {
        match self {
            Self::Exists | Self::Created => String::new(),
            Self::Missing => "would be created".into(),
            Self::Differs(columns) => {
                format!("{} in the contact centre: not changed", columns.join(", "))
            }
            Self::Failed(code) => code.clone().unwrap_or_else(|| "an error without a code".into()),
            Self::Unknown => "the result is not certain: run again".into(),
            Self::NotTried => "not tried after the failure above".into(),
        }
    }

    fn known(&self) -> Option<&'static Known> {
        let Self::Failed(Some(code)) = self else { return None };
        cloud_errors::find(code)
    }
}

/// An agent and its outcome.
pub struct Entry {
    /// The agent.
    pub person: Person,
    /// The outcome.
    pub outcome: Outcome,
}

/// All outcomes.
pub struct Report {
    /// Nothing was to be created.
    pub dry_run: bool,
    /// In the list's order.
    pub entries: Vec<Entry>,
    /// The number of agents that only the contact centre has; they are not changed.
    pub only_there: usize,
}

impl Report {
    /// Returns whether every agent of the list exists now, or would.
    pub fn is_good(&self) -> bool {
        self.entries.iter().all(|entry| entry.outcome.is_good())
    }

    /// Writes a table.
    pub fn table(&self) -> String {
        let mut table = Table::new();
        table.load_style(presets::UTF8_FULL_CONDENSED);
        table.set_header(["line", "mail", "name", "outcome", "remark"]);
        for Entry { person, outcome } in &self.entries {
            table.add_row([
                person.line.to_string(),
                person.staff.mail.clone(),
                person.staff.name.clone(),
                outcome.name().into(),
                outcome.remark(),
            ]);
        }
        let mut text = format!("{table}\n{}\n", self.summary());
        for Known { code, meaning, fix, .. } in self.remedies() {
            let _ = writeln!(text, "{code}: {meaning}. {}", fix.en);
        }
        text
    }

    /// Writes JSON.
    pub fn json(&self) -> Value {
        let entries = self.entries.iter().map(|Entry { person, outcome }| {
            let mut entry = json!({
                "line": person.line, "mail": person.staff.mail, "name": person.staff.name,
                "outcome": outcome.name(),
            });
            match outcome {
                Outcome::Differs(columns) => entry["columns"] = json!(columns),
                Outcome::Failed(code) => entry["code"] = json!(code),
                _ => {}
            }
            if let Some(known) = outcome.known() {
                entry["remedy"] = known.fix.en.into();
            }
            entry
        });
        let counts: serde_json::Map<String, Value> =
            self.counts().map(|(name, count)| (name.into(), count.into())).collect();
        json!({
            "dryRun": self.dry_run, "staff": entries.collect::<Vec<_>>(), "counts": counts,
            "onlyInContactCentre": self.only_there,
        })
    }

    fn counts(&self) -> impl Iterator<Item = (&'static str, usize)> + '_ {
        Outcome::NAMES.into_iter().map(|name| {
            (name, self.entries.iter().filter(|entry| entry.outcome.name() == name).count())
        })
    }

    fn summary(&self) -> String {
        let counted = self.counts().filter(|(_, count)| *count > 0);
        let mut parts: Vec<String> =
            counted.map(|(name, count)| format!("{count} {name}")).collect();
        if self.only_there > 0 {
            parts.push(format!("{} more in the contact centre, not changed", self.only_there));
        }
        parts.join(", ")
    }

    /// The codes of failures, each once.
    fn remedies(&self) -> impl Iterator<Item = &'static Known> {
        let mut listed = BTreeSet::new();
        self.entries
            .iter()
            .filter_map(|entry| entry.outcome.known())
            .filter(move |known| listed.insert(known.code))
    }
}
