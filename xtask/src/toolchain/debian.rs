//! Debian's `rustc-web`, which is a recent compiler with std's source, and the linker of its LLVM.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::{Toolchain, llvm_major};
use crate::{apt, process};

const RUSTC: &str = "/usr/bin/rustc";
const CARGO: &str = "/usr/bin/cargo";
const CLIPPY: &str = "/usr/bin/cargo-clippy";
const PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-clippy"];

/// The toolchain, if all of it is installed.
pub fn find() -> Option<Toolchain> {
    let source = source()?;
    let linker = format!("wasm-ld-{}", llvm()?);
    let programs = [CARGO, CLIPPY, &format!("/usr/bin/{linker}")];
    programs.iter().all(|file| Path::new(file).is_file()).then(|| toolchain(linker, &source))
}

/// Installs what is missing of it, or says what to install.
pub fn install() -> Result<Toolchain> {
    if let Some(ready) = find() {
        return Ok(ready);
    }
    let why = "a toolchain with std's source";
    // Where all can be named beforehand, one command is all that a person without root needs.
    let linker = llvm_offered().map(|llvm| format!("lld-{llvm}"));
    let packages: Vec<&str> = PACKAGES.into_iter().chain(linker.as_deref()).collect();
    apt::ensure(&packages, why)?;
    let llvm = llvm().context("Debian's rustc does not say which LLVM it has")?;
    apt::ensure(&[&format!("lld-{llvm}")], "a linker for the browser")?;
    find().context("Debian's rustc-web is installed, but std's source or its linker is not found")
}

/// The LLVM of the rustc that apt would install, if apt has its lists.
fn llvm_offered() -> Option<u32> {
    let mut cache = Command::new("apt-cache");
    cache.args(["depends", "--recurse", "--no-recommends", "--no-suggests", "--no-conflicts"]);
    cache.args(["--no-breaks", "--no-replaces", "--no-enhances", "rustc-web"]);
    llvm_library(&process::output(&mut cache).ok()?)
}

/// `  Depends: libllvm22` → 22.
fn llvm_library(depends: &str) -> Option<u32> {
    depends.lines().find_map(|line| line.trim().strip_prefix("Depends: libllvm")?.parse().ok())
}

fn toolchain(linker: String, source: &str) -> Toolchain {
    Toolchain {
        name: format!("Debian's toolchain with std's source in {source}"),
        cargo: CARGO.into(),
        // cargo looks into its own home first, where rustup's is.
        clippy: Some(CLIPPY.into()),
        variables: vec![
            ("CARGO", CARGO.to_owned()),
            ("RUSTC", RUSTC.to_owned()),
            ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker),
            // Of the toolchain that runs this: they would lead this one astray.
            ("RUSTUP_TOOLCHAIN", String::new()),
            ("LD_LIBRARY_PATH", String::new()),
            ("RUSTDOC", String::new()),
        ],
    }
}

fn source() -> Option<String> {
    let sysroot = process::output(Command::new(RUSTC).args(["--print", "sysroot"])).ok()?;
    let source = Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library");
    source.join("Cargo.lock").is_file().then(|| source.display().to_string())
}

fn llvm() -> Option<u32> {
    llvm_major(&process::output(Command::new(RUSTC).arg("-vV")).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_llvm_is_read_from_what_apt_would_install() {
        let depends = "rustc-web\n  Depends: libstd-rust-web-dev\nlibstd-rust-web-1.96\n  \
            Depends: libc6\n  Depends: libllvm22\n";
        assert_eq!(llvm_library(depends), Some(22));
        assert_eq!(llvm_library("rustc-web\n  Depends: libc6\n"), None);
    }
}
