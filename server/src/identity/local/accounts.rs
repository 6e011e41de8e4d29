//! The accounts, in SQLite: one file that only this server's user can read.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OptionalExtension, Row, params};

use super::super::Person;
use crate::digest::hex;

/// The accounts.
#[derive(Debug)]
pub struct Accounts(Mutex<Connection>);

/// One of them.
#[derive(Debug)]
pub struct Account {
    /// Who it is.
    pub person: Person,
    /// The password's hash, as a PHC string.
    pub password: String,
    /// What the account's sessions hold; another one with each password.
    pub generation: String,
}

/// What is wrong with the file, without anything that is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DatabaseError {
    /// The path or its rights.
    #[error("the file cannot be opened ({0})")]
    File(std::io::ErrorKind),
    /// SQLite's own words for it.
    #[error("SQLite says {0:?}")]
    Sqlite(ErrorCode),
    /// There is an account of this name.
    #[error("there is an account of this name")]
    Taken,
    /// No random bytes.
    #[error("the system gave no random bytes")]
    NoRandomness,
}

/// Names are compared without regard to ASCII case: nobody signs in as `Agent@…` beside `agent@…`.
const SCHEMA: &str = "CREATE TABLE IF NOT EXISTS accounts (
    user TEXT NOT NULL PRIMARY KEY COLLATE NOCASE,
    name TEXT,
    password TEXT NOT NULL,
    generation TEXT NOT NULL UNIQUE
) STRICT";

impl Accounts {
    /// Opens the file, or makes it; nobody else on this machine may read it.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub fn open(path: &Path) -> Result<Self, DatabaseError> {
        close_to_others(path).map_err(|error| DatabaseError::File(error.kind()))?;
        let connection = Connection::open(path)?;
        // The command line may write while the server reads.
        connection.busy_timeout(Duration::from_secs(3))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.execute(SCHEMA, [])?;
        Ok(Self(Mutex::new(connection)))
    }

    /// Adds an account.
    ///
    /// # Errors
    /// [`DatabaseError::Taken`], or what the file says.
    pub fn add(&self, person: &Person, password: &str) -> Result<(), DatabaseError> {
        let added = self.connection().execute(
            "INSERT INTO accounts (user, name, password, generation) VALUES (?1, ?2, ?3, ?4)",
            params![person.id, person.name, password, generation()?],
        );
        match added.map_err(DatabaseError::from) {
            Err(DatabaseError::Sqlite(ErrorCode::ConstraintViolation)) => Err(DatabaseError::Taken),
            other => other.map(|_| ()),
        }
    }

    /// All people with an account, by name.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub fn list(&self) -> Result<Vec<Person>, DatabaseError> {
        let connection = self.connection();
        let mut all = connection
            .prepare("SELECT user, name, password, generation FROM accounts ORDER BY user")?;
        let all = all.query_map([], account)?;
        Ok(all.map(|account| account.map(|account| account.person)).collect::<Result<_, _>>()?)
    }

    /// Removes an account, and with it its sessions; false if there is none.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub fn remove(&self, user: &str) -> Result<bool, DatabaseError> {
        Ok(self.connection().execute("DELETE FROM accounts WHERE user = ?1", [user])? > 0)
    }

    /// Sets a password, which ends the account's sessions, and answers the new generation; nothing if
    /// there is no such account.
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

    /// The account of this name.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub fn by_user(&self, user: &str) -> Result<Option<Account>, DatabaseError> {
        self.one("SELECT user, name, password, generation FROM accounts WHERE user = ?1", user)
    }

    /// The account a session is for.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub fn by_generation(&self, generation: &str) -> Result<Option<Account>, DatabaseError> {
        let query = "SELECT user, name, password, generation FROM accounts WHERE generation = ?1";
        self.one(query, generation)
    }

    fn one(&self, query: &'static str, key: &str) -> Result<Option<Account>, DatabaseError> {
        let connection = self.connection();
        let mut query = connection.prepare_cached(query)?;
        Ok(query.query_row([key], account).optional()?)
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn account(row: &Row<'_>) -> rusqlite::Result<Account> {
    let person = Person { id: row.get(0)?, name: row.get(1)? };
    Ok(Account { person, password: row.get(2)?, generation: row.get(3)? })
}

fn generation() -> Result<String, DatabaseError> {
    let mut bits = [0; 16];
    getrandom::fill(&mut bits).map_err(|_| DatabaseError::NoRandomness)?;
    Ok(hex(&bits))
}

/// SQLite gives the files beside it the same rights.
#[cfg(unix)]
fn close_to_others(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
    let options = &mut std::fs::OpenOptions::new();
    let file = options.read(true).append(true).create(true).mode(0o600).open(path)?;
    if file.metadata()?.permissions().mode() & 0o077 != 0 {
        file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn close_to_others(_path: &Path) -> std::io::Result<()> {
    Ok(())
}

impl From<rusqlite::Error> for DatabaseError {
    /// Its text may quote what was stored: only its kind is told.
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error.sqlite_error_code().unwrap_or(ErrorCode::Unknown))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(id: &str) -> Person {
        Person::new(id, Some("张三")).unwrap()
    }

    #[test]
    fn accounts_are_added_once_listed_changed_and_removed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.sqlite3");
        let accounts = Accounts::open(&path).unwrap();
        accounts.add(&person("agent@example.com"), "hash").unwrap();
        assert_eq!(accounts.add(&person("AGENT@example.com"), "other"), Err(DatabaseError::Taken));
        assert_eq!(accounts.list().unwrap(), [person("agent@example.com")]);
        let account = accounts.by_user("Agent@Example.com").unwrap().unwrap();
        assert_eq!(
            (account.person.id.as_str(), account.password.as_str()),
            ("agent@example.com", "hash")
        );
        assert!(accounts.by_generation(&account.generation).unwrap().is_some());
        let next = accounts.set_password("agent@example.com", "new").unwrap().unwrap();
        assert!(accounts.by_generation(&account.generation).unwrap().is_none());
        let other = Accounts::open(&path).unwrap();
        assert_eq!(other.by_generation(&next).unwrap().unwrap().password, "new");
        assert!(other.remove("agent@example.com").unwrap());
        assert!(!accounts.remove("agent@example.com").unwrap());
        assert_eq!(accounts.set_password("agent@example.com", "new"), Ok(None));
        assert!(accounts.by_user("' OR 1=1 --").unwrap().is_none());
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_on_the_machine_can_read_the_files() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.sqlite3");
        std::fs::write(&path, "").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        let accounts = Accounts::open(&path).unwrap();
        accounts.add(&person("agent@example.com"), "hash").unwrap();
        let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(Result::unwrap).collect();
        assert_eq!(files.len(), 3, "the file, its log and the log's index");
        for file in files {
            let mode = file.metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{file:?}");
        }
    }

    #[test]
    fn a_file_that_is_none_is_told_without_its_content() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.sqlite3");
        std::fs::write(&path, "agent@example.com is no database, whatever its name").unwrap();
        let error = Accounts::open(&path).unwrap_err();
        assert_eq!(error.to_string(), "SQLite says NotADatabase");
        let error = Accounts::open(&folder.path().join("none/a.sqlite3")).unwrap_err();
        assert_eq!(error, DatabaseError::File(std::io::ErrorKind::NotFound));
    }
}
