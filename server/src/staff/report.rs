//! What became of each agent of a list. Only this is for standard output: it is full of people.

use std::collections::BTreeSet;
use std::fmt::Write;

use comfy_table::{Table, presets};
use serde_json::{Value, json};

use super::person::Person;
use crate::problem::Remedy;
use crate::tccc::known;

/// What became of one agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// There before, as the list has it.
    Exists,
    /// There before, and in these columns not as the list has it. It was not changed.
    Differs(Vec<&'static str>),
    /// Would be created, were it not a dry run.
    Missing,
    /// Created.
    Created,
    /// Refused by the vendor, with its code.
    Failed(Option<String>),
    /// The call went out and nothing certain came back.
    Unknown,
    /// Not tried, since an earlier one failed in a way that this one would have too.
    NotTried,
}

impl Outcome {
    /// As the table and the JSON name it.
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

    /// In a few words, without any person.
    fn remark(&self) -> String {
        match self {
            Self::Exists | Self::Created => String::new(),
            Self::Missing => "would be created".into(),
            Self::Differs(columns) => {
                format!("{} in the contact centre: not changed", columns.join(", "))
            }
            Self::Failed(code) => code.clone().unwrap_or_else(|| "an error without a code".into()),
            Self::Unknown => "no certain answer: run again".into(),
            Self::NotTried => "not tried after the failure above".into(),
        }
    }

    fn known(&self) -> Option<&'static known::Known> {
        let Self::Failed(Some(code)) = self else { return None };
        known::find(code)
    }
}

/// One agent, and what became of it.
pub struct Entry {
    /// Who.
    pub person: Person,
    /// What became of it.
    pub outcome: Outcome,
}

/// All of them.
pub struct Report {
    /// Nobody was to be created.
    pub dry_run: bool,
    /// In the list's order.
    pub entries: Vec<Entry>,
    /// How many agents the contact centre has that the list has not; they are left alone.
    pub only_there: usize,
}

impl Report {
    /// Whether everybody of the list is in the contact centre now, or would be.
    pub fn is_good(&self) -> bool {
        self.entries.iter().all(|entry| entry.outcome.is_good())
    }

    /// For people.
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
        for (code, meaning, remedy) in self.remedies() {
            let _ = writeln!(text, "{code}: {meaning}. {}", remedy.en);
        }
        text
    }

    /// For programs.
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
                entry["remedy"] = known.remedy.en.into();
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
            parts.push(format!("{} more in the contact centre, left alone", self.only_there));
        }
        parts.join(", ")
    }

    /// Each code once.
    fn remedies(&self) -> impl Iterator<Item = (&'static str, &'static str, Remedy)> {
        let mut told = BTreeSet::new();
        self.entries
            .iter()
            .filter_map(|entry| entry.outcome.known())
            .filter(move |known| told.insert(known.code))
            .map(|known| (known.code, known.meaning, known.remedy))
    }
}
