//! Chromium and its ChromeDriver.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{apt, paths, process};

/// A browser with the driver of the same version.
pub struct Browser {
    /// Chromium or Chrome.
    pub chromium: PathBuf,
    /// Its ChromeDriver.
    pub driver: PathBuf,
}

/// How Chromium is started for tests: without a window, without a sandbox (which root cannot have)
/// and without asking the network for anything, so by no proxy of the machine's. The pages of its own window,
/// which nobody sees, are not loaded.
pub const FLAGS: [&str; 11] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=PreloadTopChromeWebUI",
];

const CHROMIUMS: [&str; 4] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// The browser of this machine. `CALLDOCK_CHROMIUM` and `CALLDOCK_CHROMEDRIVER` name others.
pub fn ensure() -> Result<Browser> {
    let why = "Chromium with its ChromeDriver";
    if chromium().is_none() {
        let names: &[&str] = match on_ubuntu() {
            true => &["chromium-browser", "chromium-chromedriver"],
            false => &["chromium", "chromium-driver"],
        };
        apt::ensure(names, why)?;
    } else if driver().is_none() && paths::on_path("apt-get").is_some() {
        apt::ensure(&[if on_ubuntu() { "chromium-chromedriver" } else { "chromium-driver" }], why)?;
    }
    let chromium = chromium().context("Chromium is needed; put `chromium` on PATH")?;
    let has = version(&chromium)?;
    let Some(driver) = driver() else {
        bail!("ChromeDriver {has} is needed beside {}; put it on PATH", chromium.display())
    };
    let drives = version(&driver)?;
    if has != drives {
        bail!(
            "{} is of version {has}, {} of version {drives}; install the ChromeDriver of version {has}",
            chromium.display(),
            driver.display()
        );
    }
    Ok(Browser { chromium, driver })
}

impl Browser {
    /// What a new WebDriver session is asked for, as JSON.
    pub fn capabilities(&self) -> serde_json::Value {
        serde_json::json!({
            "goog:chromeOptions": { "binary": self.chromium, "args": FLAGS },
        })
    }
}

fn chromium() -> Option<PathBuf> {
    named("CALLDOCK_CHROMIUM").or_else(|| CHROMIUMS.into_iter().find_map(paths::on_path))
}

fn driver() -> Option<PathBuf> {
    named("CALLDOCK_CHROMEDRIVER").or_else(|| paths::on_path("chromedriver"))
}

fn named(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).map(PathBuf::from)
}

fn on_ubuntu() -> bool {
    std::fs::read_to_string("/etc/os-release")
        .is_ok_and(|release| release.lines().any(|line| line == "ID=ubuntu"))
}

fn version(program: &Path) -> Result<u32> {
    let output = process::output(Command::new(program).arg("--version"))?;
    major(&output)
        .with_context(|| format!("{} says no version but: {}", program.display(), output.trim()))
}

/// `Chromium 156.0.8078.79 built on Debian` → 156.
fn major(output: &str) -> Option<u32> {
    output.split_whitespace().find_map(|word| word.split_once('.')?.0.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_read_from_what_browser_and_driver_say() {
        assert_eq!(major("Chromium 156.0.8078.79 built on Debian GNU/Linux 12"), Some(156));
        assert_eq!(major("ChromeDriver 156.0.8078.79 (abcdef-refs/branch-heads/8078)"), Some(156));
        assert_eq!(major("Google Chrome 149.0.1.2"), Some(149));
        assert_eq!(major("command not found"), None);
    }

    #[test]
    fn a_run_by_hand_starts_chromium_with_the_same_flags() {
        let harness = paths::root().join("tests/e2e/harness/engines/chromium.mjs");
        let harness = std::fs::read_to_string(harness).unwrap();
        assert!(harness.contains(&format!("'{}'", FLAGS.join(" "))));
        assert!(FLAGS.contains(&"--no-proxy-server"));
    }
}
