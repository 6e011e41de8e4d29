//! Command `size`: what a page downloads through each entry of the package.

/// The core's bytes, crate by crate.
mod crates;

pub use crates::run as run_crates;

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use anyhow::Result;
use serde::Serialize;

use crate::node::{self, Weight};
use crate::{build, paths, process};

/// The most that an entry may weigh, brotli bytes: what it weighs today, rounded up, so that no growth
/// goes unseen. Lower it when the core has become smaller. The goals are 32 KB for both vendors
/// together and 48 KB for the fallback; `size --crates` tells where the bytes are.
const LIMITS: [(&str, u64); 2] = [("both", 76 * 1024), ("fallback", 79 * 1024)];

/// One entry of the package with the files that a page downloads for it.
#[derive(Debug, Serialize)]
pub struct Entry {
    entry: &'static str,
    parts: Vec<Part>,
    total: Weight,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<u64>,
}

#[derive(Debug, Serialize)]
struct Part {
    file: &'static str,
    #[serde(flatten)]
    weight: Weight,
}

impl Entry {
    /// The sentence to fail with, if it weighs too much.
    pub fn complaint(&self) -> Option<String> {
        let (limit, brotli) = (self.limit?, self.total.brotli);
        (brotli > limit).then(|| {
            format!("{} weighs {brotli} bytes in brotli; {limit} is the limit", self.entry)
        })
    }
}

/// Prints the sizes.
pub fn run(json: bool) -> Result<()> {
    build::package()?;
    let entries = measure()?;
    if json {
        println!("{}", serde_json::to_string_pretty(&entries)?);
    } else {
        print!("{}", table(&entries));
    }
    Ok(())
}

/// Weighs every entry of the built package.
pub fn measure() -> Result<Vec<Entry>> {
    let wasm = || ("calldock_bg.wasm", paths::pkg().join("calldock_bg.wasm"));
    let script =
        |entry, modules: &[&str]| Ok::<_, anyhow::Error>(("script", bundle(entry, modules)?));
    [
        ("index", vec![script("index", &["index.js"])?, wasm()]),
        ("tccc", vec![script("tccc", &["tccc.js"])?, wasm()]),
        ("cec", vec![script("cec", &["cec.js"])?, wasm()]),
        ("both", vec![script("both", &["tccc.js", "cec.js"])?, wasm()]),
        ("inline", vec![script("inline", &["inline.js", "tccc.js"])?]),
        ("global", vec![("global.js", paths::pkg().join("global.js")), wasm()]),
        ("fallback", vec![("calldock_bg.wasm.js", paths::pkg().join("calldock_bg.wasm.js"))]),
    ]
    .map(|(entry, files)| weigh(entry, &files))
    .into_iter()
    .collect()
}

fn weigh(entry: &'static str, files: &[(&'static str, PathBuf)]) -> Result<Entry> {
    let weights = node::weigh(&files.iter().map(|(_, file)| file).collect::<Vec<_>>())?;
    let parts: Vec<Part> =
        files.iter().zip(weights).map(|((file, _), weight)| Part { file, weight }).collect();
    let total = parts.iter().fold(Weight::default(), |sum, part| sum + part.weight);
    let limit = LIMITS.iter().find(|(name, _)| *name == entry).map(|(_, limit)| *limit);
    Ok(Entry { entry, parts, total, limit })
}

/// The modules as a page's own bundler would deliver them: facade and glue in one minified file,
/// the core in either form beside it.
fn bundle(entry: &str, modules: &[&str]) -> Result<PathBuf> {
    let folder = paths::root().join("target/size");
    fs::create_dir_all(&folder)?;
    let (page, bundle) = (folder.join(format!("{entry}.mjs")), folder.join(format!("{entry}.js")));
    let pkg = paths::pkg();
    let lines =
        modules.iter().map(|module| format!("export * from '{}'\n", pkg.join(module).display()));
    fs::write(&page, lines.collect::<String>())?;
    let mut esbuild = node::tool("esbuild");
    esbuild.arg(&page).arg(format!("--outfile={}", bundle.display()));
    esbuild.args(["--bundle", "--minify", "--format=esm", "--target=es2022", "--charset=utf8"]);
    esbuild.args(["--external:*/calldock_bg.wasm.js", "--log-level=warning"]);
    process::run(&mut esbuild)?;
    Ok(bundle)
}

/// The sizes as a table.
pub fn table(entries: &[Entry]) -> String {
    let mut table =
        format!("{:<9} {:<20} {:>9} {:>9} {:>9}\n", "entry", "", "raw", "gzip", "brotli");
    let mut row = |entry: &str, file: &str, weight: Weight, end: &str| {
        let Weight { raw, gzip, brotli } = weight;
        // Writing to a string cannot fail.
        let _ = writeln!(table, "{entry:<9} {file:<20} {raw:>9} {gzip:>9} {brotli:>9}{end}");
    };
    for Entry { entry, parts, total, limit } in entries {
        for Part { file, weight } in parts {
            row(entry, file, *weight, "");
        }
        let limit = limit.map_or_else(String::new, |limit| format!("  of {limit}"));
        row(entry, "total", *total, &limit);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(brotli: u64, limit: Option<u64>) -> Entry {
        let weight = Weight { raw: 300, gzip: 200, brotli };
        Entry { entry: "tccc", parts: vec![Part { file: "script", weight }], total: weight, limit }
    }

    #[test]
    fn every_part_and_the_total_have_a_line() {
        let table = table(&[entry(100, Some(150))]);
        let lines: Vec<Vec<&str>> = table.lines().map(|l| l.split_whitespace().collect()).collect();
        assert_eq!(lines[1], ["tccc", "script", "300", "200", "100"]);
        assert_eq!(lines[2], ["tccc", "total", "300", "200", "100", "of", "150"]);
    }

    #[test]
    fn only_more_than_the_limit_is_complained_of() {
        assert_eq!(entry(100, None).complaint(), None);
        assert_eq!(entry(100, Some(100)).complaint(), None);
        let complaint = entry(101, Some(100)).complaint().unwrap();
        assert_eq!(complaint, "tccc weighs 101 bytes in brotli; 100 is the limit");
    }
}
