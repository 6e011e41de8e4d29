//! Where things are. Everything made is under `target/` or `pkg/`.

use std::path::{Path, PathBuf};

/// The root of the checkout.
pub fn root() -> PathBuf {
    // Set by `cargo run`; the other is for an xtask started by hand.
    let xtask = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    xtask.parent().map(Path::to_path_buf).unwrap_or(xtask)
}

/// Where cargo puts what it builds for this machine.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// Where cargo puts what it builds for the browser: a directory of its own, because its std,
/// its flags and sometimes its compiler are others.
pub fn wasm_target() -> PathBuf {
    target().join("wasm")
}

/// The built npm package.
pub fn pkg() -> PathBuf {
    root().join("pkg")
}

/// The core in its two forms with its glue and the glue's types, before it goes to `pkg/`.
pub fn core() -> PathBuf {
    root().join("target/core")
}

/// The package's files while they are made, before they go to `pkg/`.
pub fn staging() -> PathBuf {
    root().join("target/package")
}

/// Where the stamps are.
pub fn stamps() -> PathBuf {
    root().join("target/stamps")
}

/// This program. A stage that compiles the workspace can have replaced it, and then the system says that the
/// running one is deleted.
pub fn this_program() -> std::io::Result<PathBuf> {
    let file = std::env::current_exe()?;
    let replaced =
        file.to_str().and_then(|file| file.strip_suffix(" (deleted)")).map(PathBuf::from);
    Ok(replaced.filter(|_| !file.exists()).unwrap_or(file))
}

/// The first program of this name on PATH.
pub fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(program)).find(|file| file.is_file())
}
