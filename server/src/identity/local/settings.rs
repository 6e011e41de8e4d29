//! `[local]`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use calldock_accounts::Settings;

use crate::settings::{Reader, values};

const DATABASE: &str = "calldock.sqlite3";

/// Reads the section. A relative path starts at the configuration file's folder.
pub fn read(reader: &mut Reader, file: Option<&Path>) -> Option<Settings> {
    let folder = file.and_then(Path::parent).unwrap_or(Path::new(""));
    let database = reader.parsed("local.database", Some(DATABASE), |text| {
        if text.is_empty() { Err("expected the path of a file") } else { Ok(PathBuf::from(text)) }
    });
    let lifetime = reader.scalar("local.session_lifetime", |text| {
        values::seconds(text, 300, 30 * 24 * 3600, "expected 300 to 2592000 seconds")
    });
    Some(Settings {
        database: folder.join(database?),
        session_lifetime: lifetime.unwrap_or(Duration::from_secs(8 * 3600)),
    })
}
