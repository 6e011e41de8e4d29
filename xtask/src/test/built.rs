//! The checks of what was built.

use anyhow::{Result, bail};

use super::counts::Counts;
use crate::{build, node, paths, process, secrets, size};

/// Every role was compiled with link-time optimisation.
pub fn lto() -> Result<Counts> {
    build::package()?;
    for role in build::ROLES {
        build::require_lto(role)?;
    }
    Ok(Counts { passed: build::ROLES.len() as u64, ..Counts::default() })
}

/// The pages weigh no more than they may.
pub fn size() -> Result<Counts> {
    build::package()?;
    let pages = size::measure()?;
    print!("{}", size::table(&pages));
    let complaints: Vec<String> = pages.iter().filter_map(size::Page::complaint).collect();
    if !complaints.is_empty() {
        bail!("{}", complaints.join("; "));
    }
    Ok(Counts::one())
}

/// What is for old browsers is ES2019 and uses what Chromium 78 has.
pub fn legacy() -> Result<Counts> {
    build::package()?;
    let output = process::output(node::script("syntax.mjs").arg(paths::pkg()))?;
    Ok(Counts { passed: output.trim().parse()?, ..Counts::default() })
}

/// No signing code and no secret in the package.
pub fn secrets() -> Result<Counts> {
    build::package()?;
    let looked_at = secrets::check()?;
    println!("{looked_at} files and dependency lists looked through");
    Ok(Counts::one())
}
