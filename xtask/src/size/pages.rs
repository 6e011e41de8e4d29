//! The pages that are weighed, as a page's own bundler would deliver them: what the page calls and the
//! glue in one minified file, the wasm beside it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::{Page, Part};
use crate::build::ROLES;
use crate::node::{self, Weight};
use crate::{paths, process};

/// A page: its name, its budget in brotli bytes, what it imports from where, and the roles it starts.
struct Kind {
    name: &'static str,
    limit: Option<u64>,
    imports: &'static [(&'static str, &'static str)],
    roles: &'static [&'static str],
}

const PAGES: [Kind; 12] = [
    Kind {
        name: "screen-pop page: onScreenPop, callOut",
        limit: Some(22 * 1024),
        imports: &[("tccc", "onScreenPop, callOut")],
        roles: &["frame"],
    },
    Kind {
        name: "shop page: openChat",
        limit: Some(25 * 1024),
        imports: &[("cec", "openChat")],
        roles: &["cec"],
    },
    Kind {
        name: "host page: openWorkbench",
        limit: Some(24 * 1024),
        imports: &[("tccc", "openWorkbench")],
        roles: &["host"],
    },
    Kind {
        name: "host page: and serveCallOuts",
        limit: None,
        imports: &[("tccc", "openWorkbench"), ("bridge", "serveCallOuts")],
        roles: &["host"],
    },
    Kind {
        name: "screen-pop page: and dialTelLinks",
        limit: None,
        imports: &[("tccc", "onScreenPop, callOut"), ("dom", "dialTelLinks")],
        roles: &["frame"],
    },
    Kind {
        name: "page in CEC's workbench: onScreenPop, callOut",
        limit: Some(20 * 1024),
        imports: &[("cec", "onScreenPop, callOut")],
        roles: &["agent"],
    },
    Kind {
        name: "both vendors in one page",
        limit: Some(75_424),
        imports: &[("tccc", "*"), ("cec", "*")],
        roles: &["frame", "host", "cec"],
    },
    Kind {
        name: "inline: onScreenPop, callOut",
        limit: None,
        imports: &[("inline/frame", ""), ("tccc", "onScreenPop, callOut")],
        roles: &[],
    },
    Kind {
        name: "inline: everything",
        limit: None,
        imports: &[("inline", ""), ("tccc", "*"), ("cec", "*")],
        roles: &[],
    },
    Kind {
        name: "legacy: onScreenPop, callOut",
        limit: None,
        imports: &[("legacy/tccc", "onScreenPop, callOut")],
        roles: &["frame"],
    },
    Kind {
        name: "legacy: openWorkbench",
        limit: None,
        imports: &[("legacy/tccc", "openWorkbench")],
        roles: &["host"],
    },
    Kind {
        name: "legacy: openChat",
        limit: None,
        imports: &[("legacy/cec", "openChat")],
        roles: &["cec"],
    },
];

/// JavaScript forms are files of their own, except in a script for old browsers.
const FORMS: &str = "--external:*.wasm.js";

/// The budget of a JavaScript form.
const FORM_LIMIT: u64 = 22 * 1024;

/// Weighs them all.
pub fn measure() -> Result<Vec<Page>> {
    let mut pages = PAGES.iter().map(page).collect::<Result<Vec<_>>>()?;
    for role in ROLES {
        let mut parts = vec![("global.js".to_owned(), paths::pkg().join("global.js"))];
        parts.push(wasm(role));
        pages.push(weigh(&format!("global: {role}"), &parts, &[], None)?);
    }
    for role in ROLES {
        let file = format!("{role}.wasm.js");
        let parts = [(file.clone(), paths::pkg().join("core/roles").join(&file))];
        pages.push(weigh(&format!("JavaScript form: {role}"), &parts, &[], Some(FORM_LIMIT))?);
    }
    Ok(pages)
}

