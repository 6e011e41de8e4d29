//! Lays out `pkg/`: what the sources and the roles make, and no other file.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::ROLES;
use super::core::packed;
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
    let (root, staging, pkg) = (paths::root(), paths::staging(), paths::pkg());
    for (from, to) in GIVEN {
        fs::copy(root.join(from), staging.join(to)).with_context(|| from.to_owned())?;
    }
    let made = names(&staging)?;
    let expected = expected(&names(&root.join("js"))?);
    if let Some(file) = made.difference(&expected).next() {
        bail!("{file} was built, but no source in js/ makes it");
    }
    if let Some(file) = expected.difference(&made).next() {
        bail!("{file} should have been built, but was not");
    }
    check_manifest(&fs::read_to_string(staging.join("package.json"))?, &made)?;
    fs::create_dir_all(&pkg)?;
    for leftover in names(&pkg)?.difference(&made) {
        fs::remove_file(pkg.join(leftover))?;
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

/// The files beneath a folder, by their names in it.
fn names(folder: &Path) -> Result<BTreeSet<String>> {
    let files = stamp::files(folder)?;
    Ok(files
        .iter()
        .filter_map(|f| Some(f.strip_prefix(folder).ok()?.display().to_string()))
        .collect())
}

/// What the package has: two files for each source, three for each role, what is given, and the forms for
/// older tools and browsers (`xtask/node/lower.mjs`).
fn expected(sources: &BTreeSet<String>) -> BTreeSet<String> {
    let sources: Vec<&str> = sources.iter().filter_map(|file| file.strip_suffix(".ts")).collect();
    let lowered =
        sources.iter().copied().filter(|name| !is_own_form(name) && !name.starts_with("bin/"));
    let entries = lowered.clone().filter(|name| !name.contains('/'));
    let of_sources = sources.iter().flat_map(|name| [format!("{name}.js"), format!("{name}.d.ts")]);
    let of_roles = ROLES.iter().flat_map(|role| {
        let lowered = [
            format!("legacy/bytes/{role}.js"),
            format!("cjs/core/roles/{role}.wasm.js"),
            format!("cjs/glue/{role}.js"),
        ];
        packed(role).into_iter().chain(lowered)
    });
    let of_lowered = lowered.flat_map(|name| {
        [format!("legacy/{name}.js"), format!("cjs/{name}.js"), format!("cjs/{name}.d.ts")]
    });
    let of_entries = entries.clone().map(|name| format!("legacy/{name}.d.ts"));
    let bundled = entries.filter(|name| *name != "testing");
    of_sources
        .chain(of_roles)
        .chain(of_lowered)
        .chain(of_entries)
        .chain(bundled.map(|name| format!("{name}.mjs")))
        .chain(GIVEN.map(|(_, to)| to.to_owned()))
        .chain([String::from("cjs/package.json")])
        .collect()
}

/// Sources that are a form of the package themselves.
fn is_own_form(name: &str) -> bool {
    ["global", "legacy", "inline"].contains(&name) || name.starts_with("inline/")
}

/// The manifest's entries exist, and its version is that of the crate and of `js/core/registry.ts`.
fn check_manifest(manifest: &str, made: &BTreeSet<String>) -> Result<()> {
    let manifest: serde_json::Value =
        serde_json::from_str(manifest).context("js/package.json is not JSON")?;
    let version = manifest["version"].as_str().unwrap_or_default();
    if version != env!("CARGO_PKG_VERSION") {
        bail!("js/package.json has version {version}, Cargo.toml {}", env!("CARGO_PKG_VERSION"));
    }
    let registry = fs::read_to_string(paths::root().join("js/core/registry.ts"))?;
    if !registry.contains(&format!("export const VERSION = '{version}'\n")) {
        bail!("VERSION in js/core/registry.ts is not {version}");
    }
    let older = ["main", "module", "types"].map(|name| &manifest[name]);
    let named = older.into_iter().chain([&manifest["exports"], &manifest["bin"]]);
    for file in named.flat_map(targets) {
        let name = file.strip_prefix("./").unwrap_or_default().replace('*', "index");
        // Without an ending, each tool takes the one that it prefers.
        let is_made = made.contains(&name) || made.contains(&format!("{name}.js"));
        if !is_made {
            bail!("js/package.json names {file}, which is not built");
        }
    }
    Ok(())
}

/// The files that a manifest's `exports` name, at any depth.
fn targets(exports: &serde_json::Value) -> Vec<&str> {
    match exports {
        serde_json::Value::String(file) => vec![file],
        serde_json::Value::Object(members) => members.values().flat_map(targets).collect(),
        _ => Vec::new(),
    }
}

/// Packs `pkg/` as `npm publish` would and unpacks that beside a page: `into/calldock/`.
pub fn unpack(into: &Path) -> Result<()> {
    let packed = paths::root().join("target/packed");
    fs::create_dir_all(&packed)?;
    let mut npm = std::process::Command::new("npm");
    npm.args(["pack", "--silent", "--pack-destination"]).arg(&packed).current_dir(paths::pkg());
    let output = process::output(&mut npm)?;
    let tarball = packed.join(output.lines().last().unwrap_or_default().trim());
    let there = into.join("calldock");
    if there.exists() {
        fs::remove_dir_all(&there)?;
    }
    fs::create_dir_all(&there)?;
    let mut tar = std::process::Command::new("tar");
    tar.arg("-xzf").arg(&tarball).args(["--strip-components=1", "-C"]).arg(&there);
    process::run(&mut tar)?;
    let (built, unpacked) = (names(&paths::pkg())?, names(&there)?);
    match built.symmetric_difference(&unpacked).next() {
        Some(file) => bail!("`files` in js/package.json does not pack pkg/ as it is: {file}"),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_source_makes_its_files_in_every_form() {
        let files = expected(&set(&["tccc.ts", "core/wait.ts", "README.md", "global.ts"]));
        for name in [
            "tccc.js",
            "tccc.d.ts",
            "tccc.mjs",
            "legacy/tccc.d.ts",
            "legacy/core/wait.js",
            "legacy/bytes/cec.js",
            "cjs/core/wait.js",
            "cjs/package.json",
            "core/wait.js",
            "core/roles/host.wasm.js",
            "glue/cec.js",
            "LICENSE-MIT",
        ] {
            assert!(files.contains(name), "{name}");
        }
        assert!(!files.contains("legacy/global.js") && !files.contains("wait.mjs"));
        assert_eq!(files.len(), 6 + 24 + 6 + 2 + 4 + 1);
    }

    #[test]
    fn a_manifest_with_a_missing_entry_or_another_version_is_refused() {
        let version = env!("CARGO_PKG_VERSION");
        let manifest = |version: &str, file: &str| {
            serde_json::json!({ "version": version, "main": file, "module": file, "types": file, "exports": { ".": { "default": file } } })
                .to_string()
        };
        let made = set(&["index.js"]);
        check_manifest(&manifest(version, "./index.js"), &made).unwrap();
        assert!(check_manifest(&manifest(version, "./main.js"), &made).is_err());
        assert!(check_manifest(&manifest("0.0.1", "./index.js"), &made).is_err());
        assert!(check_manifest("", &made).is_err());
    }
}
