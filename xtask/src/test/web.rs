//! The tests that need a browser.

use std::fs;
use std::process::Command;

use anyhow::{Result, bail};

use super::counts::Counts;
use super::script;
use crate::{browser, build, next, nginx, paths, playground, process, progress, toolchain};

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
    let (status, said) = process::shown_output(&mut cargo)?;
    Ok(Counts::of_cargo(&said).unless_failed(status.success()))
}

/// Tells cargo that this program runs wasm tests, as a list because its path may have spaces.
fn runner() -> Result<String> {
    let this = std::env::current_exe()?;
    let runner = serde_json::to_string(&[&this.to_string_lossy(), crate::RUNNER])?;
    Ok(format!("target.wasm32-unknown-unknown.runner={runner}"))
}

/// Runs one wasm test program, as cargo's runner.
pub fn run_wasm_tests(arguments: &[String]) -> Result<()> {
    let program = std::iter::once("wasm-bindgen-test-runner");
    let arguments = program.chain(arguments.iter().map(String::as_str));
    wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(arguments)
}

/// The end-to-end tests. They start what they need themselves; the environment says where it is.
pub fn e2e() -> Result<Counts> {
    let nginx = nginx::ensure()?;
    in_browser("tests/e2e", |node| node.env("CALLDOCK_NGINX", nginx))
}

/// The example with Next.js: built without a network, looked at as files and in the browser.
pub fn next() -> Result<Counts> {
    let site = next::build()?;
    in_browser("tests/next", |node| node.env("CALLDOCK_NEXT", site))
}

/// Runs a folder's tests with everything that a browser's tests need.
fn in_browser(folder: &str, more: impl FnOnce(&mut Command) -> &mut Command) -> Result<Counts> {
    let browser = browser::ensure()?;
    let playground = playground::build()?;
    let folder = paths::root().join(folder);
    if let Some(file) = script::sources(&folder, ".test.ts")?.first() {
        bail!("{}: Node 20 runs no TypeScript; name it .test.mjs", file.display());
    }
    let files = script::sources(&folder, ".test.mjs")?;
    if files.is_empty() {
        return Ok(Counts::default());
    }
    let mut node = Command::new("node");
    node.args(["--test", "--test-reporter=spec", "--test-concurrency=2"]).args(files);
    node.current_dir(paths::root());
    node.env("CALLDOCK_SERVER", &playground.server);
    node.env("CALLDOCK_DOUBLES", &playground.doubles);
    node.env("CALLDOCK_PLAYGROUND", &playground.site);
    node.env("CALLDOCK_CHROMIUM", &browser.chromium);
    node.env("CALLDOCK_CHROMEDRIVER", &browser.driver);
    node.env("CALLDOCK_CHROMIUM_FLAGS", browser::FLAGS.join(" "));
    let (status, said) = process::shown_output(more(&mut node))?;
    Ok(Counts::of_node(&said).unless_failed(status.success()))
}
