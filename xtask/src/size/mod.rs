//! Command `size`: what pages of each kind download.

/// A role's bytes, crate by crate.
mod crates;
/// The pages, and how they are bundled.
mod pages;

pub use crates::run as run_crates;

use std::fmt::Write as _;

use anyhow::Result;
use serde::Serialize;

use crate::build;
use crate::node::Weight;

/// A page with what it downloads.
#[derive(Debug, Serialize)]
pub struct Page {
    page: String,
    /// What it downloads.
    parts: Vec<Part>,
    /// Their sum, each part compressed by itself.
    total: Weight,
    /// What the first part is made of, each compressed by itself: they add up to a little more.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    within: Vec<Part>,
    /// The most that the total may weigh, brotli bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<u64>,
}

/// A file, or a part of one.
#[derive(Debug, Serialize)]
struct Part {
    part: String,
    #[serde(flatten)]
    weight: Weight,
}

impl Page {
    /// The sentence to fail with, if it weighs too much.
    pub fn complaint(&self) -> Option<String> {
        let (limit, brotli) = (self.limit?, self.total.brotli);
        (brotli > limit)
            .then(|| format!("{}: {brotli} bytes in brotli, {limit} is the limit", self.page))
    }
}

/// Prints the sizes.
pub fn run(json: bool) -> Result<()> {
    build::package()?;
    let pages = measure()?;
    if json {
        println!("{}", serde_json::to_string_pretty(&pages)?);
    } else {
        print!("{}", table(&pages));
    }
    Ok(())
}

/// Weighs every page and every JavaScript form of the built package.
pub fn measure() -> Result<Vec<Page>> {
    pages::measure()
}

/// The sizes as a table.
pub fn table(pages: &[Page]) -> String {
    let mut table = format!("{:<42} {:>9} {:>9} {:>9}\n", "page", "raw", "gzip", "brotli");
    let mut row = |name: &str, weight: Weight, end: &str| {
        let Weight { raw, gzip, brotli } = weight;
        // Writing to a string cannot fail.
        let _ = writeln!(table, "{name:<42} {raw:>9} {gzip:>9} {brotli:>9}{end}");
    };
    for Page { page, parts, total, within, limit } in pages {
        let limit = limit.map_or_else(String::new, |limit| format!("  of {limit}"));
        row(page, *total, &limit);
        if parts.len() > 1 {
            for Part { part, weight } in parts {
                row(&format!("  {part}"), *weight, "");
            }
        }
        for Part { part, weight } in within {
            row(&format!("    {part}"), *weight, "");
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(brotli: u64, limit: Option<u64>) -> Page {
        let weight = Weight { raw: 300, gzip: 200, brotli };
        let part = |part: &str| Part { part: part.into(), weight };
        let parts = vec![part("script"), part("host.wasm")];
        Page { page: "host page".into(), parts, total: weight, within: vec![part("entry")], limit }
    }

    #[test]
    fn the_total_and_every_part_have_a_line() {
        let table = table(&[page(100, Some(150))]);
        let lines: Vec<Vec<&str>> = table.lines().map(|l| l.split_whitespace().collect()).collect();
        assert_eq!(lines[1], ["host", "page", "300", "200", "100", "of", "150"]);
        assert_eq!(lines[2], ["script", "300", "200", "100"]);
        assert_eq!(lines[3], ["host.wasm", "300", "200", "100"]);
        assert_eq!(lines[4], ["entry", "300", "200", "100"]);
    }

    #[test]
    fn only_more_than_the_limit_is_complained_of() {
        assert_eq!(page(100, None).complaint(), None);
        assert_eq!(page(100, Some(100)).complaint(), None);
        let complaint = page(101, Some(100)).complaint().unwrap();
        assert_eq!(complaint, "host page: 101 bytes in brotli, 100 is the limit");
    }
}
