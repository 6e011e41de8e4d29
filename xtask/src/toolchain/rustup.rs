//! The toolchain that runs this, with rustup's component `rust-src`.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::Toolchain;
use crate::{process, progress};

/// The toolchain, if std's source is there already.
pub fn find() -> Option<Toolchain> {
    let sysroot = process::output(Command::new("rustc").args(["--print", "sysroot"])).ok()?;
    let source = Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library/Cargo.lock");
    source.is_file().then(|| Toolchain {
        name: "rustup's toolchain with rust-src".to_owned(),
        cargo: std::env::var_os("CARGO").map_or_else(|| "cargo".into(), Into::into),
        clippy: None,
        variables: Vec::new(),
    })
}

/// Adds std's source.
pub fn install() -> Result<Toolchain> {
    progress::step("adding std's source (rustup component add rust-src)");
    let mut rustup = Command::new("rustup");
    rustup.args(["component", "add", "rust-src"]).env("RUST_BACKTRACE", "0");
    process::output(&mut rustup).context("rustup cannot add rust-src")?;
    let Some(toolchain) = find() else {
        bail!("rustup added rust-src, but std's source is not in the sysroot of `rustc`")
    };
    Ok(toolchain)
}
