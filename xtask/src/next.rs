//! The example with Next.js, built around the packed package.
//!
//! It is installed in a folder of its own: Next.js weighs as much as all the other tools together, and
//! nothing else wants it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::stamp::{self, Stamp};
use crate::{build, node, paths, process, progress};

/// What its packages are pinned by, all but our own. The compilers for macOS and Windows are pinned by
/// version only: where the lock was made, those of Linux could be had.
const LOCK: &str = "tests/next/package-lock.json";
/// The pages and the settings.
const SOURCES: [&str; 2] = ["app", "next.config.mjs"];

/// Builds the example and gives the folder of its pages.
pub fn build() -> Result<PathBuf> {
    build::package()?;
    let (root, there) = (paths::root(), paths::root().join("target/next"));
    let (example, pages) = (root.join("examples/next"), there.join("out"));
    install(&example, &there)?;
    let built = Stamp::new("next")?.with(&paths::pkg())?.with(&example)?.with(&root.join(LOCK))?;
    if built.is_fresh(&[pages.join("index.html")]) {
        return Ok(pages);
    }
    for made in ["app", ".next", "out"].map(|folder| there.join(folder)) {
        if made.exists() {
            fs::remove_dir_all(made)?;
        }
    }
    for source in SOURCES {
        for file in stamp::files(&example.join(source))? {
            let copy = there.join(file.strip_prefix(&example)?);
            fs::create_dir_all(copy.parent().unwrap_or(&there))?;
            fs::copy(&file, copy)?;
        }
    }
    build::unpack(&there.join("node_modules"))?;
    progress::step("building examples/next (next build)");
    let mut next = Command::new("node");
    next.args(["node_modules/next/dist/bin/next", "build"]).current_dir(&there);
    next.env("NEXT_TELEMETRY_DISABLED", "1").env("CI", "1");
    process::run(next.stdout(std::io::stderr()))?;
    built.keep()?;
    Ok(pages)
}

/// Installs what the example names, all but our own package, which comes from the checkout.
fn install(example: &Path, there: &Path) -> Result<()> {
    node::ensure()?;
    let (manifest, lock) = (example.join("package.json"), paths::root().join(LOCK));
    let stamp = Stamp::bare("next-npm").with(&manifest)?.with(&lock)?;
    if stamp.is_fresh(&[there.join("node_modules/.package-lock.json")]) {
        return Ok(());
    }
    progress::step("installing Next.js for its example (npm ci)");
    fs::create_dir_all(there)?;
    fs::write(there.join("package.json"), without_calldock(&fs::read_to_string(manifest)?)?)?;
    fs::copy(lock, there.join("package-lock.json"))?;
    node::clean_install(there)?;
    stamp.keep()
}

/// The manifest without our own package, which no registry need have.
fn without_calldock(manifest: &str) -> Result<String> {
    let mut manifest: serde_json::Value = serde_json::from_str(manifest)?;
    let needs = manifest.get_mut("dependencies").and_then(|needs| needs.as_object_mut());
    let ours = needs.and_then(|needs| needs.remove("calldock"));
    ours.context("examples/next/package.json does not need calldock")?;
    Ok(manifest.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_package_is_left_out() {
        let manifest = r#"{"dependencies":{"calldock":"1","next":"2"}}"#;
        assert_eq!(without_calldock(manifest).unwrap(), r#"{"dependencies":{"next":"2"}}"#);
    }

    #[test]
    fn a_manifest_without_our_package_is_refused() {
        assert!(without_calldock(r#"{"dependencies":{"next":"2"}}"#).is_err());
    }
}
