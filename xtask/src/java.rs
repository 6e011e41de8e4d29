//! Finds a JDK for the test of `examples/backend-java/`, or installs one.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::{apt, paths, process};

/// The oldest that runs the example: it has records, patterns and text in one source file.
const OLDEST: u32 = 17;

/// `java` of a JDK of this machine. `CALLDOCK_JAVA` names another.
pub fn ensure() -> Result<PathBuf> {
    if find().is_none() {
        let why =
            format!("a JDK of version {OLDEST} or newer, for the test of examples/backend-java,");
        apt::ensure(&["default-jdk-headless"], &why)?;
    }
    let needed = || format!("a JDK of version {OLDEST} or newer is needed; put its `java` on PATH");
    find().with_context(needed)
}

/// A JDK of this machine, if there is one: a runtime alone has no compiler and cannot run a source file.
pub fn find() -> Option<PathBuf> {
    let named = std::env::var_os("CALLDOCK_JAVA").map(PathBuf::from);
    let java = named.or_else(|| paths::on_path("java"))?;
    let modules = process::output(Command::new(&java).arg("--list-modules")).ok()?;
    let version = modules.lines().find_map(|line| line.strip_prefix("jdk.compiler@"))?;
    (major(version)? >= OLDEST).then_some(java)
}

/// `17.0.15` → 17.
fn major(version: &str) -> Option<u32> {
    version.trim().split(['.', '-', '+']).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_what_a_jdk_says() {
        assert_eq!(major("17.0.15"), Some(17));
        assert_eq!(major("25\n"), Some(25));
        assert_eq!(major("26-ea"), Some(26));
        assert_eq!(major(""), None);
    }
}
