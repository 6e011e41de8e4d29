//! Commands `supply` and `sbom`: what is built from the work of others, where it is from and under which
//! licence.
//!
//! * [`graph`]: the crates of Cargo.lock, and which of them a program is made of.
//! * [`licences`]: SPDX expressions.
//! * [`npm`]: the locks of the JavaScript tools.
//! * [`rules`]: the check of the crates by `deny.toml`.
//! * [`sbom`]: the lists in CycloneDX.

mod graph;
mod licences;
mod npm;
mod rules;
mod sbom;

use anyhow::{Result, bail};

use crate::test::Counts;

pub use sbom::run as run_sbom;

/// Checks crates and locks; needs neither the network nor a tool.
pub fn run() -> Result<()> {
    let counts = stage()?;
    println!("{counts}");
    Ok(())
}

/// The same as a stage of the tests. Every rule counts as a test.
pub fn stage() -> Result<Counts> {
    let graph = graph::Graph::read()?;
    let mut faults = rules::check(&graph)?;
    faults.extend(npm::check()?);
    match faults.as_slice() {
        [] => Ok(Counts { passed: rules::RULES + npm::RULES, ..Counts::default() }),
        faults => bail!("{}", faults.join("\n")),
    }
}
