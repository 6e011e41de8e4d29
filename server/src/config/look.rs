//! The files that a configuration consists of, and which of its keys need a restart.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use secrecy::zeroize::Zeroizing;
use sha2::{Digest, Sha256};
use toml::Value;

use crate::settings::source;

/// Sections that are used once, at the start.
const FIXED: [&str; 6] = ["listen.", "operator.", "log.", "store.", "key.", "audit."];
const FIXED_KEYS: [&str; 1] = ["callback.address"];
/// The keys of those sections that a reload changes all the same.
const NOT_FIXED: [&str; 3] =
    ["listen.gateways", "listen.connections", "listen.connections_per_address"];

/// The sources at one moment.
#[derive(Clone, Debug, Default)]
pub struct Look {
    /// The configuration's own file and all that its `…_file` keys name.
    pub files: Vec<PathBuf>,
    /// The keys that need a restart, each with a hash of its value.
    fixed: BTreeMap<String, [u8; 32]>,
}

impl Look {
    /// Looks at the file and the environment; what cannot be read is left out.
    pub fn at(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Self {
        let mut look =
            Self { files: file.map(Path::to_owned).into_iter().collect(), ..Self::default() };
        let Ok(values) = source::read(file, environment, &super::KEYS) else { return look };
        let folder = file.and_then(Path::parent).unwrap_or(Path::new(""));
        for (key, value) in values {
            let named = match &value {
                Value::String(path) if key.ends_with("_file") => Some(folder.join(path.trim())),
                _ => None,
            };
            let fixed = FIXED.iter().any(|section| key.starts_with(section))
                && !NOT_FIXED.contains(&key.as_str());
            if fixed || FIXED_KEYS.contains(&key.as_str()) {
                let text = match &named {
                    Some(path) => std::fs::read_to_string(path).unwrap_or_default(),
                    None => format!("{value:?}"),
                };
                look.fixed.insert(key, Sha256::digest(Zeroizing::new(text).as_bytes()).into());
            }
            look.files.extend(named);
        }
        look
    }

    /// Returns the keys that differ and need a restart.
    pub fn needs_restart(&self, other: &Self) -> Vec<String> {
        let keys = self.fixed.keys().chain(other.fixed.keys());
        let mut keys: Vec<_> =
            keys.filter(|key| self.fixed.get(*key) != other.fixed.get(*key)).cloned().collect();
        keys.sort();
        keys.dedup();
        keys
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_and_what_needs_a_restart_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("calldock.toml");
        let look = |text: &str| {
            std::fs::write(&file, text).unwrap();
            Look::at(Some(&file), [])
        };
        let before =
            look("[listen]\naddress = \"127.0.0.1:1\"\n[cec]\nsecret_key_file = \"key\"\n");
        assert_eq!(before.files, [file.clone(), folder.path().join("key")]);
        let same = look("[listen]\naddress = \"127.0.0.1:1\"\ngateways = [\"10.0.0.1\"]\n");
        assert!(before.needs_restart(&same).is_empty());
        let other = look("[listen]\naddress = \"127.0.0.1:2\"\n[store]\nkind = \"memory\"\n");
        assert_eq!(before.needs_restart(&other), ["listen.address", "store.kind"]);
        let broken = look("[listen");
        assert_eq!(broken.files.len(), 1);
        assert!(!format!("{before:?}").contains("127.0.0.1"));
    }
}
