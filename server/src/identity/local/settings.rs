//! `[local]`.

use std::time::Duration;

use calldock_accounts::Settings;

use crate::settings::Reader;

/// Reads the section.
pub fn read(reader: &mut Reader) -> Option<Settings> {
    let database = match reader.has_key("local.database") {
        true => reader.path("local.database"),
        false => Some(reader.folder().join("calldock.sqlite3")),
    };
    let lifetime = reader.seconds("local.session_lifetime", 300..=30 * 24 * 3600);
    Some(Settings {
        database: database?,
        session_lifetime: lifetime.unwrap_or(Duration::from_secs(8 * 3600)),
    })
}
