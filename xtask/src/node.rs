//! Node.js, npm and the tools that npm installs.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::stamp::Stamp;
use crate::{paths, process, progress};

/// The versions of Node.js that run every tool of package-lock.json, as npm writes them, and in words.
const VERSIONS: &str = "^20.19.0 || ^22.13.0 || >=24.0.0";
const NEEDED: &str = "Node.js 20.19, 22.13, or 24 and newer";

/// Makes sure of Node.js, and of `node_modules` as package-lock.json has it.
pub fn ensure() -> Result<()> {
    let Ok(output) = process::output(Command::new("node").arg("--version")) else {
        bail!("{NEEDED} is needed; install it from https://nodejs.org");
    };
    check(output.trim())?;
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

/// Refuses what `node --version` says of a version that is too old.
fn check(version: &str) -> Result<()> {
    if !allows(VERSIONS, numbers(version)) {
        bail!("{NEEDED} is needed, this one is {version}; install it from https://nodejs.org");
    }
    Ok(())
}

/// Whether one of npm's ranges has a version: `^20.19.0 || >=22.12.0`, `18 || 20`, `*`.
fn allows(range: &str, version: [u32; 3]) -> bool {
    range.split("||").map(str::trim).any(|part| match part.strip_prefix(">=") {
        Some(oldest) => version >= numbers(oldest),
        None => {
            let oldest = numbers(part.trim_start_matches('^'));
            part == "*" || (version[0] == oldest[0] && version >= oldest)
        }
    })
}

/// `v20.20.2` → 20, 20, 2; what is no number is 0.
fn numbers(version: &str) -> [u32; 3] {
    let mut parts = version.trim().trim_start_matches('v').split('.').map(str::parse);
    [(); 3].map(|()| parts.next().and_then(Result::ok).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_node_that_is_too_old_for_a_tool_is_refused() {
        for version in ["v20.19.0", "v20.20.2", "v22.13.1", "v24.0.0", "v25.0.0-nightly1"] {
            assert!(check(version).is_ok(), "{version}");
        }
        for version in ["v8.0.0", "v18.20.8", "v20.18.3", "v21.7.3", "v22.12.0", "v23.11.0", "Hi"] {
            let message = check(version).unwrap_err().to_string();
            let found = format!("{NEEDED} is needed, this one is {version}; install it");
            assert!(message.starts_with(&found), "{message}");
        }
    }

    #[test]
    fn the_oldest_versions_run_every_tool_of_the_lock() {
        let lock = fs::read_to_string(paths::root().join("package-lock.json")).unwrap();
        let lock: serde_json::Value = serde_json::from_str(&lock).unwrap();
        let oldest =
            VERSIONS.split("||").map(|part| numbers(part.trim().trim_matches(['^', '>', '='])));
        let oldest: Vec<_> = oldest.collect();
        let mut ranges = 0;
        for (name, package) in lock["packages"].as_object().unwrap() {
            let Some(range) = package["engines"]["node"].as_str() else { continue };
            ranges += 1;
            for version in &oldest {
                assert!(allows(range, *version), "{name} needs {range}, not {version:?}");
            }
        }
        assert!(ranges > 100, "only {ranges} ranges were found");
    }

    #[test]
    fn the_documents_name_the_versions_that_are_needed() {
        let chinese = NEEDED.replace(", 22", "、22").replace(", or 24 and newer", " 或 24 及以上");
        for (file, needed) in
            [("README.md", NEEDED), ("CONTRIBUTING.md", NEEDED), ("README.zh.md", &*chinese)]
        {
            let text = fs::read_to_string(paths::root().join(file)).unwrap();
            assert!(text.contains(needed), "{file}: {needed}");
        }
    }
}
