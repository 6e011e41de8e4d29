//! Signs users in, keeps their sessions and changes their passwords.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use sha2::{Digest, Sha256};

use crate::database::{Account, Database, DatabaseError, Stored, random};
use crate::failure::Failure;
use crate::passwords::Passwords;
use crate::store::{Hash, LockOut, Store};
use crate::strength;

/// `[local]` of the server's configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// `local.database`: the SQLite file; created if it does not exist.
    pub database: PathBuf,
    /// `local.session_lifetime`: the time after which a user has to sign in again.
    pub session_lifetime: Duration,
}

/// Five guesses are free; a user who forgot the password waits a quarter of an hour at most.
const BY_USER: LockOut = LockOut {
    free: 5,
    first: Duration::from_secs(30),
    longest: Duration::from_secs(15 * 60),
    memory: Duration::from_secs(24 * 60 * 60),
};

/// Many people in an office may share an address. A wider network has more addresses, and more people.
const BY_NETWORK: [LockOut; 3] = [
    LockOut { free: 50, ..BY_USER },
    LockOut { free: 200, ..BY_USER },
    LockOut { free: 800, ..BY_USER },
];

/// Successful sign-ins of one account, so that it cannot fill the store with sessions.
const BY_ACCOUNT: LockOut = LockOut { free: 30, memory: Duration::from_secs(60 * 60), ..BY_USER };

/// The accounts of one server.
#[derive(Debug)]
pub struct Accounts<S> {
    database: Arc<Database>,
    passwords: Passwords,
    store: S,
    lifetime: Duration,
}

impl<S: Store> Accounts<S> {
    /// Opens the database, or creates it.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub fn open(settings: &Settings, store: S) -> Result<Self, DatabaseError> {
        let database = Arc::new(Database::open(&settings.database)?);
        let lifetime = settings.session_lifetime;
        Ok(Self { database, passwords: Passwords::default(), store, lifetime })
    }

    /// Returns how long a session lasts.
    pub fn lifetime(&self) -> Duration {
        self.lifetime
    }

    /// Returns how many passwords were hashed since the start.
    pub fn passwords_hashed(&self) -> u64 {
        self.passwords.hashed()
    }

    /// Returns the account of a session.
    ///
    /// # Errors
    /// [`Failure::SignedOut`], [`Failure::Store`], [`Failure::Database`].
    pub async fn account(&self, session: &str) -> Result<Account, Failure> {
        let generation = self.store.session(&session_id(session)).await?;
        let generation = generation.ok_or(Failure::SignedOut)?;
        let stored = self.read(move |database| database.by_generation(&generation)).await?;
        stored.map(|stored| stored.account).ok_or(Failure::SignedOut)
    }

    /// Signs a user in and returns the secret of a new session. An unknown user costs the same work and
    /// gets the same error as a wrong password. `networks` are the client's, the narrowest first, three at most.
    ///
    /// # Errors
    /// [`Failure::WrongPassword`], [`Failure::TooManySignIns`], [`Failure::Busy`], [`Failure::Store`],
    /// [`Failure::Database`], [`Failure::System`].
    pub async fn sign_in(
        &self,
        user: &str,
        password: SecretString,
        networks: &[String],
    ) -> Result<String, Failure> {
        let stored = self.verify(user, password, networks).await?;
        self.begin_session(&stored.generation).await
    }

    /// Changes the password of the signed-in user, which ends all of the user's sessions, and returns the
    /// secret of a new one.
    ///
    /// # Errors
    /// As [`Accounts::sign_in`]; also [`Failure::SignedOut`] and [`Failure::WeakPassword`].
    pub async fn change_password(
        &self,
        session: &str,
        old: SecretString,
        new: SecretString,
        networks: &[String],
    ) -> Result<String, Failure> {
        let Account { user, name } = self.account(session).await?;
        self.verify(&user, old, networks).await?;
        let owner = user.clone();
        // Judging costs as much as hashing, so it waits for a permit too.
        let judge = move || strength::is_strong(&new, &owner, name.as_deref()).then_some(new);
        let new = self.passwords.run(judge).await?.ok_or(Failure::WeakPassword)?;
        let hash = self.passwords.hash(new).await?;
        let generation = self.read(move |database| database.set_password(&user, &hash)).await?;
        self.end_session(session).await?;
        self.begin_session(&generation.ok_or(Failure::SignedOut)?).await
    }

    /// Ends a session, if it exists.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn end_session(&self, session: &str) -> Result<(), Failure> {
        Ok(self.store.end_session(&session_id(session)).await?)
    }

    async fn begin_session(&self, generation: &str) -> Result<String, Failure> {
        let secret = random::<32>().ok_or(Failure::System("the system has no random bytes"))?;
        self.store.keep_session(&session_id(&secret), generation, self.lifetime).await?;
        Ok(secret)
    }

    /// Verifies a password. Guesses are counted before anything is checked, the networks' first: a locked
    /// out network cannot lock out users, nor the wider one.
    async fn verify(
        &self,
        user: &str,
        password: SecretString,
        networks: &[String],
    ) -> Result<Stored, Failure> {
        let by_network: Vec<_> = networks.iter().map(|network| key("network", network)).collect();
        // Case makes no other user, as in the database.
        let by_user = key("guess", &user.to_ascii_lowercase());
        for (network, rule) in by_network.iter().zip(&BY_NETWORK) {
            self.count(network, rule).await?;
        }
        self.count(&by_user, &BY_USER).await?;
        let owned = user.to_owned();
        let stored = self.read(move |database| database.by_user(&owned)).await?;
        let hash = stored.as_ref().map(|stored| stored.password.clone());
        let fits = self.passwords.verify(password, hash).await?;
        let stored = stored.filter(|_| fits).ok_or(Failure::WrongPassword)?;
        // The networks' counts too, or an office behind one address would lock itself out by signing in.
        // The owner of an account can so guess at others from there; each has its own five guesses.
        self.store.forget_guesses(&by_user).await?;
        for network in &by_network {
            self.store.forget_guesses(network).await?;
        }
        self.count(&key("account", &stored.generation), &BY_ACCOUNT).await?;
        Ok(stored)
    }

    async fn count(&self, who: &Hash, rule: &LockOut) -> Result<(), Failure> {
        self.store.begin_guess(who, rule).await?.map_err(Failure::TooManySignIns)
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Database) -> Result<T, DatabaseError> + Send + 'static,
    ) -> Result<T, Failure> {
        let database = Arc::clone(&self.database);
        let done = tokio::task::spawn_blocking(move || work(&database)).await;
        Ok(done.map_err(|_| Failure::System("a worker thread failed"))??)
    }
}

/// The store never sees the secret of a session.
fn session_id(secret: &str) -> Hash {
    key("session", secret)
}

fn key(label: &str, text: &str) -> Hash {
    Sha256::new().chain_update(label).chain_update("\n").chain_update(text).finalize().into()
}

#[cfg(test)]
mod tests;
