//! Firefox with geckodriver, which Debian has no package of.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use super::Programs;
use crate::{apt, paths, process, progress};

const FIREFOXES: [&str; 2] = ["firefox-esr", "firefox"];

/// The version that is built where none is on PATH; it drives Firefox 128 and newer.
const GECKODRIVER: &str = "0.37.1";

/// `CALLDOCK_FIREFOX` and `CALLDOCK_GECKODRIVER` name others.
pub fn ensure() -> Result<Programs> {
    if firefox().is_none() {
        apt::ensure(&["firefox-esr"], "Firefox")?;
    }
    let firefox = firefox().context("Firefox is needed; put `firefox` on PATH")?;
    Ok(vec![("CALLDOCK_FIREFOX", firefox), ("CALLDOCK_GECKODRIVER", geckodriver()?)])
}

fn firefox() -> Option<PathBuf> {
    let named = std::env::var_os("CALLDOCK_FIREFOX").map(PathBuf::from);
    named.or_else(|| FIREFOXES.into_iter().find_map(paths::on_path))
}

/// On PATH, or built from its crate into `target/tools/`: three minutes, once.
fn geckodriver() -> Result<PathBuf> {
    let named = std::env::var_os("CALLDOCK_GECKODRIVER").map(PathBuf::from);
    if let Some(found) = named.or_else(|| paths::on_path("geckodriver")) {
        return Ok(found);
    }
    let tools = paths::root().join("target/tools");
    let built = tools.join("bin/geckodriver");
    if !built.is_file() {
        progress::step("building geckodriver (cargo install), about three minutes");
        let mut cargo = Command::new("cargo");
        cargo.args(["install", "geckodriver", "--locked", "--version", GECKODRIVER, "--root"]);
        process::run(cargo.arg(&tools).current_dir(paths::root()))?;
    }
    Ok(built)
}
