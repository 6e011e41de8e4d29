//! Command `test`: every check, stage by stage, with a total at the end.

/// Our server and the backends of `examples/`, by `cargo xtask conformance`.
mod backends;
/// The checks of what was built.
mod built;
/// Reads the totals that the test runners print.
mod counts;
/// The checks of Rust code.
mod rust;
/// The checks of JavaScript and TypeScript.
mod script;
/// The server beside the real programs it works with.
mod services;
/// The tests that need a browser.
mod web;

pub use web::run_wasm_tests;

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::{build, progress};
use counts::Counts;

/// A stage: its name, what it does, and how.
type Stage = (&'static str, &'static str, fn() -> Result<Counts>);

/// In the order in which they run: what answers fast comes first.
const STAGES: [Stage; 14] = [
    ("fmt", "cargo fmt: Rust is formatted", rust::fmt),
    ("clippy", "clippy: no warning, on the host and for the browser", rust::clippy),
    ("native", "cargo test: everything that runs without a browser", rust::native),
    ("services", "the server beside real programs: Redis, nginx, systemd", services::services),
    (
        "conformance",
        "our server and examples/ in Java and Node answer as backends must",
        backends::run,
    ),
    ("lint", "Biome: JavaScript, TypeScript, CSS and JSON are clean and formatted", script::lint),
    ("build", "the package builds and starts in both its forms", package),
    (
        "types",
        "tsc --strict: www/, tests/ and examples/react agree with the package's types",
        script::types,
    ),
    ("fixtures", "tests/types/: what must compile compiles, and nothing else", script::fixtures),
    ("size", "the entries weigh no more than they may", built::size),
    ("secrets", "no signing code and no secret in the package", built::secrets),
    ("browser", "wasm-bindgen-test in headless Chromium", web::browser),
    ("e2e", "tests/e2e/ through the playground in headless Chromium", web::e2e),
    ("next", "examples/next builds offline, is rendered beforehand and hydrates", web::next),
];

/// Runs the named stages, or all.
pub fn run(names: &[String]) -> Result<()> {
    let unknown = names.iter().find(|name| STAGES.iter().all(|(stage, ..)| stage != name));
    if let Some(name) = unknown {
        bail!("there is no stage `{name}`; `cargo xtask test --list` names them");
    }
    let mut rows = Vec::new();
    for (name, what, stage) in STAGES {
        if names.is_empty() || names.iter().any(|asked| asked == name) {
            println!("\n━━ {name} ━━ {what}");
            let start = Instant::now();
            let row = Row::of(name, stage(), start.elapsed());
            println!("━━ {row}");
            rows.push(row);
        }
    }
    println!("\n━━ all");
    for row in &rows {
        println!("   {row}");
    }
    let total = rows.iter().fold(Counts::default(), |sum, row| sum + row.counts);
    println!("\n{total}");
    if total.failed > 0 {
        let failed: Vec<&str> =
            rows.iter().filter(|row| row.counts.failed > 0).map(|row| row.name).collect();
        bail!("failed: {0}; again: cargo xtask test {0}", failed.join(" "));
    }
    Ok(())
}

/// Prints the stages.
pub fn list() {
    for (name, what, _) in STAGES {
        println!("{name:<11} {what}");
    }
}

fn package() -> Result<Counts> {
    build::package()?;
    Ok(Counts::one())
}

/// What came of a stage.
struct Row {
    name: &'static str,
    counts: Counts,
    time: Duration,
}

impl Row {
    fn of(name: &'static str, outcome: Result<Counts>, time: Duration) -> Self {
        let counts = outcome.unwrap_or_else(|failure| {
            progress::note(&format!("{failure:#}"));
            Counts { failed: 1, ..Counts::default() }
        });
        if counts.passed + counts.failed == 0 {
            progress::note("no test was run");
            return Self { name, counts: Counts { failed: 1, ..counts }, time };
        }
        Self { name, counts, time }
    }
}

impl std::fmt::Display for Row {
    fn fmt(&self, out: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(out, "{:<11} {} ({})", self.name, self.counts, progress::spoken(self.time))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_that_ran_no_test_has_failed() {
        let row = Row::of("e2e", Ok(Counts::default()), Duration::ZERO);
        assert_eq!(row.counts.failed, 1);
    }

    #[test]
    fn an_unknown_stage_is_refused_before_anything_runs() {
        let said = run(&["nativ".to_owned()]).unwrap_err().to_string();
        assert_eq!(said, "there is no stage `nativ`; `cargo xtask test --list` names them");
    }
}
