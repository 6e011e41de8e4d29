//! Lays out `pkg/` exactly as its manifest says: every file listed is there, and no other.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::stamp;
use crate::{paths, process};

/// Files of the package that are not made: where they are in the checkout.
const GIVEN: [(&str, &str); 4] = [
    ("js/package.json", "package.json"),
    ("js/README.md", "README.md"),
    ("LICENSE-MIT", "LICENSE-MIT"),
    ("LICENSE-APACHE", "LICENSE-APACHE"),
];

/// Makes `pkg/` from [`paths::staging`] and the given files.
pub fn build() -> Result<()> {
    let (staging, pkg) = (paths::staging(), paths::pkg());
    for (from, to) in GIVEN {
        fs::copy(paths::root().join(from), staging.join(to)).with_context(|| from.to_owned())?;
    }
    let manifest = fs::read_to_string(staging.join("package.json"))?;
    let made = names(&staging)?;
    let listed = listed(&manifest)?;
    if let Some(file) = made.difference(&listed).next() {
        bail!("{file} was built, but `files` in js/package.json does not list it");
    }
    if let Some(file) = listed.difference(&made).next() {
        bail!("`files` in js/package.json lists {file}, but it was not built");
    }
    fs::create_dir_all(&pkg)?;
    for stranger in names(&pkg)?.difference(&made) {
        fs::remove_file(pkg.join(stranger))?;
    }
    for file in &made {
        let content = fs::read(staging.join(file))?;
        let there = pkg.join(file);
        if fs::read(&there).ok().as_ref() != Some(&content) {
            if let Some(folder) = there.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::write(there, content)?;
        }
    }
    Ok(())
}

/// The files beneath a folder, as `files` in a manifest would name them.
fn names(folder: &Path) -> Result<BTreeSet<String>> {
    let files = stamp::files(folder)?;
    Ok(files
        .iter()
        .filter_map(|f| Some(f.strip_prefix(folder).ok()?.display().to_string()))
        .collect())
}

/// What a manifest lists, with itself, which npm always takes.
fn listed(manifest: &str) -> Result<BTreeSet<String>> {
    #[derive(serde::Deserialize)]
    struct Manifest {
        files: BTreeSet<String>,
    }
    let Manifest { mut files } =
        serde_json::from_str(manifest).context("js/package.json is not a manifest with `files`")?;
    files.insert("package.json".to_owned());
    Ok(files)
}

/// Packs `pkg/` as `npm publish` would and unpacks that beside a page: `into/calldock/`.
pub fn unpack(into: &Path) -> Result<()> {
    let packed = paths::root().join("target/packed");
    fs::create_dir_all(&packed)?;
    let mut npm = std::process::Command::new("npm");
    npm.args(["pack", "--silent", "--pack-destination"]).arg(&packed).current_dir(paths::pkg());
    let said = process::output(&mut npm)?;
    let tarball = packed.join(said.lines().last().unwrap_or_default().trim());
    let there = into.join("calldock");
    if there.exists() {
        fs::remove_dir_all(&there)?;
    }
    fs::create_dir_all(&there)?;
    let mut tar = std::process::Command::new("tar");
    tar.arg("-xzf").arg(&tarball).args(["--strip-components=1", "-C"]).arg(&there);
    process::run(&mut tar)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_lists_itself() {
        let listed = listed(r#"{"files": ["index.js"]}"#).unwrap();
        assert_eq!(listed, ["index.js", "package.json"].map(str::to_owned).into());
    }

    #[test]
    fn a_manifest_without_files_is_refused() {
        assert!(listed("{}").is_err());
        assert!(listed("").is_err());
    }
}
