//! WebKitGTK with its driver, and Xvfb, the display it draws on.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::Programs;
use crate::{apt, paths};

/// `CALLDOCK_WEBKITDRIVER` and `CALLDOCK_XVFB` name others.
pub fn ensure() -> Result<Programs> {
    let names = [
        ("CALLDOCK_WEBKITDRIVER", "WebKitWebDriver", "webkit2gtk-driver"),
        ("CALLDOCK_XVFB", "Xvfb", "xvfb"),
    ];
    let mut programs = Programs::new();
    for (variable, program, package) in names {
        let find =
            || std::env::var_os(variable).map(PathBuf::from).or_else(|| paths::on_path(program));
        if find().is_none() {
            apt::ensure(&[package], "WebKitGTK with its driver and a display")?;
        }
        let found = find().with_context(|| format!("{program} is needed; put it on PATH"))?;
        programs.push((variable, found));
    }
    Ok(programs)
}
