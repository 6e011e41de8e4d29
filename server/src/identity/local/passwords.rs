//! Hashing passwords with argon2id.
//!
//! Each takes 19 MiB for a moment (OWASP's first choice), so only a few are hashed at once, and whoever
//! waits too long for a turn is sent away: guesses can fill neither the memory nor the queue.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use axum::http::StatusCode;
use calldock_contract::Code;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::problem::{Refusal, Remedy};

/// 19 MiB, two passes, one lane.
fn argon2() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).expect("OWASP's parameters are argon2's own");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Nobody's: what somebody unknown is compared with, at the same cost.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// So much memory is in use at once at most, in passwords.
const MOST_AT_ONCE: usize = 4;

/// How long somebody waits for a turn.
const PATIENCE: Duration = Duration::from_secs(5);

/// Takes turns.
#[derive(Debug)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    hashed: Arc<AtomicU64>,
}

impl Passwords {
    /// As many turns as this machine has processors, at most four.
    pub fn new() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let turns = Arc::new(Semaphore::new(processors.min(MOST_AT_ONCE)));
        Self { turns, hashed: Arc::default() }
    }

    /// Whether the password fits. Without a hash it fits nobody, and costs the same.
    ///
    /// # Errors
    /// A [`Refusal`] where too many wait.
    pub async fn verify(
        &self,
        password: SecretString,
        hash: Option<String>,
    ) -> Result<bool, Refusal> {
        self.take_turn(move || {
            let known = hash.is_some();
            let hash = hash.as_deref().unwrap_or(NOBODYS);
            let fits = argon2().verify_password(password.expose_secret().as_bytes(), hash).is_ok();
            known && fits
        })
        .await
    }

    /// A new password's hash.
    ///
    /// # Errors
    /// A [`Refusal`] where too many wait, or the system gives no random bytes.
    pub async fn hash(&self, password: SecretString) -> Result<String, Refusal> {
        let hash = self.take_turn(move || hash(&password)).await?;
        hash.ok_or_else(|| Refusal::bare(StatusCode::INTERNAL_SERVER_ERROR))
    }

    /// How many were hashed or judged since the start, right ones and wrong ones.
    pub fn hashed(&self) -> u64 {
        self.hashed.load(Ordering::Relaxed)
    }

    /// Does work that costs as much as a hash, when its turn has come.
    ///
    /// # Errors
    /// A [`Refusal`] where too many wait.
    pub async fn take_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Refusal> {
        let turn = timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned()).await;
        let Ok(Ok(turn)) = turn else { return Err(crowded()) };
        self.hashed.fetch_add(1, Ordering::Relaxed);
        // The turn ends with the work, not with whoever waits for it.
        let work = tokio::task::spawn_blocking(move || {
            let outcome = work();
            drop(turn);
            outcome
        });
        work.await.map_err(|_| Refusal::bare(StatusCode::INTERNAL_SERVER_ERROR))
    }
}

#[cfg(test)]
impl Passwords {
    /// Nobody else's turn comes while this is held.
    pub fn take_all(&self) -> Vec<tokio::sync::OwnedSemaphorePermit> {
        let mut taken = Vec::new();
        while let Ok(turn) = Arc::clone(&self.turns).try_acquire_owned() {
            taken.push(turn);
        }
        taken
    }
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new()
    }
}

/// The hash as a PHC string with a salt of its own; nothing if the system gives no random bytes. Takes
/// 19 MiB and some milliseconds.
pub fn hash(password: &SecretString) -> Option<String> {
    let password = password.expose_secret().as_bytes();
    argon2().hash_password(password).ok().map(|hash| hash.to_string())
}

fn crowded() -> Refusal {
    let detail = "Too many people sign in at once.";
    Refusal::new(StatusCode::SERVICE_UNAVAILABLE, Code::LoginFailed, detail)
        .with_remedy(Remedy { en: "Try again in a few seconds.", zh: "请数秒后重试。" })
        .with_retry_after(Some(5))
}

#[cfg(test)]
mod tests {
    use super::*;
    use argon2::password_hash::phc::PasswordHash;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only_and_nobodys_never() {
        let passwords = Passwords::new();
        let hash = passwords.hash("correct horse battery".into()).await.unwrap();
        // What nobody's costs is what everyone's costs: the same algorithm, the same parameters, whole.
        for hash in [&hash, NOBODYS] {
            assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
            let parsed = PasswordHash::new(hash).unwrap();
            assert_eq!((parsed.salt.unwrap().len(), parsed.hash.unwrap().len()), (16, 32));
        }
        assert_eq!(
            passwords.verify("correct horse battery".into(), Some(hash.clone())).await,
            Ok(true)
        );
        assert_eq!(passwords.verify("correct horse batterY".into(), Some(hash)).await, Ok(false));
        assert_eq!(passwords.verify("correct horse battery".into(), None).await, Ok(false));
        assert_eq!(passwords.hashed(), 4, "for nobody as for somebody");
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_waits_too_long_for_a_turn_is_sent_away() {
        let passwords = Passwords::new();
        let all = passwords.turns.available_permits();
        let _taken = passwords.turns.acquire_many(u32::try_from(all).unwrap()).await.unwrap();
        assert_eq!(passwords.verify("x".into(), None).await, Err(crowded()));
        assert_eq!(passwords.hashed(), 0);
    }
}
