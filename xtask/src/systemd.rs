//! Finds `systemd-analyze` for the check of `deploy/systemd/`, or installs it.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::{apt, paths};

/// systemd's own judge of units; systemd need not run. `CALLDOCK_SYSTEMD_ANALYZE` names another.
pub fn ensure() -> Result<PathBuf> {
    if find().is_none() {
        apt::ensure(&["systemd"], "systemd-analyze, for the check of deploy/systemd")?;
    }
    find().context("systemd is needed; put `systemd-analyze` on PATH")
}

fn find() -> Option<PathBuf> {
    let named = std::env::var_os("CALLDOCK_SYSTEMD_ANALYZE").map(PathBuf::from);
    named.or_else(|| paths::on_path("systemd-analyze"))
}
