//! Where a role's bytes are, crate by crate: its functions by the crate that wrote them. A generic
//! function counts for the crate that defines it, an inlined one for its caller.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Result, bail};
use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

use crate::{build, node, paths, process};

/// Prints a table for each role.
pub fn run() -> Result<()> {
    node::ensure()?;
    for role in build::ROLES {
        let folder = paths::root().join("target/named").join(role);
        let module = build::with_names(role, &folder)?;
        let shrunk = folder.join("shrunk.wasm");
        let mut wasm_opt = node::tool("wasm-opt");
        wasm_opt
            .arg("--enable-bulk-memory")
            .args(build::SHRINKERS[0])
            .arg("-g")
            .arg(module)
            .arg("-o")
            .arg(&shrunk);
        process::run(&mut wasm_opt)?;
        println!("{role}\n{}", table(&sum(&fs::read(shrunk)?)?));
    }
    Ok(())
}

/// Bytes by crate, and those of the module's other parts.
fn sum(module: &[u8]) -> Result<BTreeMap<String, usize>> {
    let (mut imported, mut bodies, mut names) = (0, Vec::new(), BTreeMap::new());
    let mut bytes = BTreeMap::new();
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body.range().len()),
            Payload::DataSection(section) => {
                bytes.insert("(data)".to_owned(), section.range().len());
            }
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(sections) = section.as_known() {
                    for section in sections {
                        if let Name::Function(map) = section? {
                            for naming in map {
                                let naming = naming?;
                                names.insert(naming.index, naming.name);
                            }
                        }
                    }
                }
            }
            _ => {}
        }
    }
    if names.is_empty() {
        bail!("the module names no functions: was it stripped?");
    }
    for (index, size) in (imported..).zip(bodies) {
        // What wasm-bindgen adds has no name.
        let owner = names.get(&index).map_or_else(|| "(glue)".to_owned(), |name| crate_of(name));
        *bytes.entry(owner).or_insert(0) += size;
    }
    Ok(bytes)
}

/// The crate that wrote a function, from its mangled name.
fn crate_of(mangled: &str) -> String {
    let name = format!("{:#}", rustc_demangle::demangle(mangled));
    if name == mangled {
        // Exports have names of their own.
        return "calldock".to_owned();
    }
    let start = name.trim_start_matches(['<', '&', '[', '(', '*']);
    let start =
        ["impl ", "mut ", "const ", "dyn "].iter().fold(start, |s, w| s.trim_start_matches(w));
    match start.split_once("::") {
        Some((first, _)) if first.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') => {
            first.to_owned()
        }
        // Methods of the language's own types: `<str>::trim`.
        _ => "core".to_owned(),
    }
}

fn table(bytes: &BTreeMap<String, usize>) -> String {
    let total: usize = bytes.values().sum();
    let mut rows: Vec<(&String, &usize)> = bytes.iter().collect();
    rows.sort_by_key(|(name, size)| (std::cmp::Reverse(**size), *name));
    let row = |name: &str, size: usize| {
        format!("{name:<24} {size:>9} {:>5.1} %\n", 100.0 * size as f64 / total.max(1) as f64)
    };
    let rows: String = rows.into_iter().map(|(name, size)| row(name, *size)).collect();
    format!("{:<24} {:>9}\n{rows}{}", "crate", "raw", row("total", total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_belongs_to_the_crate_that_wrote_it() {
        let free = "_RNvNtCseIDsmO2AIsc_17calldock_contract6redact3url";
        assert_eq!(crate_of(free), "calldock_contract");
        let method = "_RNvMs0_NtCsdTQvUip2Qci_8dlmalloc8dlmallocINtB5_8DlmallocNtNtB7_3sys6SystemE6mallocCs1LBOKKKN46v_3std";
        assert_eq!(crate_of(method), "dlmalloc");
        assert_eq!(crate_of("openWorkbench"), "calldock");
    }

    #[test]
    fn the_heaviest_crate_comes_first_and_shares_are_of_the_whole() {
        let bytes = BTreeMap::from([("core".to_owned(), 25), ("calldock".to_owned(), 75)]);
        let table = table(&bytes);
        let rows: Vec<Vec<&str>> = table.lines().map(|l| l.split_whitespace().collect()).collect();
        assert_eq!(rows[1], ["calldock", "75", "75.0", "%"]);
        assert_eq!(rows[2], ["core", "25", "25.0", "%"]);
        assert_eq!(rows[3], ["total", "100", "100.0", "%"]);
    }

    #[test]
    fn a_module_without_names_is_refused() {
        // One function `() -> ()` with an empty body, and no name section.
        let module = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x0a\x04\x01\x02\0\x0b";
        assert!(sum(module).unwrap_err().to_string().contains("names no functions"));
    }
}
