//! The core: Rust compiled for the browser with a std of its own, once for each role, with its glue and in
//! both its forms.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::{compile, fallback, glue};
use crate::stamp::Stamp;
use crate::{node, paths, process, progress};

/// The parts of the core: a cargo feature, a module and a glue each.
pub const ROLES: [&str; 4] = ["frame", "host", "cec", "agent"];

/// The options that wasm-opt is tried with. An option can shrink the file and grow its brotli, so the
/// smallest in brotli wins: usually the one that inlines nothing, after a flattening that finds more.
pub const SHRINKERS: [&[&str]; 3] = [
    &["--flatten", "--rereloop", "-Oz", "-Oz", "--converge", NO_INLINING[0], NO_INLINING[1]],
    &["-Oz", "--converge", NO_INLINING[0], NO_INLINING[1]],
    &["-Oz", "--converge"],
];
const NO_INLINING: [&str; 2] =
    ["--one-caller-inline-max-function-size=0", "--always-inline-max-function-size=0"];

/// What the package has of a role: the module, its JavaScript form and the glue.
pub fn packed(role: &str) -> [String; 3] {
    [
        format!("core/roles/{role}.wasm"),
        format!("core/roles/{role}.wasm.js"),
        format!("glue/{role}.js"),
    ]
}

/// What is made for a role, in [`paths::core`].
fn made(role: &str) -> Vec<PathBuf> {
    let types = [
        format!("core/roles/{role}.wasm.d.ts"),
        format!("core/roles/{role}.d.wasm.ts"),
        format!("glue/{role}.d.ts"),
    ];
    packed(role).into_iter().chain(types).map(|name| paths::core().join(name)).collect()
}

/// Makes every role's files.
pub fn build() -> Result<()> {
    for role in ROLES {
        build_role(role).with_context(|| format!("the role {role}"))?;
    }
    Ok(())
}

fn build_role(role: &'static str) -> Result<()> {
    let compiled = compile::role(role)?;
    let stamp = Stamp::new(role)?
        .with(&compiled)?
        .with(&paths::root().join("package-lock.json"))?
        .with(&paths::root().join("xtask/node/gate.mjs"))?;
    if stamp.is_fresh(&made(role)) {
        return Ok(());
    }
    let core = paths::core();
    fs::create_dir_all(core.join("glue"))?;
    fs::create_dir_all(core.join("core/roles"))?;
    let work = core.join(format!("work-{role}"));
    if work.exists() {
        fs::remove_dir_all(&work)?;
    }
    progress::step(&format!("{role}: making the glue (wasm-bindgen)"));
    let bound = glue::bind(role, &compiled, &work)?;
    progress::step(&format!("{role}: shrinking the module (wasm-opt)"));
    shrink(&bound.module, &work)?;
    progress::step(&format!("{role}: making the JavaScript form (wasm2js)"));
    fallback::build(&bound, &work, &core.join(format!("core/roles/{role}.wasm.js")))?;
    fs::copy(&bound.module, core.join(format!("core/roles/{role}.wasm")))?;
    fs::copy(&bound.glue, core.join(format!("glue/{role}.js")))?;
    fs::copy(&bound.types, core.join(format!("glue/{role}.d.ts")))?;
    let form = "/** The hash of the build. */\nexport const build: string;\n\
        /** Starts this form; call it once. `trap` throws, where wasm would trap. */\n\
        export function instantiate(imports: Record<string, object>, trap: () => never): Record<string, unknown>;\n";
    fs::write(core.join(format!("core/roles/{role}.wasm.d.ts")), form)?;
    // What js/inline/ imports: esbuild makes it the bytes in base64.
    let base64 = "declare const base64: string;\nexport default base64;\n";
    fs::write(core.join(format!("core/roles/{role}.d.wasm.ts")), base64)?;
    fs::remove_dir_all(&work)?;
    process::run(node::script("gate.mjs").arg(&core).arg(role))
        .context("it does not start in one of its forms")?;
    stamp.keep()
}

/// A role's wasm with the names of its functions, for measuring.
pub fn with_names(role: &'static str, out: &Path) -> Result<PathBuf> {
    glue::bind_with_names(role, &compile::role(role)?, out)
}

fn shrink(module: &Path, work: &Path) -> Result<()> {
    let mut candidates = vec![module.to_path_buf()];
    for (number, options) in SHRINKERS.iter().enumerate() {
        let candidate = work.join(format!("shrunk-{number}.wasm"));
        // No `--all-features`: it exits 0 and writes what browsers refuse.
        let mut wasm_opt = node::tool("wasm-opt");
        wasm_opt.arg("--enable-bulk-memory").args(*options);
        process::run(wasm_opt.arg(module).arg("-o").arg(&candidate))?;
        candidates.push(candidate);
    }
    let weights = node::weigh(&candidates)?;
    let best = candidates.iter().zip(weights).min_by_key(|(_, weight)| weight.brotli);
    let Some((best, _)) = best else { bail!("wasm-opt left no module") };
    Ok(fs::write(module, fs::read(best)?)?)
}
