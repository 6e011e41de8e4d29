//! The checks of Rust code.

use std::process::Command;

use anyhow::Result;

use super::Length;
use super::counts::Counts;
use crate::{build, paths, process, toolchain};

/// Everything is formatted.
pub fn fmt() -> Result<Counts> {
    process::run(cargo("fmt").args(["--all", "--check"]))?;
    Ok(Counts::one())
}

/// Tests may unwrap, and so may what helps them, which clippy cannot tell from other code.
const CODE: [&str; 3] = ["--", "-D", "warnings"];
const TESTS: [&str; 5] = ["--", "-D", "warnings", "-A", "clippy::unwrap_used"];

/// No warning: the host's crates on the host, the browser's for the browser.
pub fn clippy() -> Result<Counts> {
    let toolchain = toolchain::choose()?;
    let mut passed = 0;
    for (targets, lints) in [("", &CODE[..]), ("--tests", &TESTS)] {
        let targets = Some(targets).filter(|targets| !targets.is_empty());
        let mut host = cargo("clippy");
        host.args(NATIVE).args(targets);
        if targets.is_some() {
            // Left out of `--tests`, as of `cargo test`.
            host.args(["--test", "services"]);
        }
        host.args(lints);
        process::run(&mut host)?;
        let mut browser = toolchain.cargo("clippy");
        build::for_browser_tests(&mut browser);
        process::run(browser.arg("--lib").args(targets).args(lints))?;
        passed += 2;
    }
    Ok(Counts { passed, ..Counts::default() })
}

/// The crates of the host. Always all of them: of fewer, cargo would choose other features, and compile their
/// dependencies again.
pub const NATIVE: [&str; 3] = ["--workspace", "--exclude", "calldock"];

/// Compiles the programs as the native tests have them: a package's integration tests come with its programs.
pub fn build_programs() -> Result<()> {
    process::run(cargo("test").args(NATIVE).args(["--no-run", "--test", "it", "--test", "scripts"]))
}

/// What `--quick` leaves out, by parts of tests' names: measured memory, and days of a queue.
pub const LENGTHY: [&str; 2] = ["_mib", "simulation::"];

/// The tests that run without a browser.
pub fn native(length: Length) -> Result<Counts> {
    let mut tests = cargo("test");
    tests.args(NATIVE).arg("--no-fail-fast");
    if length == Length::Quick {
        tests.arg("--").args(LENGTHY.iter().flat_map(|part| ["--skip", part]));
    }
    let (status, output) = process::shown_output(&mut tests)?;
    Ok(Counts::of_cargo(&output).unless_failed(status.success()))
}

/// Cargo, at the root.
pub fn cargo(command: &str) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.arg(command).current_dir(paths::root());
    cargo
}
