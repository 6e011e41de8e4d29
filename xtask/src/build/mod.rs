//! Command `build`: makes `pkg/`, the npm package, from the core (Rust) and the facade (TypeScript).

/// Compiles the crate for the browser, a role at a time, with link-time optimisation.
mod compile;
/// The core's modules, each in two forms with its glue.
mod core;
/// The facade: TypeScript compiled, and the entries that are bundled.
mod facade;
/// The JavaScript form of the core, for pages that refuse wasm.
mod fallback;
/// The glue of a module: short names, the build's hash.
mod glue;
/// Lays out `pkg/` exactly as its manifest says.
mod layout;

pub use compile::{for_browser_tests, require_lto};
pub use core::{ROLES, SHRINKERS, with_names};
pub use layout::unpack;

use std::fs::File;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use anyhow::Result;

use crate::{node, paths, progress};

/// Makes `pkg/` and says where it is.
pub fn run() -> Result<()> {
    let start = Instant::now();
    package()?;
    progress::note(&format!("pkg/ is ready ({})", progress::spoken(start.elapsed())));
    Ok(())
}

/// Makes `pkg/`; does nothing that was done before. Once in a run: cargo needs seconds a role to find
/// that nothing has changed, and most stages of `test` ask.
pub fn package() -> Result<()> {
    static MADE: Mutex<bool> = Mutex::new(false);
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    if *made {
        return Ok(());
    }
    let _alone = alone()?;
    node::ensure()?;
    core::build()?;
    facade::build()?;
    layout::build()?;
    *made = true;
    Ok(())
}

/// Two builds in one checkout would write the same files: the second waits for the first.
fn alone() -> Result<File> {
    std::fs::create_dir_all(paths::stamps())?;
    let lock = File::create(paths::stamps().join("lock"))?;
    if lock.try_lock().is_err() {
        progress::step("waiting for another `cargo xtask` to finish its build");
        lock.lock()?;
    }
    Ok(lock)
}
