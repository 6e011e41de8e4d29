//! Command `lines`: how long the server's crates are, and which of their files import each other in a circle.
//!
//! * [`circles`]: circles among the files of a crate.
//! * [`count`]: lines of code.
//! * [`imports`]: which files a file imports.

mod circles;
mod count;
mod imports;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::{paths, process};

/// Lines of code that crates may have together. The goal has not been reached yet: until then the limit keeps
/// the crates from growing, and is lowered whenever they shrink.
struct Budget {
    crates: &'static [&'static str],
    goal: usize,
    limit: usize,
}

const BUDGETS: [Budget; 2] = [
    Budget { crates: &["server", "signing"], goal: 6_500, limit: 8_785 },
    Budget {
        crates: &["server", "signing", "edge", "service", "admin", "accounts"],
        goal: 12_000,
        limit: 16_513,
    },
];

/// Crates that a server without local accounts must not contain: C code and password hashes.
const ONLY_ACCOUNTS: [&str; 5] =
    ["calldock-accounts", "rusqlite", "libsqlite3-sys", "argon2", "zxcvbn"];

/// Prints the lines of every crate, and fails if a budget or a rule is broken.
pub fn run() -> Result<()> {
    let mut faults = Vec::new();
    let mut counted = Vec::new();
    for name in BUDGETS[1].crates {
        let folder = paths::root().join(name).join("src");
        let files = files(&folder)?;
        let mut lines = 0;
        let mut sources = Vec::new();
        for path in &files {
            let text = fs::read_to_string(path)
                .with_context(|| format!("{} cannot be read", path.display()))?;
            let tokens =
                count::code(&text).with_context(|| format!("{} is not Rust", path.display()))?;
            let file = path.strip_prefix(&folder).unwrap_or(path).to_path_buf();
            lines += count::lines(&tokens);
            sources.push((file, tokens));
        }
        println!("{lines:>7}  {name}/src, {} files", files.len());
        for circle in circles::forbidden(&imports::graph(&sources)) {
            let files: Vec<_> = circle.iter().map(|file| file.display().to_string()).collect();
            faults.push(format!("{name}/src: these files import each other: {}", files.join(", ")));
        }
        counted.push((*name, lines));
    }
    for Budget { crates, goal, limit } in BUDGETS {
        let found: usize =
            counted.iter().filter(|(name, _)| crates.contains(name)).map(|(_, lines)| lines).sum();
        let names = crates.join(" + ");
        println!("{found:>7}  {names}: at most {limit}, goal {goal}");
        if found > limit {
            faults.push(format!("{names}: {found} lines of code, at most {limit} are allowed"));
        }
    }
    let tree = without_accounts()?;
    for name in ONLY_ACCOUNTS {
        if contains(&tree, name) {
            faults.push(format!("calldock-server without the feature `accounts` contains {name}"));
        }
    }
    match faults.as_slice() {
        [] => Ok(()),
        faults => bail!("{}", faults.join("\n")),
    }
}

/// The dependency tree of a server for a company with its own sign-in.
fn without_accounts() -> Result<String> {
    let mut tree = std::process::Command::new("cargo");
    tree.current_dir(paths::root());
    tree.args(["tree", "--package", "calldock-server", "--no-default-features"]);
    tree.args(["--edges", "normal,build", "--prefix", "none"]);
    process::output(&mut tree)
}

fn contains(tree: &str, name: &str) -> bool {
    tree.lines().any(|line| line.split(' ').next() == Some(name))
}

/// All Rust files below a folder, except files of tests, in order.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let entries =
        fs::read_dir(folder).with_context(|| format!("{} cannot be listed", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        if path.is_dir() {
            files.extend(self::files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") && !is_test(stem) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Such files are included by `#[cfg(test)] mod …;` only.
fn is_test(stem: &str) -> bool {
    stem == "tests" || stem == "simulation" || stem.ends_with("_tests")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_without_accounts_has_no_c_code_and_no_passwords() {
        let tree = without_accounts().unwrap();
        assert!(contains(&tree, "axum") && contains(&tree, "calldock-signing"), "{tree}");
        for name in ONLY_ACCOUNTS {
            assert!(!contains(&tree, name), "{name}");
        }
        assert!(contains("axum v0.8\nrusqlite v0.41 (*)\n", "rusqlite"));
    }
}
