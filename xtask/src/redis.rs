//! Finds Redis for the tests of several instances, or installs it.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::{apt, paths};

/// Redis' server of this machine. `CALLDOCK_REDIS_SERVER` names another.
pub fn ensure() -> Result<PathBuf> {
    if find().is_none() {
        apt::ensure(&["redis-server"], "Redis, for the tests of several instances")?;
    }
    find().context("Redis is needed; put `redis-server` on PATH")
}

fn find() -> Option<PathBuf> {
    let named = std::env::var_os("CALLDOCK_REDIS_SERVER").map(PathBuf::from);
    named.or_else(|| paths::on_path("redis-server"))
}
