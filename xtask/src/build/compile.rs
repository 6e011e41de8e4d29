//! Compiles the crate for the browser, once for each role, and proves that link-time optimisation is on.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::{paths, process, progress, toolchain};

/// The MVP feature set, because the JavaScript form knows no other, with bulk memory, which is lowered for
/// that form (−0.7 KB of brotli a module; Chromium has it since 75); and a panic that traps at once,
/// without the code that formats its message (−19 %) and without the names of source files, which
/// would be this machine's.
const RUSTFLAGS: &str = "-Ctarget-cpu=mvp -Ctarget-feature=+bulk-memory \
    -Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none";

/// Compiles a role; returns its module.
pub fn role(role: &'static str) -> Result<PathBuf> {
    let toolchain = toolchain::choose()?;
    let dir = paths::wasm_target();
    let made = dir.join("wasm32-unknown-unknown/wasm/calldock.wasm");
    let hint = if made.exists() { "" } else { ": std first, about a minute" };
    progress::step(&format!("{role}: compiling for the browser{hint}"));
    // `--crate-type cdylib` alone: beside an `rlib`, cargo silently leaves `lto` out.
    let compile = || {
        let mut cargo = toolchain.cargo("rustc");
        cargo.args(["--verbose", "--package", "calldock", "--lib", "--crate-type", "cdylib"]);
        cargo.args(["--profile", "wasm", "--no-default-features", "--features", role]);
        cargo.args(["--target", "wasm32-unknown-unknown", "--target-dir"]).arg(&dir);
        cargo.args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"]);
        cargo.env("RUSTFLAGS", RUSTFLAGS);
        process::stderr(&mut cargo).with_context(|| format!("with {}", toolchain.name))
    };
    let mut output = compile()?;
    if command(&output).is_none() && !evidence(role).exists() {
        // Compiled before, by a command that is not on record: compile the crate itself again.
        let mut clean = toolchain.cargo("clean");
        clean.args(["--package", "calldock", "--profile", "wasm"]);
        clean.args(["--target", "wasm32-unknown-unknown", "--target-dir"]).arg(&dir);
        process::run(&mut clean)?;
        output = compile()?;
    }
    if let Some(command) = command(&output) {
        fs::create_dir_all(paths::stamps())?;
        fs::write(evidence(role), command)?;
    }
    require_lto(role)?;
    let module = dir.join(format!("{role}.wasm"));
    fs::copy(&made, &module)?;
    Ok(module)
}

/// Fails unless the role was compiled with link-time optimisation.
pub fn require_lto(role: &str) -> Result<()> {
    let command = fs::read_to_string(evidence(role))
        .with_context(|| format!("there is no record of how {role} was compiled"))?;
    if has_lto(&command) {
        return Ok(());
    }
    bail!(
        "{role} was compiled without link-time optimisation: expected `-C lto` and only the crate type cdylib in\n{command}"
    )
}

/// Where the rustc command of a role's crate is kept.
fn evidence(role: &str) -> PathBuf {
    paths::stamps().join(format!("rustc-{role}"))
}

/// The command by which cargo compiled the root crate, if it did.
fn command(output: &str) -> Option<&str> {
    output.lines().find(|line| line.contains(" --crate-name calldock ")).map(str::trim)
}

fn has_lto(command: &str) -> bool {
    let words: Vec<&str> = command.split_whitespace().collect();
    let lto = words.windows(2).any(|pair| pair[0] == "-C" && matches!(pair[1], "lto" | "lto=fat"));
    let types = words.iter().filter(|word| **word == "--crate-type").count();
    let only_cdylib = words.windows(2).any(|pair| pair == ["--crate-type", "cdylib"]);
    lto && types == 1 && only_cdylib
}

/// Completes a cargo command that compiles the browser's crate for its tests: an ordinary profile,
/// and panics that say what is wrong.
pub fn for_browser_tests(cargo: &mut std::process::Command) {
    cargo.args(["--package", "calldock", "--target", "wasm32-unknown-unknown", "--target-dir"]);
    cargo.arg(paths::wasm_target()).arg("-Zbuild-std=std,panic_abort,panic_unwind,test");
    cargo.env("RUSTFLAGS", "-Ctarget-cpu=mvp");
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "Running `/bin/rustc --crate-name calldock --edition=2024 src/lib.rs --crate-type cdylib --emit=dep-info,link -C opt-level=z -C lto=fat -C codegen-units=1`";

    #[test]
    fn the_command_of_the_root_crate_is_found() {
        let output = format!("   Compiling serde v1\n     {GOOD}\n    Finished");
        assert_eq!(command(&output), Some(GOOD));
        assert_eq!(command("       Fresh calldock v0.1.0"), None);
        assert_eq!(command("rustc --crate-name calldock_contract --crate-type lib"), None);
    }

    #[test]
    fn a_command_without_lto_or_with_an_rlib_is_refused() {
        assert!(has_lto(GOOD));
        assert!(has_lto(&GOOD.replace("lto=fat", "lto")));
        assert!(!has_lto(&GOOD.replace("-C lto=fat ", "")));
        assert!(!has_lto(&GOOD.replace("lto=fat", "lto=thin")));
        assert!(!has_lto(
            &GOOD.replace("--crate-type cdylib", "--crate-type cdylib --crate-type rlib")
        ));
    }
}