fn page(kind: &Kind) -> Result<Page> {
    let folder = paths::root().join("target/size");
    fs::create_dir_all(&folder)?;
    let name: String =
        kind.name.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    let source = folder.join(format!("{name}.mjs"));
    fs::write(&source, lines(kind.imports))?;
    // Old browsers have no import(): their one script has the core in both forms, and all texts.
    let is_legacy = kind.imports.iter().any(|(entry, _)| entry.starts_with("legacy"));
    let (outside, core): (&[&str], &[&str]) = if is_legacy {
        (&[], &["--external:../../../glue/*", "--external:../../bytes/*", FORMS])
    } else {
        (&[FORMS], &["--external:../../glue/*", FORMS])
    };
    let mut parts = vec![bundle("script", &source, &folder.join(&name), outside)?];
    let entry = folder.join([&name, "-entry"].concat());
    let mut within = vec![bundle("entry", &source, &entry, core)?];
    for role in kind.roles {
        let pkg = paths::pkg();
        let glue = pkg.join("glue").join(format!("{role}.js"));
        within.push(bundle(&format!("glue of {role}"), &glue, &folder.join(role), &[FORMS])?);
        if is_legacy {
            within.push((
                format!("{role}.wasm in base64"),
                pkg.join(format!("legacy/bytes/{role}.js")),
            ));
            within
                .push((format!("{role}.wasm.js"), pkg.join(format!("core/roles/{role}.wasm.js"))));
        } else {
            parts.push(wasm(role));
        }
    }
    weigh(kind.name, &parts, &within, kind.limit)
}

/// The page's own script: it keeps what it imports.
fn lines(imports: &[(&str, &str)]) -> String {
    let mut lines = String::new();
    for (entry, names) in imports {
        let file = paths::pkg().join(entry).with_extension("js").display().to_string();
        lines.push_str(&match *names {
            "" => format!("import '{file}'\n"),
            "*" => format!("export * from '{file}'\n"),
            names => format!("export {{ {names} }} from '{file}'\n"),
        });
    }
    lines
}

fn wasm(role: &str) -> (String, PathBuf) {
    let file = format!("{role}.wasm");
    let path = paths::pkg().join("core/roles").join(&file);
    (file, path)
}

/// The minified script that a page loads at once. What it imports only when it needs it (JavaScript forms,
/// Chinese texts, the handling of failures) is in files of its own, which are left out.
fn bundle(part: &str, source: &Path, out: &Path, options: &[&str]) -> Result<(String, PathBuf)> {
    if out.exists() {
        fs::remove_dir_all(out)?;
    }
    let metafile = out.join("meta.json");
    let mut esbuild = node::tool("esbuild");
    esbuild.arg(source).arg(format!("--outdir={}", out.display())).args(options);
    esbuild.arg(format!("--metafile={}", metafile.display()));
    esbuild.args(["--bundle", "--minify", "--splitting", "--format=esm", "--target=es2022"]);
    esbuild.args(["--charset=utf8", "--log-level=warning"]);
    process::run(esbuild.current_dir(out.parent().unwrap_or(out)))?;
    let meta: Meta = serde_json::from_str(&fs::read_to_string(metafile)?)?;
    let name = source.file_name().unwrap_or_default().to_string_lossy();
    let is_entry =
        |output: &&Output| output.entry_point.as_ref().is_some_and(|e| e.ends_with(&*name));
    let entry = meta.outputs.iter().find(|(_, output)| is_entry(output));
    let mut wanted: Vec<&str> = entry.iter().map(|(name, _)| name.as_str()).collect();
    let mut at = 0;
    while let Some(output) = wanted.get(at).and_then(|name| meta.outputs.get(*name)) {
        for import in output.imports.iter().filter(|import| import.kind == "import-statement") {
            if meta.outputs.contains_key(&import.path) && !wanted.contains(&import.path.as_str()) {
                wanted.push(&import.path);
            }
        }
        at += 1;
    }
    // esbuild puts what both use into a file between them; other bundlers leave it in the page's own.
    let folder = out.parent().unwrap_or(out);
    let mut joined = String::new();
    for name in wanted {
        joined.push_str(&fs::read_to_string(folder.join(name))?);
    }
    let hashes = hashes(&joined, meta.outputs.keys());
    let versions = if hashes.is_empty() { 1 } else { VERSIONS };
    let mut weighed = Vec::new();
    for version in 0..versions {
        let file = out.join(format!("whole-{version}.js"));
        fs::write(&file, with_other_hashes(&joined, &hashes, version))?;
        weighed.push(file);
    }
    let weights = node::weigh(&weighed)?;
    let mut by_weight: Vec<_> = weights.iter().map(|weight| weight.brotli).zip(weighed).collect();
    by_weight.sort();
    let (_, median) = by_weight.swap_remove(by_weight.len() / 2);
    Ok((part.to_owned(), median))
}

