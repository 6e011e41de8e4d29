//! Commands `docs` and `api`: the documentation site, and the reports of the public types.
//!
//! Their tools are pinned by `docs/package-lock.json` and installed in `target/site/`: typedoc and API
//! Extractor need TypeScript 6, the package is compiled by TypeScript 7.

/// The reports of the package's public types in `docs/api/`.
mod reports;
/// The site: VitePress, with the references that typedoc and rustdoc write.
mod site;

pub use reports::{check as check_reports, write as write_reports};
pub use site::{run, stage};

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::stamp::Stamp;
use crate::{build, node, paths, progress};

/// Where the tools are installed and the site's sources are put together.
fn workplace() -> PathBuf {
    paths::root().join("target/site")
}

/// Installs the tools and builds the package.
fn prepare() -> Result<()> {
    build::package()?;
    let there = workplace();
    let files = ["package.json", "package-lock.json", ".npmrc"];
    let mut stamp = Stamp::bare("docs-npm");
    for file in files {
        stamp = stamp.with(&paths::root().join("docs").join(file))?;
    }
    if stamp.is_fresh(&[there.join("node_modules/.package-lock.json")]) {
        return Ok(());
    }
    progress::step("installing the documentation's tools (npm ci)");
    fs::create_dir_all(&there)?;
    for file in files {
        fs::copy(paths::root().join("docs").join(file), there.join(file))?;
    }
    node::clean_install(&there)?;
    stamp.keep()
}

/// A tool of the documentation.
fn tool(name: &str) -> Command {
    let mut command = Command::new(workplace().join("node_modules/.bin").join(name));
    command.current_dir(workplace());
    command
}

/// The package's entries with types: their names, and their declarations below `pkg/`. Entries that repeat
/// another one for old browsers or inline its core have no types of their own.
fn entries() -> Result<BTreeMap<String, String>> {
    let manifest = manifest()?;
    let exports = manifest["exports"].as_object().context("js/package.json has no exports")?;
    let entries: BTreeMap<String, String> = exports
        .iter()
        .filter(|(_, entry)| entry.get("require").is_some())
        .filter_map(|(name, entry)| {
            let name = name.trim_start_matches("./").trim_start_matches('.');
            let types = entry["types"].as_str()?.trim_start_matches("./").to_owned();
            Some((if name.is_empty() { "calldock" } else { name }.to_owned(), types))
        })
        .collect();
    anyhow::ensure!(
        !entries.is_empty(),
        "js/package.json: expected entries with types, found none"
    );
    Ok(entries)
}

fn manifest() -> Result<Value> {
    let text = fs::read_to_string(paths::root().join("js/package.json"))?;
    serde_json::from_str(&text).context("js/package.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_entries_are_those_that_an_application_imports() {
        let entries = entries().unwrap();
        assert_eq!(entries["calldock"], "index.d.ts");
        assert_eq!(entries["tccc"], "tccc.d.ts");
        assert!(!entries.contains_key("legacy") && !entries.contains_key("inline"), "{entries:?}");
    }
}
