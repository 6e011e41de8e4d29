//! The findings as a table or as JSON (`docs/en/operate/doctor.md` names the members).

use calldock_server::problem::{Language, Remedy};
use calldock_server::settings::ConfigErrors;
use comfy_table::{ContentArrangement, Table, presets};
use serde_json::{Value, json};

use super::checks::Check;
use super::finding::{Finding, Text, Verdict, text};
use super::readings::{Attempt, CONFIGURED, Outcome};

/// A finding and its check.
#[derive(Clone, Debug)]
struct Row {
    check: &'static str,
    title: Remedy,
    finding: Finding,
}

/// All findings.
#[derive(Default)]
pub struct Report {
    rows: Vec<Row>,
    readings: Option<Vec<Attempt>>,
}

const CONFIGURATION: Remedy = Remedy { en: "configuration", zh: "配置" };
const READINGS: Remedy = Remedy { en: "readings", zh: "签名读法" };

impl Report {
    /// Reports the checks' findings.
    pub fn of_checks(findings: Vec<(&'static Check, Finding)>) -> Self {
        let row = |(of, finding): (&Check, _)| Row { check: of.name, title: of.title, finding };
        Self { rows: findings.into_iter().map(row).collect(), readings: None }
    }

    /// Reports a wrong configuration: nothing else was checked.
    pub fn of_mistakes(ConfigErrors(errors): ConfigErrors) -> Self {
        let rows = errors.into_iter().map(|error| {
            let finding = Finding::failed(error.key, Text::of(error.what), Text::of(error.fix));
            Row { check: "configuration", title: CONFIGURATION, finding }
        });
        Self { rows: rows.collect(), readings: None }
    }

    /// Reports which readings the tenant accepted.
    pub fn of_readings((attempts, finding): (Vec<Attempt>, Finding)) -> Self {
        let row = Row { check: "readings", title: READINGS, finding };
        Self { rows: vec![row], readings: Some(attempts) }
    }

    /// Returns whether nothing failed.
    pub fn is_good(&self) -> bool {
        self.count(Verdict::Failed) == 0
    }

    fn count(&self, verdict: Verdict) -> usize {
        self.rows.iter().filter(|row| row.finding.verdict == verdict).count()
    }

    /// Writes JSON. Only the texts depend on the language.
    pub fn json(&self, language: Language) -> Value {
        let row = |row: &Row| {
            json!({
                "check": row.check,
                "of": row.finding.of,
                "verdict": row.finding.verdict,
                "found": row.finding.found.get(language),
                "remedy": row.finding.remedy.as_ref().map(|remedy| remedy.get(language)),
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

    /// Writes a table as wide as the terminal.
    pub fn table(&self, language: Language, width: u16) -> String {
        let mut table = grid(width);
        table.set_header(match language {
            Language::English => ["", "check", "found", "how to fix"],
            Language::Chinese => ["", "检查", "结果", "处理办法"],
        });
        for Row { title, finding, .. } in &self.rows {
            let title = Text::from(*title);
            table.add_row([
                finding.verdict.mark(),
                &format!("{}\n{}", title.get(language), finding.of),
                finding.found.get(language),
                finding.remedy.as_ref().map_or("", |remedy| remedy.get(language)),
            ]);
        }
        let mut text = table.to_string();
        if let Some(attempts) = &self.readings {
            let mut table = grid(width);
            table.set_header(match language {
                Language::English => ["", "reading", "meaning", "result"],
                Language::Chinese => ["", "读法", "含义", "结果"],
            });
            for Attempt { named, outcome, .. } in attempts {
                let (mark, result) = describe(*outcome);
                let meaning = Text::from(named.meaning);
                table.add_row([mark, named.name, meaning.get(language), result.get(language)]);
            }
            text.push('\n');
            text.push_str(&table.to_string());
            for attempt in attempts.iter().filter(|attempt| attempt.is_accepted()) {
                text.push_str("\n\n");
                text.push_str(&advice(attempt, language));
            }
        }
        let (failed, warnings) = (self.count(Verdict::Failed), self.count(Verdict::Warning));
        let total =
            text!("{failed} failed, {warnings} warnings", "{failed} 项未通过，{warnings} 项需留意");
        text.push_str("\n\n");
        text.push_str(total.get(language));
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

fn describe(outcome: Outcome) -> (&'static str, Text) {
    match outcome {
        Outcome::Accepted { cookie: true } => {
            ("✓", text!("accepted, with the cookie", "接受，并设置 cookie"))
        }
        Outcome::Accepted { cookie: false } => {
            ("!", text!("accepted, without a cookie", "接受，但未设置 cookie"))
        }
        Outcome::Refused { status } => {
            ("–", text!("refused (HTTP {status})", "拒绝（HTTP {status}）"))
        }
        Outcome::Same(name) => {
            ("–", text!("the same signature as {name}; not tried", "签名与 {name} 相同，未尝试"))
        }
        Outcome::Untried => ("–", text!("not tried", "未尝试")),
    }
}

/// What to write into the configuration.
fn advice(attempt: &Attempt, language: Language) -> String {
    let name = attempt.named.name;
    let advice = match &attempt.lines {
        None => text!(
            "{name}: the server cannot use this reading, because it does not know the whole body that a page posts.",
            "{name}：服务端不知道页面提交的完整请求体，无法采用该读法。"
        ),
        Some(_) if attempt.named == CONFIGURED => {
            text!("{name}: leave [signature] as it is.", "{name}：[signature] 段保持不变。")
        }
        Some(lines) if lines.is_empty() => text!(
            "{name}: remove the section [signature]; this is the default.",
            "{name}：无需 [signature] 段，这是默认读法。"
        ),
        Some(lines) => {
            let lines = lines.join("\n");
            text!("# {name}\n[signature]\n{lines}", "# {name}\n[signature]\n{lines}")
        }
    };
    advice.get(language).to_owned()
}