/// In how many versions a script is weighed, of which the median counts. A hash in the name of a file that it
/// imports changes with any byte of that file, and one of the same length compresses to up to 60 bytes more or less.
const VERSIONS: u64 = 9;

/// What esbuild's hashes consist of.
const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The hashes of file names in a script, in their order in it.
fn hashes<'a>(script: &str, outputs: impl Iterator<Item = &'a String>) -> Vec<&'a str> {
    let is_hash = |end: &&str| end.len() == 8 && end.bytes().all(|b| LETTERS.contains(&b));
    let hash = |output: &'a String| Some(output.strip_suffix(".js")?.rsplit_once('-')?.1);
    let mut found: Vec<(usize, &str)> = outputs
        .filter_map(hash)
        .filter(is_hash)
        .filter_map(|hash| Some((script.find(hash)?, hash)))
        .collect();
    found.sort_unstable();
    found.into_iter().map(|(_, hash)| hash).collect()
}

/// The script with hashes that depend on their number and the version only, with as little repetition as real ones.
fn with_other_hashes(script: &str, hashes: &[&str], version: u64) -> String {
    let mut state = version;
    hashes.iter().fold(script.to_owned(), |script, hash| {
        let letter = |_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            char::from(LETTERS[(state >> 59) as usize])
        };
        script.replace(hash, &(0..hash.len()).map(letter).collect::<String>())
    })
}

/// What esbuild tells of its outputs.
#[derive(serde::Deserialize)]
struct Meta {
    outputs: BTreeMap<String, Output>,
}

#[derive(serde::Deserialize)]
struct Output {
    #[serde(rename = "entryPoint")]
    entry_point: Option<String>,
    imports: Vec<Import>,
}

#[derive(serde::Deserialize)]
struct Import {
    path: String,
    kind: String,
}

fn weigh(
    page: &str,
    parts: &[(String, PathBuf)],
    within: &[(String, PathBuf)],
    limit: Option<u64>,
) -> Result<Page> {
    let (parts, within) = (weights(parts)?, weights(within)?);
    let total = parts.iter().fold(Weight::default(), |sum, part| sum + part.weight);
    Ok(Page { page: page.to_owned(), parts, total, within, limit })
}

fn weights(files: &[(String, PathBuf)]) -> Result<Vec<Part>> {
    let weights = node::weigh(&files.iter().map(|(_, file)| file).collect::<Vec<_>>())?;
    Ok(files
        .iter()
        .zip(weights)
        .map(|((part, _), weight)| Part { part: part.clone(), weight })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_weighs_the_same_whatever_the_hashes_of_its_parts_are() {
        let version = |first: &str, second: &str, version| {
            let names = [format!("p/rare-{second}.js"), format!("p/chunk-{first}.js")];
            let script =
                format!("import './chunk-{first}.js';import('./rare-{second}.js');openChat()");
            let own = "p/page--openChat.js".to_owned();
            let hashes = hashes(&script, names.iter().chain([&own]));
            assert_eq!(hashes, [first, second]);
            with_other_hashes(&script, &hashes, version)
        };
        let script = version("6XGHTF3U", "HQMZUDF6", 1);
        assert_eq!(script, version("WOT6VMZA", "ABCDEFGH", 1));
        assert_ne!(script, version("6XGHTF3U", "HQMZUDF6", 2));
        assert!(script.ends_with("openChat()"), "{script}");
    }

    #[test]
    fn each_form_of_the_package_has_a_row_and_each_row_a_file_of_its_own() {
        for form in ["tccc", "cec", "inline", "legacy"] {
            let is_form = |(entry, _): &(&str, _)| entry.split('/').next() == Some(form);
            assert!(PAGES.iter().any(|kind| kind.imports.iter().any(is_form)), "{form}");
        }
        for (at, kind) in PAGES.iter().enumerate() {
            assert!(PAGES[at + 1..].iter().all(|other| other.name != kind.name), "{}", kind.name);
        }
    }
}
