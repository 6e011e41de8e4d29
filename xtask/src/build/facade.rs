//! The facade: TypeScript compiled, joined by the core's modules, and the entries that are bundles.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::ROLES;
use super::core::packed;
use crate::stamp::Stamp;
use crate::{node, paths, process, progress};

/// Makes all JavaScript of the package, and its types, in [`paths::staging`].
pub fn build() -> Result<()> {
    let (root, staging) = (paths::root(), paths::staging());
    let stamp = Stamp::new("facade")?
        .with(&root.join("js"))?
        .with(&root.join("tsconfig.base.json"))?
        .with(&root.join("tsconfig.build.json"))?
        .with(&root.join("tsconfig.bin.json"))?
        .with(&root.join("package-lock.json"))?
        .with(&root.join("xtask/node/lower.mjs"))?
        .with(&paths::core())?;
    if stamp.is_fresh(&[staging.join("index.js"), staging.join("global.js")]) {
        return Ok(());
    }
    progress::step("compiling the facade (tsc, esbuild)");
    if staging.exists() {
        fs::remove_dir_all(&staging)?;
    }
    fs::create_dir_all(staging.join("glue"))?;
    fs::create_dir_all(staging.join("core/roles"))?;
    for project in ["tsconfig.build.json", "tsconfig.bin.json"] {
        let mut tsc = node::tool("tsc");
        tsc.args(["--project", project]).stdout(std::io::stderr());
        process::run(&mut tsc)?;
    }
    for role in ROLES {
        for file in packed(role) {
            fs::copy(paths::core().join(&file), staging.join(&file)).context(file)?;
        }
    }
    for role in ROLES {
        bundle_inline(&staging, &format!("inline/{role}.js"))?;
    }
    check_types(&staging)?;
    process::run(node::script("lower.mjs").arg(&staging).args(ROLES))
        .context("the forms for older tools and browsers")?;
    stamp.keep()
}

/// `inline/<role>.js` carries the wasm as text and registers it with the modules of `core/`, which it
/// therefore shares and does not bundle.
fn bundle_inline(staging: &Path, entry: &str) -> Result<()> {
    let mut esbuild = bundler(staging, entry);
    esbuild.args(["--format=esm", "--loader:.wasm=base64", "--external:../core/*.js"]);
    process::run(&mut esbuild)
}

fn bundler(staging: &Path, entry: &str) -> std::process::Command {
    let mut esbuild = node::tool("esbuild");
    esbuild.arg(format!("./{entry}")).arg(format!("--outfile={entry}")).current_dir(staging);
    esbuild.args(["--bundle", "--allow-overwrite", "--target=es2022", "--charset=utf8"]);
    esbuild.arg("--log-level=warning");
    esbuild
}

/// wasm-bindgen's types are not published, so no type that an entry leads to may lean on them.
fn check_types(staging: &Path) -> Result<()> {
    let mut reached: Vec<PathBuf> = Vec::new();
    for file in fs::read_dir(staging)? {
        let file = file?.path();
        if file.to_string_lossy().ends_with(".d.ts") {
            reached.push(file);
        }
    }
    let mut at = 0;
    while let Some(file) = reached.get(at).cloned() {
        let types = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        if types.contains("/glue/") {
            bail!(
                "{} refers to the glue, whose types are not published: type it in js/",
                file.display()
            );
        }
        for import in types.split(['\'', '"']).filter(|text| is_module(text)) {
            let path = file.with_file_name("").join(import).with_extension("d.ts");
            let path =
                path.canonicalize().with_context(|| format!("{import} in {}", file.display()))?;
            if !reached.contains(&path) {
                reached.push(path);
            }
        }
        at += 1;
    }
    Ok(())
}

/// Whether a quoted text is a module of the package.
fn is_module(text: &str) -> bool {
    text.starts_with('.') && text.ends_with(".js") && !text.contains(char::is_whitespace)
}
