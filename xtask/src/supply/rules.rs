//! The check of the crates: sources, checksums, licences, and one version of a crate in what is deployed.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde::Deserialize;

use super::graph::Graph;
use super::licences;
use crate::paths;

/// How many rules there are.
pub const RULES: u64 = 4;

/// What is deployed, with the system it runs on.
pub const DEPLOYED: [(&str, &str); 4] = [
    ("calldock", "wasm32-unknown-unknown"),
    ("calldock-server", "x86_64-unknown-linux-gnu"),
    ("calldock-edge", "x86_64-unknown-linux-gnu"),
    ("calldock-admin", "x86_64-unknown-linux-gnu"),
];

/// Crates that are deployed in two versions, by the crate that needs the older one in its newest version.
const TWICE: [(&str, &[&str]); 2] = [
    // Its pure Rust signatures are of the generation before ours.
    (
        "jsonwebtoken",
        &[
            "base64",
            "block-buffer",
            "const-oid",
            "cpufeatures",
            "crypto-common",
            "digest",
            "getrandom",
            "hkdf",
            "hmac",
            "rand",
            "rand_chacha",
            "rand_core",
            "sha2",
        ],
    ),
    ("metrics-exporter-prometheus", &["hashbrown"]),
];

#[derive(Deserialize)]
struct Deny {
    licenses: Licences,
    sources: Sources,
}

#[derive(Deserialize)]
struct Licences {
    allow: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Sources {
    allow_registry: Vec<String>,
}

/// What is wrong with the crates.
pub fn check(graph: &Graph) -> Result<Vec<String>> {
    let deny = std::fs::read_to_string(paths::root().join("deny.toml")).context("deny.toml")?;
    let deny: Deny = toml::from_str(&deny).context("deny.toml")?;
    let mut faults = Vec::new();
    for package in graph.packages.values() {
        let name = format!("{} {}", package.name, package.version);
        let licence = package.license.as_deref().unwrap_or("none");
        if !licences::is_allowed(licence, &deny.licenses.allow) {
            faults.push(format!("{name}: expected a licence of deny.toml, found {licence}"));
        }
        let Some(source) = &package.source else { continue };
        let registry = source.strip_prefix("registry+").unwrap_or(source);
        if !deny.sources.allow_registry.iter().any(|allowed| allowed == registry) {
            faults.push(format!("{name}: expected a registry of deny.toml, found {source}"));
        }
        if package.checksum.as_deref().is_none_or(|sum| sum.len() != 64) {
            faults.push(format!("{name}: expected a checksum in Cargo.lock, found none"));
        }
    }
    faults.extend(twice(graph)?);
    Ok(faults)
}

fn allowed() -> impl Iterator<Item = &'static str> {
    TWICE.iter().flat_map(|(_, names)| names.iter().copied())
}

/// Crates in two versions in one program.
fn twice(graph: &Graph) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    let mut needed = BTreeSet::new();
    for (program, system) in DEPLOYED {
        let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for id in graph.made_of(program, system)? {
            let package = &graph.packages[id];
            versions.entry(&package.name).or_default().push(&package.version);
        }
        for (name, versions) in versions.into_iter().filter(|(_, versions)| versions.len() > 1) {
            match allowed().find(|known| *known == name) {
                Some(known) => drop(needed.insert(known)),
                None => faults.push(format!(
                    "{program}: expected one version of {name}, found {}; update the older one's user, or \
                     add it to TWICE in xtask/src/supply/rules.rs with the reason",
                    versions.join(" and ")
                )),
            }
        }
    }
    for name in allowed().filter(|name| !needed.contains(name)) {
        faults.push(format!("{name} is there once by now: remove it from TWICE"));
    }
    Ok(faults)
}
