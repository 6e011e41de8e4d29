//! Accounts of this server's own, for a demo or a small shop.
//!
//! * [`accounts`]: the accounts, in SQLite.
//! * [`passwords`]: hashing them, so that neither a thief of the file nor a crowd of guessers gets far.
//! * [`sessions`]: the cookie of somebody who is signed in.
//! * [`strength`]: which passwords are good enough.
//!
//! A session holds the account's *generation*, a random number that changes with the password: it ends
//! all sessions at once and tells the store nothing about anybody.

pub mod accounts;
pub mod passwords;
pub mod sessions;
pub mod strength;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use axum::http::request::Parts;
use calldock_contract::Code;
use secrecy::SecretString;
use sha2::{Digest, Sha256};

use super::Person;
use crate::caller::Caller;
use crate::limits::{self, Limits, Role};
use crate::problem::{Refusal, Remedy};
use crate::store::{Hash, LockOut, Store, Wait};
use accounts::{Account, Accounts, DatabaseError};
use passwords::Passwords;

/// `[local]`.
#[derive(Clone, Debug)]
pub struct LocalConfig {
    /// `local.database`: the file with the accounts.
    pub database: PathBuf,
    /// `local.session_lifetime`: after so long, somebody signs in again.
    pub session_lifetime: Duration,
}

/// Why a door cannot be opened at the start.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The system has no certificate authorities to trust.
    #[error("no certificate authorities found on this machine; install ca-certificates")]
    Certificates(#[from] reqwest::Error),
    /// The accounts cannot be read.
    #[error(
        "local.database: {0}; check the path, and that its folder may be written by this server alone"
    )]
    Database(#[from] DatabaseError),
}

/// Five guesses are free; whoever really forgot a password waits a quarter of an hour at most.
const BY_USER: LockOut = LockOut {
    free: 5,
    first: Duration::from_secs(30),
    longest: Duration::from_secs(15 * 60),
    memory: Duration::from_secs(24 * 60 * 60),
};

/// An office of many people may have one address.
const BY_ADDRESS: LockOut = LockOut { free: 50, ..BY_USER };

/// The accounts, and who is signed in.
#[derive(Debug)]
pub struct Local {
    accounts: Arc<Accounts>,
    passwords: Passwords,
    store: Store,
    limits: Limits,
    lifetime: Duration,
}

impl Local {
    /// Opens the file; one that is not there is made, empty.
    ///
    /// # Errors
    /// The file is none, or cannot be written.
    pub fn open(config: LocalConfig, store: Store, limits: Limits) -> Result<Self, DatabaseError> {
        let accounts = Arc::new(Accounts::open(&config.database)?);
        let lifetime = config.session_lifetime;
        Ok(Self { accounts, passwords: Passwords::new(), store, limits, lifetime })
    }

    /// The person a request's session belongs to.
    ///
    /// # Errors
    /// A [`Refusal`]: 401 for nobody, 503 where the store cannot be asked.
    pub async fn person(&self, request: &Parts) -> Result<Person, Refusal> {
        self.account(request).await.map(|account| account.person)
    }

    /// The account a request's session belongs to.
    async fn account(&self, request: &Parts) -> Result<Account, Refusal> {
        let id = sessions::id(request).ok_or_else(nobody)?;
        let generation = self.store.session(&id).await?.ok_or_else(nobody)?;
        let account = self.read(move |accounts| accounts.by_generation(&generation)).await?;
        account.ok_or_else(nobody)
    }

    /// Signs somebody in and answers the new session's secret. Whoever is unknown costs the same work
    /// and hears the same words as whoever mistypes.
    ///
    /// # Errors
    /// A [`Refusal`]: 401 for a wrong user or password, 429 for too many guesses, 503 where too many
    /// sign in at once or the store cannot be asked.
    pub async fn sign_in(
        &self,
        user: &str,
        password: SecretString,
        request: &Parts,
    ) -> Result<String, Refusal> {
        let account = self.prove(user, password, request).await?;
        self.begin_session(&account.generation).await
    }

    /// Changes the password of whoever is signed in, which ends every session of theirs, and answers
    /// the secret of a new one.
    ///
    /// # Errors
    /// A [`Refusal`]: as [`Local::sign_in`], and 422 for a new password that is too weak.
    pub async fn change_password(
        &self,
        request: &Parts,
        old: SecretString,
        new: SecretString,
    ) -> Result<String, Refusal> {
        let Person { id: user, name } = self.person(request).await?;
        self.prove(&user, old, request).await?;
        let new = strength::judge(&self.passwords, new, user.clone(), name).await?;
        let hash = self.passwords.hash(new).await?;
        let generation = self
            .read(move |accounts| accounts.set_password(&user, &hash))
            .await?
            .ok_or_else(nobody)?;
        self.end_session(request).await?;
        self.begin_session(&generation).await
    }

