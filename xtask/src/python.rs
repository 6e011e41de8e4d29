//! Python with the packages of a list, in an environment of its own under `target/python/`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::stamp::Stamp;
use crate::{apt, paths, process, progress};

/// The Python of an environment that has exactly what this list names, by version and hash.
pub fn ensure(name: &'static str, requirements: &str) -> Result<PathBuf> {
    let list = paths::root().join(requirements);
    let folder = paths::root().join("target/python").join(name);
    let python = folder.join("bin/python");
    let stamp = Stamp::bare(name).with(&list)?;
    if stamp.is_fresh(std::slice::from_ref(&python)) {
        return Ok(python);
    }
    progress::step(&format!("installing the Python packages of {requirements}"));
    make(&folder)?;
    // Its own words on stderr, so that stdout holds results only.
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    pip.args(["--require-hashes", "--requirement"]).arg(&list);
    process::run(pip.stdout(std::io::stderr()))?;
    stamp.keep()?;
    Ok(python)
}

/// A new environment. Debian's Python has the module for it in a package of its own.
fn make(folder: &Path) -> Result<()> {
    let why = "Python with its venv module, for the tests with the vendor's own client";
    let python = match usable() {
        Some(python) => python,
        None => {
            apt::ensure(&["python3-venv"], why)?;
            usable().with_context(|| format!("{why} is needed; put `python3` on PATH"))?
        }
    };
    let mut venv = Command::new(python);
    process::run(venv.args(["-m", "venv", "--clear"]).arg(folder).stdout(std::io::stderr()))
}

/// The first Python that can make an environment. `CALLDOCK_PYTHON3` names another.
fn usable() -> Option<PathBuf> {
    let named = std::env::var_os("CALLDOCK_PYTHON3").map(PathBuf::from);
    let debians = Some(PathBuf::from("/usr/bin/python3")).filter(|path| path.is_file());
    let works = |python: &PathBuf| {
        process::output(Command::new(python).args(["-c", "import venv, ensurepip"])).is_ok()
    };
    [named, paths::on_path("python3"), debians].into_iter().flatten().find(works)
}
