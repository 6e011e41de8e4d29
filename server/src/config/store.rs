//! `[store]`.

use std::path::Path;

use super::reader::Reader;

/// Where tokens, sessions, guesses and limits are kept.
#[derive(Clone, Debug, Default)]
pub enum StoreConfig {
    /// In this process; others know nothing of it.
    #[default]
    Memory,
}

/// The section, which need not be there.
pub fn read(reader: &mut Reader, _file: Option<&Path>) -> Option<StoreConfig> {
    reader.parsed("store.kind", Some("memory"), |kind| match kind {
        "memory" => Ok(StoreConfig::Memory),
        _ => Err("expected \"memory\""),
    })
}
