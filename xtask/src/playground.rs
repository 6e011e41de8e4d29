//! The playground as it is served: `www/` beside the packed package, and the programs behind it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::{build, paths, process, progress, stamp};

/// Libraries that some tenants' scripts want, handed in by the shop: from what npm installs, to where
/// the site serves them.
const LIBRARIES: [(&str, &str); 2] = [
    ("node_modules/axios/dist/esm/axios.min.js", "node_modules/axios/axios.min.js"),
    (
        "node_modules/jquery-4/dist-module/jquery.module.min.js",
        "node_modules/jquery/jquery.module.min.js",
    ),
];

/// Everything that the playground needs, built.
pub struct Playground {
    /// The folder to serve: `www/` with `node_modules/calldock/`.
    pub site: PathBuf,
    /// `calldock-server`.
    pub server: PathBuf,
    /// `calldock-edge`.
    pub edge: PathBuf,
    /// `calldock-doubles`, which also serve the site.
    pub doubles: PathBuf,
}

const PROGRAMS: [&str; 3] = ["calldock-server", "calldock-edge", "calldock-doubles"];

/// Builds what is not built yet and lays out the site.
pub fn build() -> Result<Playground> {
    progress::step("compiling the server, the edge and the doubles");
    let mut cargo = Command::new("cargo");
    cargo.arg("build").args(PROGRAMS.iter().flat_map(|program| ["--package", program]));
    process::run(cargo.current_dir(paths::root()))?;
    with_programs()
}

/// The same, where the programs are built.
pub fn with_programs() -> Result<Playground> {
    build::package()?;
    let site = lay_out()?;
    let [server, edge, doubles] =
        PROGRAMS.map(|program| paths::target().join("debug").join(program));
    Ok(Playground { site, server, edge, doubles })
}

/// The site takes the package as an application would: packed and unpacked again, so that a file
/// missing from the tarball is missing here too.
fn lay_out() -> Result<PathBuf> {
    let site = paths::root().join("target/playground");
    let www = paths::root().join("www");
    let mut packed = stamp::Stamp::new("playground")?.with(&paths::pkg())?.with(&www)?;
    for (from, _) in LIBRARIES {
        packed = packed.with(&paths::root().join(from))?;
    }
    if packed.is_fresh(&[site.join("node_modules/calldock/package.json")]) {
        return Ok(site);
    }
    progress::step("laying out the playground (npm pack)");
    if site.exists() {
        fs::remove_dir_all(&site)?;
    }
    copy(&www, &site)?;
    build::unpack(&site.join("node_modules"))?;
    for (from, to) in LIBRARIES {
        copy_file(&paths::root().join(from), &site.join(to))?;
    }
    packed.keep()?;
    Ok(site)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    for file in stamp::files(from)? {
        copy_file(&file, &to.join(file.strip_prefix(from)?))?;
    }
    Ok(())
}

fn copy_file(from: &Path, to: &Path) -> Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::copy(from, to).with_context(|| from.display().to_string())?;
    Ok(())
}
