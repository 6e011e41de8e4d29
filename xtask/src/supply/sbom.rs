//! Command `sbom`: what each deployed program is made of, as CycloneDX 1.5 in `target/sbom/`.
//!
//! Rust from Cargo.lock and `cargo metadata`, JavaScript tools by `npm sbom`. The files have neither a time
//! nor a random number, so the same sources give the same bytes. std, which is part of every program, is the
//! toolchain's: `rustc --version` names it.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::graph::{Graph, Package};
use super::rules::DEPLOYED;
use crate::{paths, process};

/// Writes the files and says where they are.
pub fn run() -> Result<()> {
    let folder = paths::target().join("sbom");
    fs::create_dir_all(&folder)?;
    let graph = Graph::read()?;
    for (program, system) in DEPLOYED {
        let list = cargo_list(&graph, program, system)?;
        write(&folder.join(format!("{program}.cdx.json")), &list)?;
    }
    write(&folder.join("npm-tools.cdx.json"), &npm_list()?)
}

fn write(file: &Path, list: &Value) -> Result<()> {
    fs::write(file, format!("{list:#}\n"))?;
    let count = list["components"].as_array().map_or(0, Vec::len);
    println!("{} ({count} components)", file.display());
    Ok(())
}

/// The crates that a program is made of.
fn cargo_list(graph: &Graph, program: &str, system: &str) -> Result<Value> {
    let ids = graph.made_of(program, system)?;
    let packages: Vec<&Package> = ids.iter().map(|id| &graph.packages[*id]).collect();
    let (main, others): (Vec<_>, Vec<_>) =
        packages.into_iter().partition(|one| one.name == program && one.source.is_none());
    let main = main.first().with_context(|| program.to_owned())?;
    let reference = |id: &str| reference(&graph.packages[id]);
    let dependencies: Vec<Value> = ids
        .iter()
        .map(|id| {
            let on = graph.linked.get(*id).into_iter().flatten();
            let on = on.filter(|id| ids.contains(id.as_str())).map(|id| reference(id));
            json!({ "ref": reference(id), "dependsOn": on.collect::<Vec<_>>() })
        })
        .collect();
    let mut described = component(main, "application");
    described["properties"] = json!([{ "name": "cargo:target", "value": system }]);
    let others: Vec<_> = others.into_iter().map(|one| component(one, "library")).collect();
    Ok(json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": { "component": described },
        "components": others,
        "dependencies": dependencies,
    }))
}

fn reference(package: &Package) -> String {
    format!("pkg:cargo/{}@{}", package.name, package.version.replace('+', "%2B"))
}

fn component(package: &Package, kind: &str) -> Value {
    let mut component = json!({
        "type": kind,
        "bom-ref": reference(package),
        "name": package.name,
        "version": package.version,
        "purl": reference(package),
    });
    if let Some(licence) = &package.license {
        component["licenses"] = json!([{ "expression": licence.replace('/', " OR ") }]);
    }
    if let Some(checksum) = &package.checksum {
        component["hashes"] = json!([{ "alg": "SHA-256", "content": checksum }]);
    }
    component
}

/// The tools that build and test the npm package, of its lock.
fn npm_list() -> Result<Value> {
    let mut npm = Command::new("npm");
    npm.args(["sbom", "--sbom-format", "cyclonedx", "--package-lock-only"]);
    let output = process::output(npm.current_dir(paths::root()))?;
    let mut list: Value = serde_json::from_str(&output).context("npm sbom: expected JSON")?;
    let members = list.as_object_mut().context("npm sbom: expected an object")?;
    members.remove("serialNumber");
    if let Some(metadata) = members.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.remove("timestamp");
    }
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_the_core_is_listed_once_with_its_hash() {
        let system = "wasm32-unknown-unknown";
        let list = cargo_list(&Graph::read().unwrap(), "calldock", system).unwrap();
        let components = list["components"].as_array().unwrap();
        let names: Vec<_> = components.iter().map(|one| one["name"].as_str().unwrap()).collect();
        assert!(names.contains(&"wasm-bindgen") && names.contains(&"calldock-contract"));
        assert!(!names.contains(&"proptest") && !names.contains(&"axum"));
        for one in components {
            assert!(one["licenses"][0]["expression"].is_string(), "{one}");
            let ours = one["name"].as_str().unwrap().starts_with("calldock");
            assert_eq!(one["hashes"][0]["content"].is_string(), !ours, "{one}");
        }
        let references: std::collections::BTreeSet<_> =
            components.iter().map(|one| one["bom-ref"].as_str().unwrap()).collect();
        assert_eq!(references.len(), components.len());
        let known = |one: &Value| {
            let name = one.as_str().unwrap();
            references.contains(name) || name.starts_with("pkg:cargo/calldock@")
        };
        for row in list["dependencies"].as_array().unwrap() {
            assert!(known(&row["ref"]) && row["dependsOn"].as_array().unwrap().iter().all(known));
        }
    }
}
