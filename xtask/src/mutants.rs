//! Command `mutants`: cargo-mutants over `contract/` and `signing/`. Every change of the code must make a
//! test fail; `xtask/mutants.txt` lists those that need not, with the reason.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::test::{Counts, cargo};
use crate::{paths, process, progress};

const CRATES: [&str; 2] = ["calldock-contract", "calldock-signing"];

/// A change that makes a loop endless is found by this many seconds; the tests take three.
const TIMEOUT: u32 = 25;

/// Runs all of them and prints the totals. Without cargo-mutants nothing is tried, which is a failure.
pub fn run() -> Result<()> {
    let counts = stage()?;
    println!("{counts}");
    verdict(&counts)
}

fn verdict(counts: &Counts) -> Result<()> {
    if let Some(reason) = counts.not_run.first() {
        bail!("{reason}");
    }
    if counts.failed > 0 { bail!("changes that no test notices") } else { Ok(()) }
}

const NO_TOOL: &str = "cargo-mutants is missing; install it: cargo install --locked cargo-mutants";

/// cargo-mutants' statuses of a run that came to its end: all found, some missed, some timed out. Others are a usage
/// error, tests that fail without a change, and internal errors (<https://mutants.rs/exit-codes.html>).
const ENDED: [i32; 3] = [0, 2, 3];

/// The same as a stage of the tests; skipped where cargo-mutants is not installed.
pub fn stage() -> Result<Counts> {
    if process::output(Command::new("cargo").args(["mutants", "--version"])).is_err() {
        progress::note(NO_TOOL);
        return Ok(Counts::not_run(NO_TOOL));
    }
    let out = paths::target().join("mutants");
    let mut mutants = cargo("mutants");
    for name in CRATES {
        mutants.args(["--package", name]);
    }
    mutants.args(["--timeout", &TIMEOUT.to_string(), "--no-shuffle", "--output"]).arg(&out);
    // Not the soak: it measures time, and an endless loop is found by the timeout.
    mutants.args(["--", "--tests", "--", "--skip", "the_time"]);
    mutants.env("PROPTEST_CASES", "32").env("RUST_BACKTRACE", "0");
    let (status, output) = process::shown_output(&mut mutants)?;
    if !has_ended(status.code()) {
        bail!("cargo-mutants: expected a run of all changes, found {status}");
    }
    let folder = out.join("mutants.out");
    let lines = |name: &str| -> Result<Vec<String>> {
        let text = fs::read_to_string(folder.join(name)).with_context(|| output.clone())?;
        Ok(text.lines().map(without_place).collect())
    };
    let (caught, missed) =
        (lines("caught.txt")?.len() + lines("timeout.txt")?.len(), lines("missed.txt")?);
    let allowed = fs::read_to_string(paths::root().join("xtask/mutants.txt"))?;
    let survivors: Vec<_> = missed.iter().filter(|one| !is_listed(&allowed, one)).collect();
    for survivor in &survivors {
        println!("no test notices: {survivor}");
    }
    Ok(Counts {
        passed: caught as u64,
        failed: survivors.len() as u64,
        skipped: (missed.len() - survivors.len()) as u64,
        ..Counts::default()
    })
}

/// Whether every change was tried. The survivors are compared with the list here.
fn has_ended(status: Option<i32>) -> bool {
    status.is_some_and(|status| ENDED.contains(&status))
}

/// `contract/src/redact.rs:43:44: replace != with ==` without line and column, which move.
fn without_place(line: &str) -> String {
    match line.split_once(".rs:") {
        Some((file, rest)) => {
            let what = rest.splitn(3, ':').nth(2).unwrap_or(rest);
            format!("{file}.rs:{what}")
        }
        None => line.to_owned(),
    }
}

/// Whether the list has it; lines that begin with `#` give the reasons.
fn is_listed(list: &str, mutant: &str) -> bool {
    list.lines().any(|line| !line.starts_with('#') && line == mutant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_tried_nothing_fails_and_says_what_to_install() {
        let message = verdict(&Counts::not_run(NO_TOOL)).unwrap_err().to_string();
        assert!(message.contains("cargo install --locked cargo-mutants"), "{message}");
        let listed = Counts { skipped: 1, ..Counts::one() };
        assert!(verdict(&listed).is_ok(), "changes that need no test");
    }

    #[test]
    fn a_run_that_did_not_try_every_change_is_no_result() {
        assert_eq!([0, 2, 3].map(|status| has_ended(Some(status))), [true; 3]);
        assert_eq!([1, 4, 5, 6, 70].map(|status| has_ended(Some(status))), [false; 5]);
        assert!(!has_ended(None), "ended by a signal");
    }

    #[test]
    fn a_survivor_is_listed_by_file_and_change() {
        let line = "contract/src/text/hash.rs:43:44: replace != with == in CallContext::from_query";
        let name = "contract/src/text/hash.rs: replace != with == in CallContext::from_query";
        assert_eq!(without_place(line), name);
        assert!(is_listed(&format!("# why\n{name}\n"), name));
        assert!(!is_listed(&format!("# {name}\n"), name));
    }
}
