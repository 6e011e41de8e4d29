//! `[key]`: the server's one secret, and another whose signatures are accepted.

use super::ServerKey;
use crate::settings::{Reader, values};

/// Reads `[key]`; `None` inside if it is absent. A [`ServerKey::random`] is enough for one instance,
/// whose guests are forgotten when it ends; with a shared store the section is required.
pub fn read(reader: &mut Reader) -> Option<Option<ServerKey>> {
    let keys = ["secret", "secret_file", "previous_secret", "previous_secret_file"];
    let is_absent = !keys.iter().any(|key| reader.has_key(&format!("key.{key}")));
    let previous = reader.optional_secret("key.previous_secret", values::server_secret);
    if is_absent {
        return Some(None);
    }
    let current = reader.secret("key.secret", values::server_secret)?;
    Some(Some(ServerKey::new(&current, previous.as_ref())))
}
