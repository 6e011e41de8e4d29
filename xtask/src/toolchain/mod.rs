//! Chooses the toolchain that builds std for the browser. std is always built from source, because
//! a prebuilt one turns on features that the JavaScript form of the core cannot have; the two ways
//! differ only in where that source comes from.

/// Debian's `rustc-web` and its std source, where rustup's downloads are refused.
mod debian;
/// The toolchain that runs this, with rustup's component `rust-src`.
mod rustup;

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::progress;

/// A cargo and a rustc that have std's source.
pub struct Toolchain {
    /// What it is called in messages.
    pub name: String,
    cargo: PathBuf,
    /// The `cargo-clippy` that knows this compiler, where cargo would find another's.
    clippy: Option<PathBuf>,
    /// Set in the environment; an empty one is removed from it.
    variables: Vec<(&'static str, String)>,
}

impl Toolchain {
    /// `cargo <command>` of this toolchain, allowed to build std.
    pub fn cargo(&self, command: &str) -> Command {
        let program = self.clippy.as_ref().filter(|_| command == "clippy").unwrap_or(&self.cargo);
        let mut cargo = Command::new(program);
        cargo.arg(command).current_dir(crate::paths::root());
        // `-Zbuild-std` is unstable; this lets a stable toolchain do it.
        cargo.env("RUSTC_BOOTSTRAP", "1");
        cargo.env_remove("CARGO_ENCODED_RUSTFLAGS");
        for (name, value) in &self.variables {
            match value.as_str() {
                "" => cargo.env_remove(name),
                value => cargo.env(name, value),
            };
        }
        cargo
    }
}

/// Finds or installs a toolchain: what is there first, then rustup, then Debian.
/// `CALLDOCK_TOOLCHAIN=rustup` or `=debian` asks for one of them.
pub fn choose() -> Result<Toolchain> {
    match std::env::var("CALLDOCK_TOOLCHAIN").as_deref() {
        Ok("rustup") => return rustup::find().map_or_else(rustup::install, Ok),
        Ok("debian") => return debian::install(),
        Ok(other) => bail!("CALLDOCK_TOOLCHAIN is `rustup` or `debian`, not `{other}`"),
        Err(_) => {}
    }
    if let Some(ready) = rustup::find().or_else(debian::find) {
        return Ok(ready);
    }
    rustup::install().or_else(|refused| {
        progress::note(&format!("{refused:#}; trying Debian's toolchain"));
        debian::install().context(
            "std's source is needed to build for the browser: `rustup component add rust-src` adds \
             it, or a toolchain of Debian's has it",
        )
    })
}

/// The major version of LLVM in what `rustc -vV` says.
fn llvm_major(version: &str) -> Option<u32> {
    let version = version.lines().find_map(|line| line.strip_prefix("LLVM version: "))?;
    version.split('.').next()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_llvm_version_is_read_from_what_rustc_says() {
        let output = "rustc 1.96.0 (0000 2026-05-25)\nrelease: 1.96.0\nLLVM version: 22.1.2\n";
        assert_eq!(llvm_major(output), Some(22));
        assert_eq!(llvm_major("LLVM version: 9.0"), Some(9));
        assert_eq!(llvm_major("rustc 1.96.0"), None);
        assert_eq!(llvm_major("LLVM version: unknown"), None);
    }
}
