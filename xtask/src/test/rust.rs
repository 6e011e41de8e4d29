//! The checks of Rust code.

use std::process::Command;

use anyhow::Result;

use super::counts::Counts;
use crate::{build, paths, process, toolchain};

/// Everything is formatted.
pub fn fmt() -> Result<Counts> {
    process::run(cargo("fmt").args(["--all", "--check"]))?;
    Ok(Counts::one())
}

/// No warning: the host's crates on the host, the browser's for the browser.
pub fn clippy() -> Result<Counts> {
    let mut host = cargo("clippy");
    host.args(["--workspace", "--exclude", "calldock", "--all-targets", "--", "-D", "warnings"]);
    process::run(&mut host)?;
    let mut browser = toolchain::choose()?.cargo("clippy");
    build::for_browser_tests(&mut browser);
    process::run(browser.args(["--lib", "--tests", "--", "-D", "warnings"]))?;
    Ok(Counts { passed: 2, ..Counts::default() })
}

/// The tests that run without a browser.
pub fn native() -> Result<Counts> {
    let mut tests = cargo("test");
    tests.args(["--workspace", "--exclude", "calldock", "--no-fail-fast"]);
    let (status, said) = process::shown_output(&mut tests)?;
    Ok(Counts::of_cargo(&said).unless_failed(status.success()))
}

fn cargo(command: &str) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.arg(command).current_dir(paths::root());
    cargo
}
