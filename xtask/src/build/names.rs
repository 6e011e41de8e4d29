//! Short names for what the core imports from its glue.
//!
//! wasm-bindgen calls each import by its method and a hash, `__wbg_appendChild_f8784f6270d097cd`, once
//! in the module and once in the glue. Hashes do not compress: short names save 4 KB of brotli.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use walrus::Module;

/// Renames every import of the module, and its function in the glue.
pub fn shorten(module: &Path, glue: &Path) -> Result<()> {
    let mut core = Module::from_file(module)?;
    let mut short = BTreeMap::new();
    for import in core.imports.iter_mut() {
        let next = format!("${}", short.len());
        import.name = short.entry(import.name.clone()).or_insert(next).clone();
    }
    core.emit_wasm_file(module)?;
    let text = fs::read_to_string(glue)?;
    Ok(fs::write(glue, rename(&text, &short)?)?)
}

/// The glue with its functions renamed; each must be defined once and mentioned nowhere else.
fn rename(glue: &str, short: &BTreeMap<String, String>) -> Result<String> {
    let mut renamed = String::with_capacity(glue.len());
    let mut found = 0;
    for line in glue.split_inclusive('\n') {
        let defined = line.strip_prefix("export function ").and_then(|rest| rest.split_once('('));
        match defined.and_then(|(name, rest)| Some((short.get(name)?, rest))) {
            Some((name, rest)) => {
                found += 1;
                renamed.extend(["export function ", name, "(", rest]);
            }
            None => renamed.push_str(line),
        }
    }
    let lost = short.keys().find(|name| renamed.contains(&format!("{name}(")));
    if let Some(name) = lost {
        bail!("the glue calls its own import {name}: adapt names.rs to it");
    }
    (found == short.len()).then_some(renamed).with_context(|| {
        format!("the glue defines {found} of {} imports in the way known here", short.len())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> BTreeMap<String, String> {
        [("__wbg_a_1", "$0"), ("__wbg_b_2", "$1")].map(|(a, b)| (a.into(), b.into())).into()
    }

    #[test]
    fn imports_are_renamed_and_nothing_else() {
        let glue = "export function __wbg_a_1(x) { return x }\nexport function other() {}\nexport function __wbg_b_2() {}\n";
        let renamed = rename(glue, &names()).unwrap();
        assert_eq!(
            renamed,
            "export function $0(x) { return x }\nexport function other() {}\nexport function $1() {}\n"
        );
    }

    #[test]
    fn glue_of_another_shape_is_refused() {
        assert!(rename("export function __wbg_a_1() {}\n", &names()).is_err());
        let calls = "export function __wbg_a_1() {}\nexport function __wbg_b_2() { __wbg_a_1() }\n";
        assert!(rename(calls, &names()).is_err());
    }
}
