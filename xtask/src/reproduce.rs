//! Command `reproduce`: builds the npm package twice, each time from a copy of the checkout in another folder
//! and with nothing built before, and compares the tarballs byte by byte.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::test::Counts;
use crate::{paths, process, progress, stamp};

/// Of different lengths, so that a path in the output moves what follows it.
const FOLDERS: [&str; 2] = ["first", "the-second-one"];

/// Builds twice and prints the one hash.
pub fn run() -> Result<()> {
    stage().map(drop)
}

/// The same as a stage of the tests.
pub fn stage() -> Result<Counts> {
    let mut tarballs = Vec::new();
    for folder in FOLDERS {
        let copy = paths::target().join("reproduce").join(folder);
        checkout(&copy)?;
        progress::step(&format!("building the package in {}", copy.display()));
        tarballs.push(build(&copy)?);
    }
    let [first, second] = [0, 1].map(|at| fs::read(&tarballs[at]));
    let (first, second) = (first?, second?);
    if first != second {
        bail!("two builds differ: {}", differences()?.join(", "));
    }
    println!("{}  {} bytes, twice the same", hash(&first), first.len());
    for folder in FOLDERS {
        fs::remove_dir_all(paths::target().join("reproduce").join(folder))?;
    }
    Ok(Counts::one())
}

/// Copies what git knows, as it is now.
fn checkout(copy: &Path) -> Result<()> {
    if copy.exists() {
        fs::remove_dir_all(copy)?;
    }
    let root = paths::root();
    let mut git = Command::new("git");
    let files = process::output(git.args(["ls-files", "-z"]).current_dir(&root))?;
    for file in files.split('\0').filter(|file| !file.is_empty()) {
        let (from, to) = (root.join(file), copy.join(file));
        // Deleted and not committed yet.
        if !from.exists() {
            continue;
        }
        fs::create_dir_all(to.parent().unwrap_or(copy))?;
        fs::copy(&from, &to).with_context(|| file.to_owned())?;
    }
    Ok(())
}

/// Runs this program there, and packs as `npm publish` does.
fn build(copy: &Path) -> Result<PathBuf> {
    let mut xtask = Command::new(paths::this_program()?);
    xtask.arg("build").current_dir(copy).env("CARGO_MANIFEST_DIR", copy.join("xtask"));
    xtask.env_remove("CARGO_TARGET_DIR");
    process::run(&mut xtask)?;
    let mut npm = Command::new("npm");
    npm.args(["pack", "--silent", "--pack-destination"]).arg(copy).current_dir(copy.join("pkg"));
    let output = process::output(&mut npm)?;
    Ok(copy.join(output.lines().last().unwrap_or_default().trim()))
}

/// The files that are not the same.
fn differences() -> Result<Vec<String>> {
    let [first, second] =
        FOLDERS.map(|name| paths::target().join("reproduce").join(name).join("pkg"));
    let mut names = Vec::new();
    for file in stamp::files(&first)? {
        let name = file.strip_prefix(&first)?;
        if fs::read(&file).ok() != fs::read(second.join(name)).ok() {
            names.push(name.display().to_string());
        }
    }
    if names.is_empty() {
        names.push("only the tarball, in order or times".into());
    }
    Ok(names)
}

fn hash(bytes: &[u8]) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
