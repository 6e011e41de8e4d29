//! The checks of what was built.

use anyhow::{Result, bail};

use super::counts::Counts;
use crate::{build, secrets, size};

/// The entries weigh no more than they may.
pub fn size() -> Result<Counts> {
    build::package()?;
    let entries = size::measure()?;
    print!("{}", size::table(&entries));
    let complaints: Vec<String> = entries.iter().filter_map(size::Entry::complaint).collect();
    if !complaints.is_empty() {
        bail!("{}", complaints.join("; "));
    }
    Ok(Counts::one())
}

/// No signing code and no secret in the package.
pub fn secrets() -> Result<Counts> {
    build::package()?;
    let looked_at = secrets::check()?;
    println!("{looked_at} files and dependency lists looked through");
    Ok(Counts::one())
}
