//! The crates of Cargo.lock, and which of them a program is made of.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::test::cargo;
use crate::{paths, process};

/// What `cargo metadata` says, with the checksums of Cargo.lock.
pub struct Graph {
    /// By id.
    pub packages: BTreeMap<String, Package>,
    /// The direct dependencies that are linked: normal ones, without macros, which run in the compiler.
    pub linked: BTreeMap<String, BTreeSet<String>>,
}

/// A crate in one version.
#[derive(Debug, Deserialize)]
pub struct Package {
    id: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// An SPDX expression, or an old form of one.
    pub license: Option<String>,
    /// Where it is from; `None` in this workspace.
    pub source: Option<String>,
    /// SHA-256 of the published crate.
    #[serde(skip)]
    pub checksum: Option<String>,
    targets: Vec<Target>,
}

#[derive(Debug, Deserialize)]
struct Target {
    kind: Vec<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Deserialize)]
struct Kind {
    kind: Option<String>,
}

#[derive(Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
    checksum: Option<String>,
}

impl Graph {
    /// All crates of Cargo.lock, for any system.
    pub fn read() -> Result<Self> {
        let mut metadata = cargo("metadata");
        metadata.args(["--format-version", "1", "--locked"]);
        let metadata: Metadata = serde_json::from_str(&process::output(&mut metadata)?)
            .context("cargo metadata: expected packages and a resolve")?;
        let lock = std::fs::read_to_string(paths::root().join("Cargo.lock"))?;
        let lock: Lock = toml::from_str(&lock).context("Cargo.lock")?;
        let checksums: BTreeMap<_, _> =
            lock.package.into_iter().map(|one| ((one.name, one.version), one.checksum)).collect();
        let mut packages = BTreeMap::new();
        for mut package in metadata.packages {
            let key = (package.name.clone(), package.version.clone());
            package.checksum = checksums.get(&key).cloned().flatten();
            packages.insert(package.id.clone(), package);
        }
        let runs_in_compiler = |id: &str| {
            let mut targets = packages.get(id).into_iter().flat_map(|package| &package.targets);
            targets.any(|target| target.kind.iter().any(|kind| kind == "proc-macro"))
        };
        let linked = metadata.resolve.nodes.into_iter().map(|node| {
            let normal = |dependency: &Dependency| {
                dependency.dep_kinds.iter().any(|kind| kind.kind.is_none())
                    && !runs_in_compiler(&dependency.pkg)
            };
            (node.id, node.deps.into_iter().filter(normal).map(|one| one.pkg).collect())
        });
        let linked = linked.collect();
        Ok(Self { packages, linked })
    }

    /// The crates that a crate of this workspace is made of on a system, itself included, by id. What
    /// `cargo metadata` says has the features of all programs together; `cargo tree` has those of one.
    pub fn made_of(&self, name: &str, system: &str) -> Result<BTreeSet<&str>> {
        let mut tree = cargo("tree");
        tree.args(["--quiet", "--locked", "--package", name, "--target", system]);
        tree.args(["--edges", "normal,no-proc-macro", "--prefix", "none"]);
        let output = process::output(&mut tree)?;
        output.lines().filter_map(crate_of).map(|(name, version)| self.id(name, version)).collect()
    }

    fn id(&self, name: &str, version: &str) -> Result<&str> {
        let is_it = |package: &&Package| package.name == name && package.version == version;
        let package = self.packages.values().find(is_it);
        Ok(&package.with_context(|| format!("{name} {version} is not in Cargo.lock"))?.id)
    }
}

/// `serde v1.0.229 (*)` → its name and version.
fn crate_of(line: &str) -> Option<(&str, &str)> {
    let mut words = line.split(' ');
    Some((words.next()?, words.next()?.strip_prefix('v')?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_tree_has_name_and_version() {
        assert_eq!(crate_of("serde v1.0.229 (*)"), Some(("serde", "1.0.229")));
        assert_eq!(crate_of("calldock v0.1.0 (/x)"), Some(("calldock", "0.1.0")));
        assert_eq!(crate_of(""), None);
    }
}
