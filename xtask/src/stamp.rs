//! Remembers what an output was made from, so that nothing is made twice.

use std::collections::BTreeSet;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::paths;

/// A digest of everything that an output depends on.
pub struct Stamp {
    name: &'static str,
    hasher: DefaultHasher,
}

impl Stamp {
    /// Starts the digest of something that this program makes itself: its sources are part of the recipe.
    /// (Its file is not: `cargo test --workspace` links another one.)
    pub fn new(name: &'static str) -> Result<Self> {
        let root = paths::root();
        Self::bare(name).with(&root.join("xtask/src"))?.with(&root.join("Cargo.lock"))
    }

    /// Starts the digest of something that another program makes.
    pub fn bare(name: &'static str) -> Self {
        Self { name, hasher: DefaultHasher::new() }
    }

    /// Adds a file's content, or that of every file beneath a folder. A missing file counts too.
    pub fn with(mut self, path: &Path) -> Result<Self> {
        for file in files(path)? {
            file.hash(&mut self.hasher);
            fs::read(&file).ok().hash(&mut self.hasher);
        }
        Ok(self)
    }

    /// Whether the outputs are there and were made from exactly this.
    pub fn is_fresh(&self, outputs: &[PathBuf]) -> bool {
        fs::read_to_string(self.file()).is_ok_and(|was| was == self.digest())
            && outputs.iter().all(|output| output.exists())
    }

    /// Says that the outputs have been made from this.
    pub fn keep(&self) -> Result<()> {
        fs::create_dir_all(paths::stamps())?;
        Ok(fs::write(self.file(), self.digest())?)
    }

    fn digest(&self) -> String {
        format!("{:016x}", self.hasher.finish())
    }

    fn file(&self) -> PathBuf {
        paths::stamps().join(self.name)
    }
}

/// The file itself, or every file beneath the folder, in a stable order.
pub fn files(path: &Path) -> Result<BTreeSet<PathBuf>> {
    if !path.is_dir() {
        return Ok(BTreeSet::from([path.to_path_buf()]));
    }
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(path).with_context(|| format!("cannot read {}", path.display()))? {
        found.append(&mut files(&entry?.path())?);
    }
    Ok(found)
}
