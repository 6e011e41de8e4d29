//! What the double saw, for tests and the inspector; never a token.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use serde_json::{Value, json};

use crate::when::unix_ms;

/// As many entries as anybody reads; the oldest go first.
const KEPT: usize = 2000;

/// Entries `{at, kind, …}`, oldest first; `at` in milliseconds since 1970. Clones are the same log.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<VecDeque<Value>>>);

impl Log {
    /// Adds an entry of a kind (`api`, `script`, `session`, `command`, `message`; `cec`, `im`) with its details.
    pub fn add(&self, kind: &str, details: Value) {
        let mut entry = json!({ "at": unix_ms(), "kind": kind });
        if let (Some(entry), Value::Object(details)) = (entry.as_object_mut(), details) {
            entry.extend(details);
        }
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() == KEPT {
            entries.pop_front();
        }
        entries.push_back(entry);
    }

    /// All entries kept.
    pub fn entries(&self) -> Vec<Value> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// Forgets everything.
    pub fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
