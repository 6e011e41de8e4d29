//! The accounts in SQLite: one file that only the server's user can read.

use std::fmt;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, Row, params};

/// An account as others see it.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// The name to sign in with; for an agent, the mail address the agent was added with.
    pub user: String,
    /// The display name.
    pub name: Option<String>,
}

impl Account {
    /// Creates an account; both texts have 1 to 256 bytes and no control, direction or invisible characters.
    /// Only a name may have the joiners that some scripts are written with.
    ///
    /// # Errors
    /// What was expected.
    pub fn new(user: &str, name: Option<&str>) -> Result<Self, &'static str> {
        let fits = |text: &str| (1..=256).contains(&text.len()) && !text.contains(is_unseen);
        let joins = |c: char| matches!(c, '\u{200c}' | '\u{200d}');
        if !fits(user) || user.contains(char::is_whitespace) || user.contains(joins) {
            return Err("the user: expected 1 to 256 bytes without spaces or invisible characters");
        }
        let name = name.map(str::trim);
        if !name.is_none_or(fits) {
            return Err("--name: expected 1 to 256 bytes without control or invisible characters");
        }
        Ok(Self { user: user.to_owned(), name: name.map(str::to_owned) })
    }
}

/// Returns whether a character is not shown, or changes the order of those around it. The server takes no text
/// with one of the latter (`Visitor::part`), and nobody can type one of the others into a sign-in form.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}')
        || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}')
}

impl fmt::Debug for Account {
    /// Shows no personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account").finish_non_exhaustive()
    }
}

/// A row of the database.
#[derive(Debug)]
pub struct Stored {
    /// The account.
    pub account: Account,
    /// The password's hash, as a PHC string.
    pub password: String,
    /// The value that the account's sessions are kept with; a new one with each password.
    pub generation: String,
}

/// The database failed. No message contains what is stored in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DatabaseError {
    /// The path or its permissions are wrong.
    #[error("the file cannot be opened ({0})")]
    File(std::io::ErrorKind),
    /// SQLite's error code.
    #[error("SQLite says {0:?}")]
    Sqlite(ErrorCode),
    /// An account of this name exists.
    #[error("an account of this name exists")]
    Exists,
    /// The system has no random bytes.
    #[error("the system has no random bytes")]
    NoRandomness,
}

/// The accounts.
#[derive(Debug)]
pub struct Database(Mutex<Connection>);

/// Names are compared without regard to ASCII case, so that `Agent@…` cannot exist beside `agent@…`.
const SCHEMA: &str = "CREATE TABLE IF NOT EXISTS accounts (
    user TEXT NOT NULL PRIMARY KEY COLLATE NOCASE,
    name TEXT,
    password TEXT NOT NULL,
    generation TEXT NOT NULL UNIQUE
) STRICT";

