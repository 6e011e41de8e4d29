//! Command `test`: every check, stage by stage, with a total at the end.

/// Our server and the backends of `examples/`, by `cargo xtask conformance`.
mod backends;
/// The checks of what was built.
mod built;
/// Reads the totals that the test runners print.
mod counts;
/// Which folder of `js/` may import which.
mod imports;
/// The checks of Rust code.
mod rust;
/// The checks of JavaScript and TypeScript.
mod script;
/// The server beside the real programs it works with.
mod services;
/// Misspelt words.
mod spelling;
/// The texts of the project.
mod texts;
/// The tests that need a browser.
mod web;
/// Words that the project's texts avoid.
mod words;

pub use counts::Counts;
pub use rust::{NATIVE, build_programs, cargo};
pub use web::run_wasm_tests;

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::fuzz::Amount;
use crate::{build, docs, fuzz, generate, mutants, progress, reproduce, supply};

/// How much is tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd)]
pub enum Length {
    /// What needs neither a browser nor another service: minutes.
    Quick,
    /// What must pass before a change lands.
    Gate,
    /// Everything, every file in every engine.
    Long,
}

/// A stage of the tests.
struct Stage {
    name: &'static str,
    what: &'static str,
    run: fn(Length) -> Result<Counts>,
    /// The shortest length that has it.
    from: Length,
}

/// In the order in which they run: what answers fast comes first.
const STAGES: [Stage; 31] = [
    quick("generated", "js/generated/ and docs/ are in step with contract/", |_| generated()),
    quick("words", "no text has a phrase of xtask/words.txt", |_| words::run()),
    quick("spelling", "no text has a misspelt word", |_| spelling::run()),
    quick("fmt", "cargo fmt: Rust is formatted", |_| rust::fmt()),
    quick("clippy", "clippy: no warning, on the host and for the browser", |_| rust::clippy()),
    quick("lines", "the server's crates keep their budgets, and imports run one way", |_| {
        crate::lines::run().map(|()| Counts::one())
    }),
    quick("supply", "licences, sources and hashes of everything that is built in", |_| {
        supply::stage()
    }),
    quick("native", "cargo test: everything that runs without a browser", rust::native),
    gate("fuzz", "libFuzzer over every reader of foreign text, and the guide's Java", |length| {
        let amount = match length {
            Length::Long => Amount::Seconds(15 * fuzz::SECONDS),
            _ => Amount::Gate,
        };
        fuzz::stage(&fuzz::Options { amount, targets: Vec::new() })
    }),
    long("services", "the server beside real programs: Redis, nginx, systemd", |_| {
        services::services()
    }),
    long(
        "conformance",
        "our server and examples/ in Java and Node answer as backends must",
        |_| backends::run(),
    ),
    quick("lint", "Biome: JavaScript, TypeScript, CSS and JSON are clean and formatted", |_| {
        script::lint()
    }),
    quick("imports", "js/: no folder imports what it may not know", |_| imports::run()),
    quick("build", "the package builds and starts in both its forms", |_| package()),
    quick(
        "types",
        "tsc --strict: www/, tests/ and examples/react agree with the package's types",
        |_| script::types(),
    ),
    quick(
        "fixtures",
        "tests/types/: what must compile compiles, and nothing else",
        script::fixtures,
    ),
    quick("docs", "the documents' links lead somewhere and their code compiles", |_| {
        script::node_tests("tests/docs")
    }),
    gate(
        "site",
        "the documentation site is made, and its links and anchors lead somewhere",
        |_| docs::stage(),
    ),
    gate("api", "docs/api/ reports the package's public types as they are", |_| {
        docs::check_reports()
    }),
    gate("command", "tests/command/: `npx calldock init` and `npx calldock check`", |_| {
        script::node_tests("tests/command")
    }),
    quick("lto", "every module was compiled with link-time optimisation", |_| built::lto()),
    quick("size", "pages download no more than they may", |_| built::size()),
    quick("legacy", "what is for old browsers is ES2019 and uses what Chromium 78 has", |_| {
        built::legacy()
    }),
    gate("secrets", "no signing code and no secret in the package", |_| built::secrets()),
    gate("browser", "wasm-bindgen-test in headless Chromium", |_| web::browser()),
    gate("e2e", "tests/e2e/ through the playground in headless Chromium", web::e2e),
    gate("engines", "tests/e2e/ in Firefox and WebKitGTK", web::engines),
    long("packaging", "tests/packaging/: the package in other projects' tools", |_| {
        web::packaging()
    }),
    long("mutants", "cargo-mutants: every change of contract/ and signing/ fails a test", |_| {
        mutants::stage()
    }),
    long("reproduce", "two builds of the package are byte for byte the same", |_| {
        reproduce::stage()
    }),
    long("next", "examples/next builds offline, is rendered beforehand and hydrates", |_| {
        web::next()
    }),
];

