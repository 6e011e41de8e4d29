//! The locks of the JavaScript tools: every package is held by a hash. The npm package itself depends on
//! nothing.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::paths;
use crate::process;

/// How many rules there are.
pub const RULES: u64 = 3;

/// Packages without a hash. npm writes the hash of what the registry described when the lock was made; of
/// these it had no description. They are optional and for macOS and Windows: the stage `next` runs on Linux,
/// where npm never installs them. `npm install` on such a system completes the lock; a fifth is an error.
const WITHOUT_HASH: [&str; 4] = [
    "tests/next/package-lock.json: node_modules/@next/swc-darwin-arm64",
    "tests/next/package-lock.json: node_modules/@next/swc-darwin-x64",
    "tests/next/package-lock.json: node_modules/@next/swc-win32-arm64-msvc",
    "tests/next/package-lock.json: node_modules/@next/swc-win32-x64-msvc",
];

/// What is wrong with the locks.
pub fn check() -> Result<Vec<String>> {
    let root = paths::root();
    let mut faults = Vec::new();
    for file in locks()? {
        let text = fs::read_to_string(root.join(&file)).with_context(|| file.clone())?;
        let lock: Value = serde_json::from_str(&text).with_context(|| file.clone())?;
        faults.extend(faults_of(&file, &lock));
    }
    let manifest: Value = serde_json::from_str(&fs::read_to_string(root.join("js/package.json"))?)?;
    for group in ["dependencies", "optionalDependencies", "bundleDependencies"] {
        if manifest.get(group).is_some() {
            faults.push(format!("js/package.json: expected no {group}: the package stands alone"));
        }
    }
    Ok(faults)
}

fn locks() -> Result<Vec<String>> {
    let mut git = std::process::Command::new("git");
    git.args(["ls-files", "package-lock.json", "**/package-lock.json"]).current_dir(paths::root());
    let output = process::output(&mut git)?;
    let files: Vec<String> = output.lines().map(str::to_owned).collect();
    anyhow::ensure!(files.contains(&"package-lock.json".to_owned()), "no package-lock.json");
    Ok(files)
}

fn faults_of(file: &str, lock: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    let Some(packages) = lock["packages"].as_object() else {
        return vec![format!("{file}: expected a lock of version 3 with packages")];
    };
    for (name, package) in packages.iter().filter(|(name, _)| !name.is_empty()) {
        let place = format!("{file}: {name}");
        let has_hash =
            package["integrity"].as_str().is_some_and(|hash| hash.starts_with("sha512-"));
        let inside = package["link"] == true || package["inBundle"] == true;
        match (has_hash || inside, WITHOUT_HASH.contains(&place.as_str())) {
            (false, false) => faults.push(format!(
                "{place}: expected an integrity of sha512, found {}; make the lock again with npm install",
                package["integrity"]
            )),
            (true, true) => faults.push(format!("{place} has a hash by now: remove it from WITHOUT_HASH")),
            (false, true) if package["optional"] != true => {
                faults.push(format!("{place}: expected an optional package"));
            }
            _ => {}
        }
        let from = package["resolved"].as_str().unwrap_or_default();
        let path = PathBuf::from(from);
        if !from.is_empty() && package["link"] != true && !path.is_relative() {
            faults.push(format!("{place}: expected no address, as .npmrc says"));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_package_without_a_strong_hash_is_named() {
        let lock = json!({ "packages": {
            "": {},
            "node_modules/a": { "integrity": "sha512-x" },
            "node_modules/b": {},
            "node_modules/c": { "integrity": "sha1-x" },
            "node_modules/d": { "link": true, "resolved": "d" },
            "d": { "inBundle": true },
        } });
        let faults = faults_of("package-lock.json", &lock);
        assert_eq!(faults.len(), 2, "{faults:?}");
        assert!(faults[0].contains("node_modules/b") && faults[1].contains("node_modules/c"));
        assert_eq!(faults_of("package-lock.json", &json!({})).len(), 1);
    }

    #[test]
    fn a_known_gap_is_for_optional_packages_and_only_while_it_lasts() {
        let (file, name) = WITHOUT_HASH[0].split_once(": ").unwrap();
        let of = |package: Value| faults_of(file, &json!({ "packages": { name: package } }));
        assert!(of(json!({ "optional": true })).is_empty());
        assert_eq!(of(json!({})).len(), 1);
        assert_eq!(of(json!({ "optional": true, "integrity": "sha512-x" })).len(), 1);
    }
}