impl Database {
    /// Opens the file, or creates it; no other user of the machine can read it.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub fn open(path: &Path) -> Result<Self, DatabaseError> {
        restrict(path).map_err(|error| DatabaseError::File(error.kind()))?;
        let database = Self::open_existing(path)?;
        database.connection().pragma_update(None, "journal_mode", "WAL")?;
        database.connection().execute(SCHEMA, [])?;
        Ok(database)
    }

    /// Opens the file as it is, and creates none.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub fn open_existing(path: &Path) -> Result<Self, DatabaseError> {
        path.metadata().map_err(|error| DatabaseError::File(error.kind()))?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        // `calldock-admin account` may write while the server reads.
        connection.busy_timeout(Duration::from_secs(3))?;
        Ok(Self(Mutex::new(connection)))
    }

    /// Adds an account with the hash of its password.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub fn add(&self, account: &Account, password: &str) -> Result<(), DatabaseError> {
        let added = self.connection().execute(
            "INSERT INTO accounts (user, name, password, generation) VALUES (?1, ?2, ?3, ?4)",
            params![account.user, account.name, password, generation()?],
        );
        match added.map_err(DatabaseError::from) {
            Err(DatabaseError::Sqlite(ErrorCode::ConstraintViolation)) => {
                Err(DatabaseError::Exists)
            }
            other => other.map(|_| ()),
        }
    }

    /// Lists all accounts by name.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub fn list(&self) -> Result<Vec<Account>, DatabaseError> {
        let connection = self.connection();
        let mut query = connection.prepare(&select("ORDER BY user"))?;
        let rows = query.query_map([], stored)?;
        Ok(rows.map(|row| row.map(|row| row.account)).collect::<Result<_, _>>()?)
    }

    /// Removes an account, which ends its sessions; false if it does not exist.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub fn remove(&self, user: &str) -> Result<bool, DatabaseError> {
        Ok(self.connection().execute("DELETE FROM accounts WHERE user = ?1", [user])? > 0)
    }

    /// Sets the hash of a new password, which ends the account's sessions, and returns the new
    /// generation; `None` if the account does not exist.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub fn set_password(
        &self,
        user: &str,
        password: &str,
    ) -> Result<Option<String>, DatabaseError> {
        let generation = generation()?;
        let set = self.connection().execute(
            "UPDATE accounts SET password = ?2, generation = ?3 WHERE user = ?1",
            params![user, password, generation],
        )?;
        Ok((set > 0).then_some(generation))
    }

    /// Finds an account by its name.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub fn by_user(&self, user: &str) -> Result<Option<Stored>, DatabaseError> {
        self.find("WHERE user = ?1", user)
    }

    /// Finds the account of a session.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub fn by_generation(&self, generation: &str) -> Result<Option<Stored>, DatabaseError> {
        self.find("WHERE generation = ?1", generation)
    }

    fn find(&self, condition: &str, key: &str) -> Result<Option<Stored>, DatabaseError> {
        let connection = self.connection();
        let mut query = connection.prepare_cached(&select(condition))?;
        Ok(query.query_row([key], stored).optional()?)
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn select(rest: &str) -> String {
    format!("SELECT user, name, password, generation FROM accounts {rest}")
}

fn stored(row: &Row<'_>) -> rusqlite::Result<Stored> {
    let account = Account { user: row.get(0)?, name: row.get(1)? };
    Ok(Stored { account, password: row.get(2)?, generation: row.get(3)? })
}

fn generation() -> Result<String, DatabaseError> {
    random::<16>().ok_or(DatabaseError::NoRandomness)
}

/// Makes a random text of `BYTES` bytes in base64url; `None` if the system has no random bytes.
pub(crate) fn random<const BYTES: usize>() -> Option<String> {
    let mut bits = [0; BYTES];
    getrandom::fill(&mut bits).ok()?;
    Some(BASE64_URL_SAFE_NO_PAD.encode(bits))
}

/// Creates the file with rights for its owner only. SQLite gives its other files the same.
fn restrict(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    let file = options.read(true).append(true).create(true).mode(0o600).open(path)?;
    if file.metadata()?.permissions().mode() & 0o077 != 0 {
        file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}

impl From<rusqlite::Error> for DatabaseError {
    /// Keeps only the code: SQLite's text may quote stored values.
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error.sqlite_error_code().unwrap_or(ErrorCode::Unknown))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(user: &str) -> Account {
        Account::new(user, Some("张三")).unwrap()
    }

    #[test]
    fn names_are_limited_and_not_shown() {
        for (user, name) in
            [("", None), ("a b", None), ("a\n", None), ("a", Some("")), ("a", Some("x\ny"))]
        {
            assert!(Account::new(user, name).is_err(), "{user:?} {name:?}");
        }
        assert!(Account::new(&"a".repeat(257), None).is_err());
        for unseen in
            ["\u{202a}", "\u{202e}", "\u{2066}", "\u{200b}", "\u{2060}", "\u{feff}", "\u{ad}"]
        {
            assert!(Account::new(&format!("agent{unseen}@example.com"), None).is_err());
            assert!(Account::new("agent@example.com", Some(&format!("张{unseen}三"))).is_err());
        }
        // Persian is written with this one; nobody types it into a mail address.
        assert!(Account::new("agent@example.com", Some("علی\u{200c}رضا")).is_ok());
        assert!(Account::new("agent\u{200c}@example.com", None).is_err());
        assert!(!format!("{:?}", account("agent@example.com")).contains("agent"));
    }

    #[test]
    fn accounts_are_added_listed_changed_and_removed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.sqlite3");
        let accounts = Database::open(&path).unwrap();
        let agent = account("agent@example.com");
        accounts.add(&agent, "hash").unwrap();
        let same = account("AGENT@example.com");
        assert_eq!(accounts.add(&same, "other"), Err(DatabaseError::Exists));
        assert_eq!(accounts.list().unwrap(), [agent]);
        let stored = accounts.by_user("Agent@Example.com").unwrap().unwrap();
        assert_eq!((&*stored.account.user, &*stored.password), ("agent@example.com", "hash"));
        assert!(accounts.by_generation(&stored.generation).unwrap().is_some());
        let next = accounts.set_password("agent@example.com", "new").unwrap().unwrap();
        assert!(accounts.by_generation(&stored.generation).unwrap().is_none());
        let other = Database::open(&path).unwrap();
        assert_eq!(other.by_generation(&next).unwrap().unwrap().password, "new");
        assert!(other.remove("agent@example.com").unwrap());
        assert!(!accounts.remove("agent@example.com").unwrap());
        assert_eq!(accounts.set_password("agent@example.com", "new"), Ok(None));
        assert!(accounts.by_user("' OR 1=1 --").unwrap().is_none());
    }

    #[test]
    fn an_existing_file_is_opened_as_it_is_and_none_is_created() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.sqlite3");
        let missing = Database::open_existing(&path).unwrap_err();
        assert_eq!(missing, DatabaseError::File(std::io::ErrorKind::NotFound));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        // Another program's.
        let other = Connection::open(&path).unwrap();
        other.execute("CREATE TABLE others (name TEXT)", []).unwrap();
        let before = std::fs::read(&path).unwrap();
        assert!(Database::open_existing(&path).unwrap().list().is_err());
        assert_eq!(std::fs::read(&path).unwrap(), before);
        Database::open(&path).unwrap().add(&account("agent@example.com"), "hash").unwrap();
        assert_eq!(Database::open_existing(&path).unwrap().list().unwrap().len(), 1);
    }

    #[test]
    fn no_other_user_of_the_machine_can_read_the_files() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.sqlite3");
        std::fs::write(&path, "").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        let accounts = Database::open(&path).unwrap();
        accounts.add(&account("agent@example.com"), "hash").unwrap();
        let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(Result::unwrap).collect();
        assert_eq!(files.len(), 3, "the file, its write-ahead log and the log's index");
        for file in files {
            let mode = file.metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{file:?}");
        }
    }

    #[test]
    fn an_error_does_not_quote_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.sqlite3");
        std::fs::write(&path, "agent@example.com is no database, whatever its name").unwrap();
        let error = Database::open(&path).unwrap_err();
        assert_eq!(error.to_string(), "SQLite says NotADatabase");
        let error = Database::open(&folder.path().join("none/a.sqlite3")).unwrap_err();
        assert_eq!(error, DatabaseError::File(std::io::ErrorKind::NotFound));
    }
}
