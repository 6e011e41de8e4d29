//! `[key]`: the server's one secret, and the one before it.

use std::path::Path;

use super::ServerKey;
use crate::settings::Reader;

/// The keys of the section.
pub const KEYS: &[&str] =
    &["key.secret", "key.secret_file", "key.previous_secret", "key.previous_secret_file"];

/// Reads `[key]`; `None` inside if it is absent. A [`ServerKey::random`] is enough for one instance,
/// whose guests are forgotten when it ends; with a shared store the section is required.
pub fn read(reader: &mut Reader, file: Option<&Path>) -> Option<Option<ServerKey>> {
    let previous =
        reader.optional_secret_or_file("key.previous_secret", "key.previous_secret_file", file);
    let given = reader.has_key("key.secret") || reader.has_key("key.secret_file");
    if !given && previous.is_none() {
        return Some(None);
    }
    let from_file = reader.has_key("key.secret_file");
    let current = reader.secret_or_file("key.secret", "key.secret_file", file)?;
    match ServerKey::new(&current, previous.as_ref()) {
        Ok(key) => Some(Some(key)),
        Err(expected) => {
            reader.wrong(if from_file { "key.secret_file" } else { "key.secret" }, expected);
            None
        }
    }
}