    /// Ends the session of a request, if it has one.
    ///
    /// # Errors
    /// A [`Refusal`] where the store cannot be asked.
    pub async fn end_session(&self, request: &Parts) -> Result<(), Refusal> {
        if let Some(id) = sessions::id(request) {
            self.store.end_session(&id).await?;
        }
        Ok(())
    }

    /// How long a session lasts.
    pub fn lifetime(&self) -> Duration {
        self.lifetime
    }

    /// How many passwords were hashed since the start.
    pub fn passwords_hashed(&self) -> u64 {
        self.passwords.hashed()
    }

    async fn begin_session(&self, generation: &str) -> Result<String, Refusal> {
        let secret = super::secret::new()?;
        self.store.keep_session(&sessions::hash(&secret), generation, self.lifetime).await?;
        Ok(secret)
    }

    /// The account whose password this is. Guesses are counted before anything is looked at, the
    /// address's first: whoever is locked out there locks out nobody else.
    async fn prove(
        &self,
        user: &str,
        password: SecretString,
        request: &Parts,
    ) -> Result<Account, Refusal> {
        let by_address = limits::of_address(Caller::of(&request.extensions)?.address);
        let by_user = of_user(user);
        for (who, rule) in [(&by_address, BY_ADDRESS), (&by_user, BY_USER)] {
            self.store.begin_guess(who, &rule).await?.map_err(locked_out)?;
        }
        let user = user.to_owned();
        let account = self.read(move |accounts| accounts.by_user(&user)).await?;
        let hash = account.as_ref().map(|account| account.password.clone());
        let fits = self.passwords.verify(password, hash).await?;
        let account = account.filter(|_| fits).ok_or_else(|| {
            tracing::info!("a sign-in failed");
            wrong()
        })?;
        // The address's too, or an office behind one would lock itself out by signing in. Whoever has an
        // account can so go on guessing at others from there; each of those has its own five guesses.
        self.store.forget_guesses(&by_user).await?;
        self.store.forget_guesses(&by_address).await?;
        // Or one account could fill the store with sessions, until nobody can sign in any more.
        self.limits.count_identity(Role::Account, &account.person.id).await?;
        Ok(account)
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Accounts) -> Result<T, DatabaseError> + Send + 'static,
    ) -> Result<T, Refusal> {
        let accounts = Arc::clone(&self.accounts);
        let done = tokio::task::spawn_blocking(move || work(&accounts)).await;
        match done {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => {
                tracing::error!(%error, "the accounts cannot be read");
                Err(Refusal::bare(StatusCode::INTERNAL_SERVER_ERROR))
            }
            Err(_) => Err(Refusal::bare(StatusCode::INTERNAL_SERVER_ERROR)),
        }
    }
}

/// The store knows no name. Case makes no other user, as in the file.
fn of_user(user: &str) -> Hash {
    let hash = Sha256::new().chain_update("guess\n");
    hash.chain_update(user.to_ascii_lowercase()).finalize().into()
}

fn nobody() -> Refusal {
    let detail = "Nobody is signed in.";
    Refusal::new(StatusCode::UNAUTHORIZED, Code::LoginFailed, detail).with_remedy(Remedy {
        en: "Sign in by POST /calldock/v1/session first, from a page of the same origin.",
        zh: "请先在同源页面通过 POST /calldock/v1/session 登录。",
    })
}

fn wrong() -> Refusal {
    let detail = "The user or the password is wrong.";
    Refusal::new(StatusCode::UNAUTHORIZED, Code::LoginFailed, detail).with_remedy(Remedy {
        en: "Check both and try again; the operator can set a new password by `calldock-server account password`.",
        zh: "请核对后重试；运维人员可用 `calldock-server account password` 设置新密码。",
    })
}

/// The same for a right password as for a wrong one.
fn locked_out(wait: Wait) -> Refusal {
    tracing::warn!(seconds = wait.seconds(), "a sign-in is locked out");
    let detail = "Too many sign-ins failed for this user or from this address.";
    Refusal::new(StatusCode::TOO_MANY_REQUESTS, Code::LoginFailed, detail)
        .with_remedy(Remedy {
            en: "Wait as long as Retry-After says, then try again.",
            zh: "请等待 Retry-After 所示的时间后重试。",
        })
        .with_retry_after(Some(wait.seconds()))
}
