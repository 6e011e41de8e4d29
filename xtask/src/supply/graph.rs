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
        Self::with(&[])
    }

    /// The crates for one system.
    pub fn for_system(triple: &str) -> Result<Self> {
        Self::with(&["--filter-platform", triple])
    }

    fn with(arguments: &[&str]) -> Result<Self> {
        let mut metadata = cargo("metadata");
        metadata.args(["--format-version", "1", "--locked"]).args(arguments);
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

    /// The crates that a crate of this workspace is made of, itself included, by id.
    pub fn made_of(&self, name: &str) -> Result<BTreeSet<&str>> {
        let ours = |package: &&Package| package.name == name && package.source.is_none();
        let first = self.packages.values().find(ours);
        let first = first.with_context(|| format!("there is no crate {name} in this workspace"))?;
        let (mut found, mut left) = (BTreeSet::new(), vec![first.id.as_str()]);
        while let Some(id) = left.pop() {
            if found.insert(id) {
                left.extend(self.linked.get(id).into_iter().flatten().map(String::as_str));
            }
        }
        Ok(found)
    }
}
