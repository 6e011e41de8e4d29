//! The core: Rust compiled for the browser with a std of its own, its glue, and both its forms.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::{fallback, names};
use crate::stamp::Stamp;
use crate::{node, paths, process, progress, toolchain};

/// The MVP feature set, because the JavaScript form knows no other; and a panic that traps at once,
/// without the code that formats its message (−19 %) and without the names of source files, which
/// would be this machine's.
const RUSTFLAGS: &str =
    "-Ctarget-cpu=mvp -Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none";

/// What wasm-opt is asked for. It can shrink the file and grow its brotli, so each is tried and the
/// smallest in brotli wins: usually the one that inlines nothing, after a flattening that finds more.
pub const SHRINKERS: [&[&str]; 3] = [
    &["--flatten", "--rereloop", "-Oz", "-Oz", "--converge", NO_INLINING[0], NO_INLINING[1]],
    &["-Oz", "--converge", NO_INLINING[0], NO_INLINING[1]],
    &["-Oz", "--converge"],
];
const NO_INLINING: [&str; 2] =
    ["--one-caller-inline-max-function-size=0", "--always-inline-max-function-size=0"];

const MADE: [&str; 6] = [
    "calldock_bg.wasm",
    "calldock_bg.wasm.js",
    "calldock_bg.js",
    "calldock_bg.d.ts",
    "calldock_bg.wasm.d.ts",
    "calldock_bg.d.wasm.ts",
];

/// Makes `calldock_bg.wasm`, `calldock_bg.wasm.js`, `calldock_bg.js` and its types in
/// [`paths::core`].
pub fn build() -> Result<()> {
    let compiled = compile()?;
    let core = paths::core();
    let stamp =
        Stamp::new("core").with(&compiled)?.with(&paths::root().join("package-lock.json"))?;
    if stamp.is_fresh(&MADE.map(|file| core.join(file))) {
        return Ok(());
    }
    if core.exists() {
        fs::remove_dir_all(&core)?;
    }
    fs::create_dir_all(&core)?;
    progress::step("making the core's glue (wasm-bindgen)");
    bind(&compiled, &core)?;
    names::shorten(&core.join("calldock_bg.wasm"), &core.join("calldock_bg.js"))?;
    progress::step("shrinking the core (wasm-opt)");
    shrink(&core.join("calldock_bg.wasm"))?;
    progress::step("making its JavaScript form (wasm2js)");
    fallback::build(&core)?;
    process::run(node::script("gate.mjs").arg(&core))
        .context("the core does not start in one of its forms")?;
    stamp.keep()
}

fn compile() -> Result<PathBuf> {
    let toolchain = toolchain::choose()?;
    let dir = paths::wasm_target();
    let module = dir.join("wasm32-unknown-unknown/wasm/calldock.wasm");
    let hint = if module.exists() { "" } else { ": std first, about a minute" };
    progress::step(&format!("compiling the core for the browser{hint}"));
    let mut cargo = toolchain.cargo("build");
    cargo.args(["--package", "calldock", "--lib", "--profile", "wasm"]);
    cargo.args(["--target", "wasm32-unknown-unknown", "--target-dir"]).arg(&dir);
    cargo.args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"]);
    cargo.env("RUSTFLAGS", RUSTFLAGS);
    process::run(&mut cargo).with_context(|| format!("with {}", toolchain.name))?;
    Ok(module)
}

/// Completes a cargo command that compiles the browser's crate for its tests: an ordinary profile,
/// and panics that say what is wrong.
pub fn for_browser_tests(cargo: &mut std::process::Command) {
    cargo.args(["--package", "calldock", "--target", "wasm32-unknown-unknown", "--target-dir"]);
    cargo.arg(paths::wasm_target()).arg("-Zbuild-std=std,panic_abort,panic_unwind,test");
    cargo.env("RUSTFLAGS", "-Ctarget-cpu=mvp");
}

/// Bundler-target glue: it imports nothing, so that one glue can serve either form of the core.
fn bind(module: &Path, out: &Path) -> Result<()> {
    bindgen(module, out, &["--remove-name-section", "--remove-producers-section"])?;
    if out.join("snippets").exists() {
        bail!("the core brings inline JavaScript (wasm-bindgen `snippets`); put it into js/");
    }
    // Its own entry imports the .wasm as a module, which no browser can.
    fs::remove_file(out.join("calldock.js"))?;
    let types = fs::read_to_string(out.join("calldock.d.ts"))?;
    fs::remove_file(out.join("calldock.d.ts"))?;
    let set_wasm = "export function __wbg_set_wasm(exports: unknown): void;\n";
    fs::write(out.join("calldock_bg.d.ts"), format!("{types}\n{set_wasm}"))?;
    // What js/inline.ts imports: esbuild makes it the bytes in base64.
    let base64 = "declare const base64: string;\nexport default base64;\n";
    Ok(fs::write(out.join("calldock_bg.d.wasm.ts"), base64)?)
}

fn bindgen(module: &Path, out: &Path, options: &[&str]) -> Result<()> {
    let mut arguments: Vec<OsString> = vec!["wasm-bindgen".into(), module.into()];
    arguments.extend(["--target=bundler", "--out-name=calldock"].map(OsString::from));
    arguments.extend(options.iter().map(OsString::from));
    arguments.extend(["--out-dir".into(), out.into()]);
    wasm_bindgen_cli::wasm_bindgen::run_cli_with_args(arguments)
}

/// The core's wasm with the names of its functions, for measuring.
pub fn with_names(out: &Path) -> Result<PathBuf> {
    bindgen(&compile()?, out, &["--no-demangle"])?;
    Ok(out.join("calldock_bg.wasm"))
}

fn shrink(module: &Path) -> Result<()> {
    let mut candidates = vec![module.to_path_buf()];
    for (number, options) in SHRINKERS.iter().enumerate() {
        let candidate = paths::core().join(format!("shrunk-{number}.wasm"));
        // No `--all-features`: it exits 0 and writes what browsers refuse.
        process::run(node::tool("wasm-opt").args(*options).arg(module).arg("-o").arg(&candidate))?;
        candidates.push(candidate);
    }
    let weights = node::weigh(&candidates)?;
    if let Some((best, _)) = candidates.iter().zip(weights).min_by_key(|(_, w)| w.brotli) {
        fs::write(module, fs::read(best)?)?;
    }
    for candidate in &candidates[1..] {
        fs::remove_file(candidate)?;
    }
    Ok(())
}