const fn quick(name: &'static str, what: &'static str, run: fn(Length) -> Result<Counts>) -> Stage {
    Stage { name, what, run, from: Length::Quick }
}

const fn gate(name: &'static str, what: &'static str, run: fn(Length) -> Result<Counts>) -> Stage {
    Stage { name, what, run, from: Length::Gate }
}

const fn long(name: &'static str, what: &'static str, run: fn(Length) -> Result<Counts>) -> Stage {
    Stage { name, what, run, from: Length::Long }
}

/// What a length leaves out, and what it does less of than `--long`, for its last lines.
fn left_out(length: Length) -> Vec<String> {
    let stages: Vec<_> = STAGES.iter().filter(|s| s.from > length).map(|s| s.name).collect();
    let stages = stages.join(", ");
    let files = web::OF_THE_ENGINE.len();
    match length {
        Length::Quick => {
            vec![format!("--quick leaves out: {stages}"), "   and TypeScript 5 in fixtures".into()]
        }
        Length::Gate => vec![
            format!("left out, and run by --long: {stages}"),
            "less than by --long: fuzz gives each target the same inputs in each run;".into(),
            "   e2e runs a tenth of soak.test.mjs, 1% of attacks.test.mjs's messages,".into(),
            "   and half of accessibility.test.mjs's looks at a page;".into(),
            format!("   engines runs {files} files, those of the engine"),
        ],
        Length::Long => vec![format!(
            "less than in Chromium: engines runs a tenth of {}",
            web::SHORTER_IN_ENGINES
        )],
    }
}

/// Runs the named stages, or all that belong to the length, as often as asked.
pub fn run(names: &[String], length: Length, repeat: u32) -> Result<()> {
    let unknown = names.iter().find(|name| STAGES.iter().all(|stage| stage.name != **name));
    if let Some(name) = unknown {
        bail!("there is no stage `{name}`; `cargo xtask test --list` names them");
    }
    let wanted = |stage: &Stage| match names {
        [] => stage.from <= length,
        _ => names.iter().any(|name| name == stage.name),
    };
    let named = !names.is_empty();
    let mut rows = Vec::new();
    for round in 1..=repeat {
        for stage in STAGES.iter().filter(|stage| wanted(stage)) {
            let of = if repeat > 1 { format!(" ({round} of {repeat})") } else { String::new() };
            println!("\n━━ {}{of} ━━ {}", stage.name, stage.what);
            let start = Instant::now();
            let row = Row::of(stage.name, (stage.run)(length), start.elapsed(), named);
            println!("━━ {row}");
            if row.counts.failed > 0 {
                println!("   run it again: {}", again(&[stage.name], length));
            }
            rows.push(row);
        }
    }
    // A log of an hour is read from its end, and often cut there.
    for row in rows.iter().filter(|row| !row.counts.failures.is_empty()) {
        println!("\n━━ what failed in {}\n{}", row.name, row.counts.failures.trim_end());
    }
    println!("\n━━ all");
    for row in &rows {
        println!("   {row}");
    }
    for line in not_run(&rows) {
        println!("   {line}");
    }
    if names.is_empty() {
        for line in left_out(length) {
            println!("   {line}");
        }
    }
    let total = rows.iter().fold(Counts::default(), |sum, row| sum + row.counts.clone());
    println!("\n{total}");
    if total.failed > 0 {
        let failed = failed(&rows);
        bail!("failed: {}; run again: {}", failed.join(" "), again(&failed, length));
    }
    Ok(())
}

