//! The tests that need a browser.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use anyhow::{Result, bail};

use super::Length;
use super::counts::Counts;
use super::script;
use crate::browser::Engine;
use crate::{browser, build, harness, next, nginx, packaging, paths, process, progress, toolchain};

/// Seconds that one test program may take in the browser.
const BROWSER_TIMEOUT: &str = "300";

/// The tests of the browser's crate, in the browser.
pub fn browser() -> Result<Counts> {
    let browser = browser::ensure()?;
    let toolchain = toolchain::choose()?;
    let capabilities = paths::root().join("target/webdriver.json");
    fs::create_dir_all(paths::root().join("target"))?;
    fs::write(&capabilities, browser.capabilities().to_string())?;
    progress::step("compiling the browser's tests, with a std of their own");
    let mut cargo = toolchain.cargo("test");
    build::for_browser_tests(&mut cargo);
    cargo.args(["--lib", "--tests", "--no-fail-fast", "--config", &runner()?]);
    cargo.env("CHROMEDRIVER", &browser.driver);
    cargo.env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", &capabilities);
    cargo.env("WASM_BINDGEN_TEST_TIMEOUT", BROWSER_TIMEOUT);
    cargo.env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60");
    let (status, output) = process::shown_output(&mut cargo)?;
    Ok(Counts::of_cargo(&output).unless_failed(status.success()))
}

/// Tells cargo that this program runs wasm tests, as a list because its path may have spaces.
fn runner() -> Result<String> {
    let this = paths::this_program()?;
    let runner = serde_json::to_string(&[&this.to_string_lossy(), crate::RUNNER])?;
    Ok(format!("target.wasm32-unknown-unknown.runner={runner}"))
}

/// Runs one wasm test program, as cargo's runner.
pub fn run_wasm_tests(arguments: &[String]) -> Result<()> {
    let program = std::iter::once("wasm-bindgen-test-runner");
    let arguments = program.chain(arguments.iter().map(String::as_str));
    wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(arguments)
}

/// The end-to-end tests in Chromium. They start what they need themselves; the environment says where
/// it is.
pub fn e2e() -> Result<Counts> {
    end_to_end(&[Engine::Chromium], all("tests/e2e")?)
}

fn is(file: &Path, stem: &str) -> bool {
    file.file_name().is_some_and(|name| *name == *format!("{stem}.test.mjs"))
}

/// What an engine decides about: scripts and their policies, messages between frames, hashes, requests.
const OF_THE_ENGINE: [&str; 10] = [
    "attacks",
    "bridge",
    "call-out",
    "cec-chat",
    "core",
    "faults",
    "policies",
    "screen-pop",
    "wire-faults",
    "workbench",
];

/// The end-to-end tests in the two other engines: the files that touch an engine, or all of them.
pub fn engines(length: Length) -> Result<Counts> {
    let mut files = all("tests/e2e")?;
    if length != Length::Long {
        files.retain(|file| OF_THE_ENGINE.iter().any(|stem| is(file, stem)));
    }
    end_to_end(&[Engine::Firefox, Engine::WebKit], files)
}

fn end_to_end(engines: &[Engine], files: Vec<PathBuf>) -> Result<Counts> {
    let nginx = nginx::ensure()?;
    in_browsers(engines, files, |node| node.env("CALLDOCK_NGINX", nginx))
}

/// The example with Next.js: built without a network, looked at as files and in the browser.
pub fn next() -> Result<Counts> {
    let site = next::build()?;
    let files = all("tests/next")?;
    in_browsers(&[Engine::Chromium], files, |node| node.env("CALLDOCK_NEXT", site))
}

/// The packed package, built by other projects' tools and opened in Chromium.
pub fn packaging() -> Result<Counts> {
    let consumers = packaging::install()?;
    let files = all("tests/packaging")?;
    in_browsers(&[Engine::Chromium], files, |node| node.env("CALLDOCK_CONSUMERS", consumers))
}

/// A folder's test files.
fn all(folder: &str) -> Result<Vec<PathBuf>> {
    let folder = paths::root().join(folder);
    if let Some(file) = script::sources(&folder, ".test.ts")?.first() {
        bail!("{}: Node 20 runs no TypeScript; name it .test.mjs", file.display());
    }
    script::sources(&folder, ".test.mjs")
}

/// Browsers wait a fifth of the time: with one file more than there are processors none is idle.
fn files_at_once() -> Result<String> {
    Ok(format!("--test-concurrency={}", thread::available_parallelism()?.get() + 1))
}

/// Runs test files with everything that a browser's tests need.
fn in_browsers(
    engines: &[Engine],
    files: Vec<PathBuf>,
    more: impl FnOnce(&mut Command) -> &mut Command,
) -> Result<Counts> {
    if files.is_empty() {
        return Ok(Counts::default());
    }
    let mut node = Command::new("node");
    node.envs(harness::environment(engines)?);
    node.args(["--test", "--test-reporter=spec", &files_at_once()?]).args(files);
    node.current_dir(paths::root());
    let (status, output) = process::shown_output(more(&mut node))?;
    Ok(Counts::of_node(&output).unless_failed(status.success()))
}
