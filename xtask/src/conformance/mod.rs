//! Command `conformance`: whether a backend, in whatever language, answers Calldock's routes as it must.
//!
//! Black-box: it sends the requests of the site's own pages, other sites' pages and CEC, and checks the responses.

/// The signature of CEC's Authorization mode, read again from the guide.
mod auth_v2;
/// CEC's question about a token: `POST` to the callback.
mod cec_callback;
/// `POST /calldock/v1/cec/login`, in both modes.
mod cec_login;
/// What a check is, and what it has at hand.
mod check;
/// The way to a backend: HTTP.
mod http;
/// The command's own options.
mod options;
/// What came of all checks, for people and for programs.
mod report;
/// What is asked of every route that a page calls.
mod routes;
/// The JSON Schemas of `docs/schemas/`.
mod schema;
/// `POST /calldock/v1/tccc/chat`.
mod tccc_chat;
/// `POST /calldock/v1/tccc/login`.
mod tccc_login;
/// A `userSig`, as far as it can be read without a key.
mod user_sig;
/// What is asked, and what is answered.
mod wire;

#[cfg(test)]
mod recorded;
#[cfg(test)]
mod tests;

use std::sync::{Mutex, PoisonError};

use anyhow::{Result, bail};

use check::{Probe, Verdict, expect};
pub use options::{Route, Settings};
pub use report::Report;
use wire::{Answer, Ask, Backend};

/// Runs the command.
pub fn run(arguments: &[String]) -> Result<()> {
    if arguments.is_empty() || arguments.iter().any(|word| word == "--help" || word == "-h") {
        println!("{}", options::HELP);
        return Ok(());
    }
    let (settings, json) = options::parse(arguments, |name| std::env::var(name).ok())?;
    let report = check(&settings)?;
    if json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        println!("{report}");
    }
    match report.failed() {
        0 => Ok(()),
        1 => bail!("1 check failed"),
        failed => bail!("{failed} checks failed"),
    }
}

/// Asks the backend of the settings everything.
pub fn check(settings: &Settings) -> Result<Report> {
    let backend = http::Http::new(settings)?;
    // Told once, not once a check.
    if let Err(found) = backend.ask(&Ask::new("GET", &settings.base)) {
        bail!("{}: expected an answer, found {found}", settings.base);
    }
    Ok(examine(&backend, settings))
}

fn examine(backend: &dyn Backend, settings: &Settings) -> Report {
    let backend = Listening { backend, responses: Mutex::default() };
    let probe = Probe { backend: &backend, settings };
    let mut report = Report::new(&settings.base);
    for route in &settings.routes {
        match route {
            Route::Login => tccc_login::examine(&probe, &mut report),
            Route::Chat => tccc_chat::examine(&probe, &mut report),
            Route::Cec => cec_login::examine(&probe, &mut report),
        }
    }
    if !settings.secrets.is_empty() {
        report.begin("All answers", &settings.base);
        let remedy = "Find where the server writes it: an answer, an error text, a header.";
        let verdict = no_secret(&backend.responses(), &settings.secrets);
        report.add("no answer holds a secret", remedy, verdict);
    }
    report
}

/// Secrets by the name of the variable they came from, so that none is printed.
fn no_secret(responses: &[String], secrets: &[(String, String)]) -> Verdict {
    let contained = |secret: &str| responses.iter().any(|answer| answer.contains(secret));
    let named = secrets.iter().filter(|(_, secret)| contained(secret));
    let names: Vec<_> = named.map(|(name, _)| name.as_str()).collect();
    expect(names.is_empty(), "none of them", format!("the value of {}", names.join(", ")))
}

/// Remembers every answer, to look for secrets in all of them.
struct Listening<'a> {
    backend: &'a dyn Backend,
    responses: Mutex<Vec<String>>,
}

impl Listening<'_> {
    fn responses(&self) -> Vec<String> {
        std::mem::take(&mut *self.responses.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Backend for Listening<'_> {
    fn ask(&self, ask: &Ask) -> Result<Answer, String> {
        let answer = self.backend.ask(ask)?;
        let headers = answer.headers.iter().map(|(name, value)| format!("{name}: {value}\n"));
        let text = headers.collect::<String>() + &answer.body;
        self.responses.lock().unwrap_or_else(PoisonError::into_inner).push(text);
        Ok(answer)
    }
}