/// The stages that failed in any round, each once.
fn failed(rows: &[Row]) -> Vec<&'static str> {
    let has_failed = |name| rows.iter().any(|row| row.name == name && row.counts.failed > 0);
    STAGES.iter().map(|stage| stage.name).filter(|name| has_failed(*name)).collect()
}

/// The command that runs stages again, at least as much of them.
fn again(names: &[&str], length: Length) -> String {
    let option = if length == Length::Long { " --long" } else { "" };
    format!("cargo xtask test {}{option}", names.join(" "))
}

/// What was not run for want of a tool, each once.
fn not_run(rows: &[Row]) -> Vec<String> {
    let mut lines = Vec::new();
    for row in rows {
        for reason in &row.counts.not_run {
            let line = format!("not run in {}: {reason}", row.name);
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
    }
    lines
}

/// Prints the stages.
pub fn list() {
    for Stage { name, what, .. } in &STAGES {
        println!("{name:<11} {what}");
    }
}

fn generated() -> Result<Counts> {
    Ok(Counts { passed: generate::check()? as u64, ..Counts::default() })
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
    /// A stage that was asked for by its name fails where a tool is missing: what was asked for was not done.
    fn of(name: &'static str, outcome: Result<Counts>, time: Duration, named: bool) -> Self {
        let counts = outcome.unwrap_or_else(|failure| {
            progress::note(&format!("{failure:#}"));
            Counts { failed: 1, ..Counts::default() }
        });
        if counts.passed + counts.failed + counts.skipped == 0 {
            progress::note("no test was run");
            return Self { name, counts: Counts { failed: 1, ..counts }, time };
        }
        let missing = if named { counts.not_run.len() as u64 } else { 0 };
        Self { name, counts: Counts { failed: counts.failed + missing, ..counts }, time }
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
        let row = Row::of("e2e", Ok(Counts::default()), Duration::ZERO, false);
        assert_eq!(row.counts.failed, 1);
    }

    #[test]
    fn a_stage_that_was_skipped_has_neither_passed_nor_failed() {
        let skipped = Counts { skipped: 1, ..Counts::default() };
        let row = Row::of("mutants", Ok(skipped.clone()), Duration::ZERO, true);
        assert_eq!(row.counts, skipped);
    }

    #[test]
    fn a_missing_tool_fails_a_stage_only_if_it_was_named_and_is_reported_once_at_the_end() {
        let rows = [false, false, true].map(|named| {
            Row::of("mutants", Ok(Counts::not_run("no such tool")), Duration::ZERO, named)
        });
        assert_eq!(rows.each_ref().map(|row| row.counts.failed), [0, 0, 1]);
        assert_eq!(not_run(&rows), ["not run in mutants: no such tool"]);
    }

    #[test]
    fn what_failed_is_run_again_by_each_name_once_and_at_the_same_length() {
        let row = |name, failed| {
            let counts = Counts { failed, ..Counts::one() };
            Row::of(name, Ok(counts), Duration::ZERO, false)
        };
        // Two rounds.
        let rows =
            [row("native", 0), row("fuzz", 1), row("e2e", 2), row("native", 1), row("fuzz", 1)];
        let failed = failed(&rows);
        assert_eq!(failed, ["native", "fuzz", "e2e"]);
        assert_eq!(again(&failed, Length::Gate), "cargo xtask test native fuzz e2e");
        assert_eq!(again(&failed, Length::Long), "cargo xtask test native fuzz e2e --long");
    }

    #[test]
    fn a_length_says_what_it_leaves_out_and_does_less_of() {
        let quick = left_out(Length::Quick).join("\n");
        assert!(quick.contains("e2e") && quick.contains("services") && !quick.contains("native"));
        let gate = left_out(Length::Gate).join("\n");
        for part in ["services", "mutants", "same inputs", "a tenth of soak", "runs 14 files"] {
            assert!(gate.contains(part), "{part}: {gate}");
        }
        assert!(!left_out(Length::Long).join("\n").contains("left out"));
    }

    #[test]
    fn an_unknown_stage_is_refused_before_anything_runs() {
        let message = run(&["nativ".to_owned()], Length::Gate, 1).unwrap_err().to_string();
        assert_eq!(message, "there is no stage `nativ`; `cargo xtask test --list` names them");
    }
}
