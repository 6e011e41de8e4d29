//! Node.js, npm and the tools that npm installs.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::stamp::Stamp;
use crate::{paths, process, progress};

/// The oldest Node.js that will do.
const OLDEST: u32 = 20;

/// Makes sure of Node.js, and of `node_modules` as package-lock.json has it.
pub fn ensure() -> Result<()> {
    let Ok(output) = process::output(Command::new("node").arg("--version")) else {
        bail!("Node.js {OLDEST} or newer is needed; install it from https://nodejs.org");
    };
    match major(&output) {
        Some(version) if version >= OLDEST => {}
        _ => bail!(
            "Node.js {OLDEST} or newer is needed, this one is {}; install it from https://nodejs.org",
            output.trim()
        ),
    }
    let root = paths::root();
    let stamp = Stamp::bare("npm").with(&root.join("package-lock.json"))?;
    if stamp.is_fresh(&[root.join("node_modules/.package-lock.json")]) {
        return Ok(());
    }
    progress::step("installing the JavaScript tools (npm ci)");
    clean_install(&root)?;
    stamp.keep()
}

/// Installs a folder's packages exactly as its lock has them; none of them may run anything.
pub fn clean_install(folder: &Path) -> Result<()> {
    if paths::on_path("npm").is_none() {
        bail!("npm is needed, but only Node.js is here; install it from https://nodejs.org");
    }
    // Their own words on stderr, so that stdout holds results only.
    let mut npm = Command::new("npm");
    npm.args([
        "ci",
        "--include=dev",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--no-update-notifier",
        "--loglevel=error",
    ]);
    process::run(npm.current_dir(folder).stdout(std::io::stderr()))
}

/// A tool of `node_modules`.
pub fn tool(name: &str) -> Command {
    let mut command = Command::new(paths::root().join("node_modules/.bin").join(name));
    command.current_dir(paths::root());
    command
}

/// One of xtask's own scripts, of `xtask/node/`.
pub fn script(name: &str) -> Command {
    let mut command = Command::new("node");
    command.arg(paths::root().join("xtask/node").join(name)).current_dir(paths::root());
    command
}

/// Raw, gzip and brotli bytes of a file, as the best static server would send it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Weight {
    /// As it is on disk.
    pub raw: u64,
    /// gzip, level 9.
    pub gzip: u64,
    /// Brotli, quality 11.
    pub brotli: u64,
}

impl std::ops::Add for Weight {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let (raw, gzip) = (self.raw + other.raw, self.gzip + other.gzip);
        Self { raw, gzip, brotli: self.brotli + other.brotli }
    }
}

/// Weighs files.
pub fn weigh<P: AsRef<Path>>(files: &[P]) -> Result<Vec<Weight>> {
    let output = process::output(script("weigh.mjs").args(files.iter().map(AsRef::as_ref)))?;
    serde_json::from_str(&output).context("weigh.mjs answered something else than weights")
}

/// `v20.20.2` → 20.
fn major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_what_node_says() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("v8.0.0"), Some(8));
        assert_eq!(major("Welcome"), None);
    }
}
