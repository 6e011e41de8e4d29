//! The findings as a table for people or as JSON for programs (`docs/doctor.md` names the members).

use comfy_table::{ContentArrangement, Table, presets};
use serde_json::{Value, json};

use super::checks::Check;
use super::finding::{Finding, Said, Verdict, said};
use super::readings::{Attempt, CONFIGURED, Outcome, Tried};
use crate::config::ConfigErrors;
use crate::problem::{Language, Remedy};

/// A finding and the check it is of.
#[derive(Clone, Debug)]
pub struct Row {
    check: &'static str,
    title: Remedy,
    of: String,
    finding: Finding,
}

impl Row {
    /// A row of a check.
    pub fn of(check: &Check, finding: Finding) -> Self {
        Self { check: check.name, title: check.title, of: finding.of.into(), finding }
    }
}

/// Everything that was found.
#[derive(Default)]
pub struct Report {
    rows: Vec<Row>,
    readings: Option<Vec<Attempt>>,
}

const CONFIGURATION: Remedy = Remedy { en: "configuration", zh: "配置" };
const READINGS: Remedy = Remedy { en: "readings", zh: "签名读法" };

impl Report {
    /// What the checks found.
    pub fn of_checks(rows: Vec<Row>) -> Self {
        Self { rows, readings: None }
    }

    /// A configuration that could not even be read: nothing else was looked at.
    pub fn of_mistakes(ConfigErrors(errors): ConfigErrors) -> Self {
        let rows = errors.into_iter().map(|error| {
            let finding = Finding::failed("", Said::plain(error.what), Said::plain(error.mend));
            Row { check: "configuration", title: CONFIGURATION, of: error.key, finding }
        });
        Self { rows: rows.collect(), readings: None }
    }

    /// What the tenant said to the readings.
    pub fn of_readings(Tried { attempts, summary }: Tried) -> Self {
        let of = summary.of.to_owned();
        let row = Row { check: "readings", title: READINGS, of, finding: summary };
        Self { rows: vec![row], readings: Some(attempts) }
    }

    /// Whether nothing failed.
    pub fn is_good(&self) -> bool {
        self.count(Verdict::Failed) == 0
    }

    fn count(&self, verdict: Verdict) -> usize {
        self.rows.iter().filter(|row| row.finding.verdict == verdict).count()
    }

    /// For programs. The texts are in the language asked for, everything else is the same in all.
    pub fn json(&self, language: Language) -> Value {
        let row = |row: &Row| {
            json!({
                "check": row.check,
                "of": row.of,
                "verdict": row.finding.verdict.as_str(),
                "found": row.finding.found.speak(language),
                "remedy": row.finding.remedy.as_ref().map(|remedy| remedy.speak(language)),
            })
        };
        let mut report = json!({
            "good": self.is_good(),
            "failed": self.count(Verdict::Failed),
            "warnings": self.count(Verdict::Warning),
            "checks": self.rows.iter().map(row).collect::<Vec<_>>(),
        });
        if let Some(attempts) = &self.readings {
            report["readings"] = attempts.iter().map(reading).collect();
        }
        report
    }

    /// For people, as wide as the terminal.
    pub fn table(&self, language: Language, width: u16) -> String {
        let say = |en, zh| Said::from(Remedy { en, zh }).speak(language).to_owned();
        let mut text = String::new();
        let mut table = grid(width);
        table.set_header([
            "".into(),
            say("check", "检查"),
            say("found", "结果"),
            say("how to mend", "处理办法"),
        ]);
        for Row { title, of, finding, .. } in &self.rows {
            let title = Said::from(*title);
            table.add_row([
                finding.verdict.mark(),
                &format!("{}\n{of}", title.speak(language)),
                finding.found.speak(language),
                finding.remedy.as_ref().map_or("", |remedy| remedy.speak(language)),
            ]);
        }
        text.push_str(&table.to_string());
        if let Some(attempts) = &self.readings {
            let mut table = grid(width);
            table.set_header([
                "".into(),
                say("reading", "读法"),
                say("what it means", "含义"),
                say("answer", "应答"),
            ]);
            for attempt in attempts {
                let (mark, said) = spoken(attempt.outcome);
                let meaning = Said::from(attempt.named.meaning);
                table.add_row([
                    mark,
                    attempt.named.name,
                    meaning.speak(language),
                    said.speak(language),
                ]);
            }
            text.push('\n');
            text.push_str(&table.to_string());
            for attempt in attempts.iter().filter(|attempt| attempt.is_accepted()) {
                text.push_str("\n\n");
                text.push_str(&advice(attempt, language));
            }
        }
        let (failed, warnings) = (self.count(Verdict::Failed), self.count(Verdict::Warning));
        let total = said!(
            "{failed} failed, {warnings} to look at",
            "{failed} 项未通过，{warnings} 项需留意"
        );
        text.push_str("\n\n");
        text.push_str(total.speak(language));
        text
    }
}

fn grid(width: u16) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::UTF8_FULL_CONDENSED)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(width.clamp(60, 200));
    table
}

impl Attempt {
    fn is_accepted(&self) -> bool {
        matches!(self.outcome, Outcome::Accepted { .. })
    }
}

fn reading(attempt: &Attempt) -> Value {
    let (verdict, status, cookie, same) = match attempt.outcome {
        Outcome::Accepted { cookie } => ("accepted", None, Some(cookie), None),
        Outcome::Refused { status } => ("refused", Some(status), None, None),
        Outcome::Same(name) => ("same", None, None, Some(name)),
        Outcome::Untried => ("untried", None, None, None),
    };
    json!({
        "reading": attempt.named.name,
        "verdict": verdict,
        "status": status,
        "cookie": cookie,
        "sameAs": same,
        "signature": attempt.lines,
    })
}

fn spoken(outcome: Outcome) -> (&'static str, Said) {
    match outcome {
        Outcome::Accepted { cookie: true } => {
            ("✓", said!("accepted, with the cookie", "接受，并设置 cookie"))
        }
        Outcome::Accepted { cookie: false } => {
            ("!", said!("accepted, without a cookie", "接受，但未设置 cookie"))
        }
        Outcome::Refused { status } => {
            ("–", said!("refused (HTTP {status})", "拒绝（HTTP {status}）"))
        }
        Outcome::Same(name) => {
            ("–", said!("the same signature as {name}; not tried", "签名与 {name} 相同，未尝试"))
        }
        Outcome::Untried => ("–", said!("not tried", "未尝试")),
    }
}

/// What to put into the configuration.
fn advice(attempt: &Attempt, language: Language) -> String {
    let name = attempt.named.name;
    let said = match &attempt.lines {
        None => said!(
            "{name}: this server cannot sign so, since it does not know all that a page posts.",
            "{name}：本服务不知道页面提交的全部内容，无法如此签名。"
        ),
        Some(_) if attempt.named == CONFIGURED => {
            said!("{name}: leave [signature] as it is.", "{name}：[signature] 段保持不变。")
        }
        Some(lines) if lines.is_empty() => said!(
            "{name}: leave the section [signature] out; this is the default.",
            "{name}：无需 [signature] 段，这是默认读法。"
        ),
        Some(lines) => {
            let lines = lines.join("\n");
            said!("# {name}\n[signature]\n{lines}", "# {name}\n[signature]\n{lines}")
        }
    };
    said.speak(language).to_owned()
}
