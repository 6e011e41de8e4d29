//! What came of all checks, for people and for programs.

use std::fmt;

use serde::Serialize;

use super::check::Verdict;

/// What came of one check.
#[derive(Debug, Serialize)]
pub struct Line {
    /// Which route it was about.
    pub route: String,
    /// What is so with a good backend.
    pub check: &'static str,
    /// Whether it is so with this one.
    pub passed: bool,
    /// What was expected, where it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What was found instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<&'static str>,
}

/// Every check, in the order in which they ran.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The backend.
    pub url: String,
    /// How many passed.
    passed: u64,
    /// How many failed.
    failed: u64,
    /// All of them.
    pub checks: Vec<Line>,
    #[serde(skip)]
    route: String,
}

impl Report {
    /// Nothing checked yet.
    pub fn new(url: &str) -> Self {
        Self { url: url.into(), passed: 0, failed: 0, checks: Vec::new(), route: String::new() }
    }

    /// What follows is about this route.
    pub fn begin(&mut self, what: &str, address: &str) {
        self.route = format!("{what} · {address}");
    }

    /// Notes what came of a check.
    pub fn add(&mut self, check: &'static str, remedy: &'static str, verdict: Verdict) {
        let route = self.route.clone();
        let passed = verdict.is_ok();
        *(if passed { &mut self.passed } else { &mut self.failed }) += 1;
        let finding = verdict.err();
        self.checks.push(Line {
            route,
            check,
            passed,
            expected: finding.as_ref().map(|finding| finding.expected.clone()),
            remedy: finding.as_ref().map(|_| remedy),
            found: finding.map(|finding| finding.found),
        });
    }

    /// How many passed.
    pub fn passed(&self) -> u64 {
        self.passed
    }

    /// How many failed.
    pub fn failed(&self) -> u64 {
        self.failed
    }
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut route = "";
        for line in &self.checks {
            if line.route != route {
                route = &line.route;
                writeln!(out, "\n{route}")?;
            }
            writeln!(out, "  {} {}", if line.passed { '✓' } else { '✗' }, line.check)?;
            let rows = [("expected", &line.expected), ("found", &line.found)];
            for (name, value) in rows {
                if let Some(value) = value {
                    writeln!(out, "      {name:<9} {value}")?;
                }
            }
            if let Some(remedy) = line.remedy {
                writeln!(out, "      {:<9} {remedy}", "remedy")?;
            }
        }
        write!(out, "\n{} passed, {} failed", self.passed, self.failed)
    }
}
