//! The texts of the project, for the checks of their language.

use std::fs;
use std::path::Path;

use anyhow::{Result, bail};

use crate::{paths, process};

/// Endings of the files that are read.
const ENDINGS: [&str; 14] = [
    "rs", "ts", "tsx", "js", "mjs", "md", "toml", "vue", "html", "yml", "java", "conf", "service",
    "json",
];

/// Files that quote what is looked for, that are made, or that hold a third party's text.
const EXEMPT: [&str; 4] =
    ["xtask/src/test/words.rs", "package-lock.json", "CHANGELOG.md", "docs/openapi.json"];

/// All of them, each with its path from the root.
pub fn all() -> Result<Vec<(String, String)>> {
    let root = paths::root();
    let mut git = std::process::Command::new("git");
    git.args(["ls-files", "--cached", "--others", "--exclude-standard"]).current_dir(&root);
    let mut texts = Vec::new();
    for name in process::output(&mut git)?.lines() {
        let path = Path::new(name);
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        if !ENDINGS.contains(&ending) || EXEMPT.iter().any(|exempt| path.ends_with(exempt)) {
            continue;
        }
        // A file that was deleted and not yet committed is listed still.
        let Ok(text) = fs::read_to_string(root.join(path)) else { continue };
        texts.push((name.to_owned(), text));
    }
    if texts.is_empty() {
        bail!("no file was read");
    }
    Ok(texts)
}
