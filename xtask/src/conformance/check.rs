//! What a check is, and what it has at hand.

use serde_json::Value;

use super::options::Settings;
use super::report::Report;
use super::schema::Schema;
use super::wire::{Answer, Ask, Backend};

/// What was expected, and what was found instead; never a token, an id or a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// In a few words.
    pub expected: String,
    /// In a few words.
    pub found: String,
}

/// What came of a check.
pub type Verdict = Result<(), Finding>;

/// A verdict in one line.
pub fn expect(good: bool, expected: impl Into<String>, found: impl Into<String>) -> Verdict {
    if good { Ok(()) } else { Err(Finding { expected: expected.into(), found: found.into() }) }
}

/// One thing that is asked of a route.
pub struct Check {
    /// What is so with a good backend.
    pub name: &'static str,
    /// What to do where it is not.
    pub remedy: &'static str,
    /// Finds out.
    pub run: fn(&Probe<'_>, &Page) -> Verdict,
}

/// A route that pages call.
pub struct Page {
    /// The whole address.
    pub url: String,
    /// What a good answer looks like.
    pub schema: Schema,
    /// What of an answer says who it is for.
    pub identity: fn(&Value) -> Vec<String>,
    /// What of an answer is good once, so that each answer must have another one. `None` for TCCC's chat: its
    /// signature may be handed out again until it expires.
    pub credential: Option<fn(&Value) -> String>,
}

/// The backend, and how it is asked.
pub struct Probe<'a> {
    /// Who answers.
    pub backend: &'a dyn Backend,
    /// What the command line said.
    pub settings: &'a Settings,
}

impl Probe<'_> {
    /// Runs the checks of one route.
    pub fn run(&self, checks: &[Check], page: &Page, report: &mut Report) {
        for check in checks {
            report.add(check.name, check.remedy, (check.run)(self, page));
        }
    }

    /// A request as Calldock's page sends it, from the site's own origin.
    pub fn page(&self, page: &Page) -> Ask {
        Ask::new("POST", &page.url)
            .header("accept", "application/json")
            .header("origin", &self.settings.origin)
            .header("sec-fetch-site", "same-origin")
            .header("sec-fetch-mode", "cors")
            .header("sec-fetch-dest", "empty")
            .signed_in()
    }

    /// Asks.
    pub fn ask(&self, ask: &Ask) -> Result<Answer, Finding> {
        let none = |found| Finding { expected: "an answer".into(), found };
        self.backend.ask(ask).map_err(none)
    }

    /// Asks as a page does, for an answer that has the right form.
    pub fn login(&self, page: &Page) -> Result<Value, Finding> {
        let answer = self.ask(&self.page(page))?;
        expect(answer.status == 200, "200", status_of(&answer))?;
        let expected = format!("the form of docs/schemas/{}", page.schema.file());
        let found = || Finding { expected, found: "no JSON".into() };
        let value = answer.json().ok_or_else(found)?;
        page.schema.validate(&value)?;
        Ok(value)
    }
}

/// A text member, or nothing.
pub fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

/// An answer's status, with its code where it is a problem.
pub fn status_of(answer: &Answer) -> String {
    let code = answer.json().and_then(|problem| Some(problem["code"].as_str()?.to_owned()));
    let known = code.filter(|code| calldock_contract::Code::from_name(code).is_some());
    match known {
        Some(code) => format!("{} ({code})", answer.status),
        None => answer.status.to_string(),
    }
}

/// Whether an answer is a refusal of one of these statuses, in the form, kept by no cache and not
/// readable by other sites' pages.
pub fn refused(answer: &Answer, statuses: &[u16]) -> Verdict {
    let listed: Vec<_> = statuses.iter().map(u16::to_string).collect();
    expect(statuses.contains(&answer.status), listed.join(" or "), status_of(answer))?;
    let media = answer.media_type();
    expect(media == "application/problem+json", "application/problem+json", named(&media))?;
    let value = answer.json().unwrap_or(Value::Null);
    Schema::Problem.validate(&value)?;
    let status = &value["status"];
    let expected = format!("the member status to be {}", answer.status);
    expect(*status == answer.status, expected, format!("{status}"))?;
    expect(answer.is_unstored(), "Cache-Control: no-store", named(answer.header("cache-control")))
}

/// A header's value as a person reads it.
pub fn named(value: &str) -> String {
    let shown: String = value.chars().take(100).collect();
    if shown.is_empty() { "nothing".into() } else { shown }
}
