//! Finds wrk, which asks as fast as it is answered, or installs it.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::{apt, paths};

/// wrk of this machine. `CALLDOCK_WRK` names another.
pub fn ensure() -> Result<PathBuf> {
    let find =
        || std::env::var_os("CALLDOCK_WRK").map(PathBuf::from).or_else(|| paths::on_path("wrk"));
    if find().is_none() {
        apt::ensure(&["wrk"], "wrk, for the benchmark of the server")?;
    }
    find().context("wrk is needed; put `wrk` on PATH")
}
