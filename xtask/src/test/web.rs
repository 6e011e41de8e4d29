//! The tests that need a browser.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::thread;

use anyhow::{Context, Result, bail};

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
    cargo.env("NO_PROXY", around_the_proxy());
    let (status, output) = process::shown_output(&mut cargo)?;
    Ok(Counts::of_cargo(&output).unless_failed(status.success()))
}

/// What is reached without the machine's proxy: also the driver, which wasm-bindgen's runner would ask through it.
fn around_the_proxy() -> String {
    let given = ["NO_PROXY", "no_proxy"].into_iter().find_map(|name| std::env::var(name).ok());
    given.into_iter().chain(["127.0.0.1,localhost".into()]).collect::<Vec<_>>().join(",")
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
pub fn e2e(length: Length) -> Result<Counts> {
    end_to_end(&[Engine::Chromium], all("tests/e2e")?, length)
}

/// What an engine decides about: scripts and their policies, messages between frames, hashes, requests.
pub const OF_THE_ENGINE: [&str; 14] = [
    "attacks",
    "attacks-page",
    "bridge",
    "call-out",
    "cec-chat",
    "core",
    "faults",
    "policies",
    "sandbox",
    "screen-pop",
    "shadow-frames",
    "states",
    "connection-faults",
    "workbench",
];

/// What `--long` does all of in Chromium, and a tenth of in the other engines, which take longer for it.
pub const SHORTER_IN_ENGINES: &str = "attacks.test.mjs's messages";

/// The end-to-end tests in the two other engines: the files that touch an engine, or all that open one.
pub fn engines(length: Length) -> Result<Counts> {
    let files = all("tests/e2e")?;
    let files = match length {
        Length::Long => opening_engines(files)?,
        _ => named(&OF_THE_ENGINE, &files)?,
    };
    end_to_end(&[Engine::Firefox, Engine::WebKit], files, length)
}

/// The files of these names, in their order. A name without a file is an error: the file was renamed.
fn named(stems: &[&str], files: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let file = |stem: &&str| {
        let is = |file: &&PathBuf| {
            file.file_name().is_some_and(|name| *name == *format!("{stem}.test.mjs"))
        };
        let missing = || format!("OF_THE_ENGINE: expected tests/e2e/{stem}.test.mjs, found none");
        files.iter().find(is).cloned().with_context(missing)
    };
    stems.iter().map(file).collect()
}

/// Without the files that need no browser or Chromium alone: they run in `e2e`.
fn opening_engines(files: Vec<PathBuf>) -> Result<Vec<PathBuf>> {
    let mut opening = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        if opens_engines(&text) {
            opening.push(file);
        }
    }
    Ok(opening)
}

/// Whether a test file opens the browsers that are wanted (`tests/e2e/harness/browser.mjs`).
fn opens_engines(text: &str) -> bool {
    text.contains("inEachBrowser(") || text.contains("wanted()")
}

fn end_to_end(engines: &[Engine], files: Vec<PathBuf>, length: Length) -> Result<Counts> {
    let nginx = nginx::ensure()?;
    in_browsers(engines, files, |node| {
        if length == Length::Long {
            node.env("CALLDOCK_LONG", "1");
        }
        node.env("CALLDOCK_NGINX", nginx)
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_engine_is_there_and_opens_one() {
        let files = all("tests/e2e").unwrap();
        let named = named(&OF_THE_ENGINE, &files).unwrap();
        assert_eq!(opening_engines(named.clone()).unwrap(), named);
    }

    #[test]
    fn a_file_of_the_engine_that_was_renamed_is_an_error() {
        let error = named(&["a", "b"], &["tests/e2e/a.test.mjs".into()]).unwrap_err().to_string();
        assert!(error.contains("tests/e2e/b.test.mjs"), "{error}");
    }

    #[test]
    fn what_needs_no_browser_or_chromium_alone_is_no_test_of_the_other_engines() {
        let opening = opening_engines(all("tests/e2e").unwrap()).unwrap();
        let has = |stem: &str| named(&[stem], &opening).is_ok();
        assert!(has("soak") && has("bench-chat") && has("playground"));
        for stem in ["end-status", "check", "extension", "extension.lint", "bench-bridge"] {
            assert!(!has(stem), "{stem}");
        }
    }
}
