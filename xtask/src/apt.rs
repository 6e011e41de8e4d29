//! Debian packages: installed when we may, named exactly when we may not.

use std::process::Command;
use std::sync::Once;

use anyhow::{Context, Result, bail};

use crate::{paths, process, progress};

static UPDATE: Once = Once::new();

/// Makes sure that the packages are installed. `why` completes the sentence "… is needed".
pub fn ensure(packages: &[&str], why: &str) -> Result<()> {
    let missing: Vec<&str> = packages.iter().copied().filter(|name| !is_installed(name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing.join(" ");
    if paths::on_path("apt-get").is_none() {
        bail!("{why} is needed, and there is no apt-get here to install {names} with");
    }
    if !rustix::process::geteuid().is_root() {
        bail!(
            "{why} is needed; install it with: sudo apt-get update && sudo apt-get install {names}"
        );
    }
    progress::step(&format!("installing Debian's {names}"));
    update();
    process::run(apt_get().args(["install", "--yes", "--no-install-recommends"]).args(&missing))
        .with_context(|| format!("{why} is needed, but Debian's {names} cannot be installed"))
}

fn is_installed(package: &str) -> bool {
    process::output(Command::new("dpkg-query").args(["-W", "-f=${db:Status-Status}", package]))
        .is_ok_and(|status| status.trim() == "installed")
}

/// Fetches the lists once; a bare machine has none. Old lists may still do, so a failure is only
/// told.
fn update() {
    UPDATE.call_once(|| {
        if let Err(failure) = process::run(apt_get().arg("update")) {
            progress::note(&format!("{failure:#}; going on with the lists that are there"));
        }
    });
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.arg("--quiet").env("DEBIAN_FRONTEND", "noninteractive");
    command
}
