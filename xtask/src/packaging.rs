//! Bundlers and test runners of other projects, with the packed package installed beside them.
//!
//! Two folders, because webpack 4 and webpack 5 cannot share one.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::stamp::Stamp;
use crate::{build, node, paths, progress};

/// The folders of `tests/packaging/`, each with a manifest and a lock, and their stamps.
const FOLDERS: [(&str, &str); 2] = [("modern", "packaging-modern"), ("legacy", "packaging-legacy")];

/// Installs the tools and the package; gives the folder that holds both folders.
pub fn install() -> Result<PathBuf> {
    build::package()?;
    let there = paths::root().join("target/packaging");
    for (folder, stamp) in FOLDERS {
        let to = there.join(folder);
        install_tools(&paths::root().join("tests/packaging").join(folder), &to, stamp)?;
        build::unpack(&to.join("node_modules"))?;
    }
    Ok(there)
}

fn install_tools(from: &Path, to: &Path, name: &'static str) -> Result<()> {
    node::ensure()?;
    let files = ["package.json", "package-lock.json"].map(|file| (from.join(file), to.join(file)));
    let mut stamp = Stamp::bare(name);
    for (file, _) in &files {
        stamp = stamp.with(file)?;
    }
    if stamp.is_fresh(&[to.join("node_modules/.package-lock.json")]) {
        return Ok(());
    }
    progress::step(&format!("installing the {name} tools (npm ci)"));
    fs::create_dir_all(to)?;
    for (file, copy) in &files {
        fs::copy(file, copy)?;
    }
    node::clean_install(to)?;
    stamp.keep()
}
