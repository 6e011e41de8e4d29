//! The files that a configuration consists of, and which of its keys need a restart.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use secrecy::zeroize::Zeroizing;
use sha2::{Digest, Sha256};
use toml::Value;

use crate::settings::source;

/// Sections that are used once, at the start.
const FIXED: [&str; 6] = ["listen.", "operator.", "log.", "store.", "key.", "audit."];
const FIXED_KEY: &str = "callback.address";
/// The keys of those sections that a reload changes all the same.
const NOT_FIXED: [&str; 3] =
    ["listen.gateways", "listen.connections", "listen.connections_per_address"];

/// The sources at one moment.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// The configuration's own file and all that its `…_file` keys name.
    pub files: Vec<PathBuf>,
    /// The files as they were before any of them was read: what changes from then on is read again.
    pub seen: Vec<Option<Stamp>>,
    /// The keys that need a restart, each with a hash of its value.
    fixed: BTreeMap<String, [u8; 32]>,
}

impl Snapshot {
    /// Looks at the file and the environment; what cannot be read is left out.
    pub fn at(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Self {
        let files: Vec<_> = file.map(Path::to_owned).into_iter().collect();
        let mut snapshot = Self { seen: stamps(&files), files, ..Self::default() };
        let Ok(values) = source::read(file, environment, &super::KEYS) else { return snapshot };
        let folder = file.and_then(Path::parent).unwrap_or(Path::new(""));
        for (key, value) in values {
            let named = match &value {
                Value::String(path) if key.ends_with("_file") => Some(folder.join(path.trim())),
                _ => None,
            };
            snapshot.seen.extend(stamps(named.as_slice()));
            let fixed = FIXED.iter().any(|section| key.starts_with(section))
                && !NOT_FIXED.contains(&key.as_str());
            if fixed || key == FIXED_KEY {
                let text = match &named {
                    Some(path) => std::fs::read_to_string(path).unwrap_or_default(),
                    None => format!("{value:?}"),
                };
                snapshot.fixed.insert(key, Sha256::digest(Zeroizing::new(text).as_bytes()).into());
            }
            snapshot.files.extend(named);
        }
        snapshot
    }

    /// Returns the keys that differ and need a restart.
    pub fn needs_restart(&self, other: &Self) -> BTreeSet<String> {
        let keys = self.fixed.keys().chain(other.fixed.keys());
        keys.filter(|key| self.fixed.get(*key) != other.fixed.get(*key)).cloned().collect()
    }
}

/// What tells a changed file: time, length, and which file it is (a link may lead elsewhere by now).
pub type Stamp = (SystemTime, u64, u64);

/// Returns the stamp of each file that is there.
pub fn stamps(files: &[PathBuf]) -> Vec<Option<Stamp>> {
    let stamp = |file: &PathBuf| {
        let found = std::fs::metadata(file).ok()?;
        let number = std::os::unix::fs::MetadataExt::ino(&found);
        Some((found.modified().ok()?, found.len(), number))
    };
    files.iter().map(stamp).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_and_what_needs_a_restart_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("calldock.toml");
        let snapshot = |text: &str| {
            std::fs::write(&file, text).unwrap();
            Snapshot::at(Some(&file), [])
        };
        let before =
            snapshot("[listen]\naddress = \"127.0.0.1:1\"\n[cec]\nsecret_key_file = \"key\"\n");
        assert_eq!(before.files, [file.clone(), folder.path().join("key")]);
        let same = snapshot("[listen]\naddress = \"127.0.0.1:1\"\ngateways = [\"10.0.0.1\"]\n");
        assert!(before.needs_restart(&same).is_empty());
        let other = snapshot("[listen]\naddress = \"127.0.0.1:2\"\n[store]\nkind = \"memory\"\n");
        let keys = ["listen.address", "store.kind"].map(str::to_owned);
        assert_eq!(before.needs_restart(&other), keys.into());
        let paced =
            snapshot("[listen]\naddress = \"127.0.0.1:1\"\n[limits]\ngateway_per_second = 5\n");
        assert!(before.needs_restart(&paced).is_empty());
        let broken = snapshot("[listen");
        assert_eq!(broken.files.len(), 1);
        assert!(!format!("{before:?}").contains("127.0.0.1"));
    }

    #[test]
    fn a_file_that_changes_after_the_snapshot_differs_from_what_was_seen() {
        let folder = tempfile::tempdir().unwrap();
        let [file, key] = ["calldock.toml", "key"].map(|name| folder.path().join(name));
        std::fs::write(&file, "[cec]\nsecret_key_file = \"key\"\n").unwrap();
        std::fs::write(&key, "former").unwrap();
        let snapshot = Snapshot::at(Some(&file), []);
        assert_eq!((snapshot.seen.len(), &snapshot.seen), (2, &stamps(&snapshot.files)));
        std::fs::write(&key, "the latter").unwrap();
        assert_ne!(snapshot.seen, stamps(&snapshot.files));
    }
}
