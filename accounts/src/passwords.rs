//! Hashes passwords with argon2id.
//!
//! Each hash takes 19 MiB for a moment (OWASP's first recommendation), so a semaphore bounds how many are
//! computed at once, and a caller that waits too long is refused: guesses cannot exhaust the memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::failure::Failure;

/// Verified when the user is unknown, so that it takes the same time as for a known one.
const DUMMY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The largest number of hashes computed at once, on a machine with as many processors.
const CONCURRENT: usize = 4;

/// How long a caller waits for the semaphore.
const WAIT: Duration = Duration::from_secs(5);

/// 19 MiB, two passes, one lane.
fn argon2() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).expect("OWASP's parameters are valid");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Hashes a password; `None` if the system has no random bytes. Blocks for tens of milliseconds.
pub fn hash(password: &SecretString) -> Option<String> {
    let password = password.expose_secret().as_bytes();
    argon2().hash_password(password).ok().map(|hash| hash.to_string())
}

/// Hashes and verifies passwords on worker threads, a few at a time.
#[derive(Debug)]
pub struct Passwords {
    permits: Arc<Semaphore>,
    hashed: AtomicU64,
}

impl Default for Passwords {
    fn default() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let permits = Arc::new(Semaphore::new(processors.min(CONCURRENT)));
        Self { permits, hashed: AtomicU64::new(0) }
    }
}

impl Passwords {
    /// Verifies a password. Without a hash the result is false, after the same work.
    ///
    /// # Errors
    /// [`Failure::Busy`].
    pub async fn verify(
        &self,
        password: SecretString,
        hash: Option<String>,
    ) -> Result<bool, Failure> {
        self.run(move || {
            let known = hash.is_some();
            let hash = hash.as_deref().unwrap_or(DUMMY);
            let fits = argon2().verify_password(password.expose_secret().as_bytes(), hash).is_ok();
            known && fits
        })
        .await
    }

    /// Hashes a password.
    ///
    /// # Errors
    /// [`Failure::Busy`], [`Failure::System`].
    pub async fn hash(&self, password: SecretString) -> Result<String, Failure> {
        let hash = self.run(move || hash(&password)).await?;
        hash.ok_or(Failure::System("the system has no random bytes"))
    }

    /// Returns how many passwords were hashed, verified or judged since the start.
    pub fn hashed(&self) -> u64 {
        self.hashed.load(Ordering::Relaxed)
    }

    /// Runs expensive work on a worker thread when a permit is free.
    ///
    /// # Errors
    /// [`Failure::Busy`], [`Failure::System`].
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let permit = timeout(WAIT, Arc::clone(&self.permits).acquire_owned()).await;
        let Ok(Ok(permit)) = permit else { return Err(Failure::Busy) };
        self.hashed.fetch_add(1, Ordering::Relaxed);
        // The work holds the permit: it goes on when the caller has gone away.
        let work = tokio::task::spawn_blocking(move || {
            let outcome = work();
            drop(permit);
            outcome
        });
        work.await.map_err(|_| Failure::System("a worker thread failed"))
    }
}

#[cfg(test)]
impl Passwords {
    /// Takes all permits, so that nothing can run until they are dropped.
    pub fn take_all(&self) -> tokio::sync::OwnedSemaphorePermit {
        let all = u32::try_from(self.permits.available_permits()).unwrap();
        Arc::clone(&self.permits).try_acquire_many_owned(all).unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use argon2::password_hash::phc::PasswordHash;

    #[tokio::test]
    async fn a_password_matches_its_own_hash_only() {
        let passwords = Passwords::default();
        let hash = passwords.hash("correct horse battery".into()).await.unwrap();
        // An unknown user costs the same as a known one: same algorithm, same parameters.
        for hash in [&hash, DUMMY] {
            assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
            let parsed = PasswordHash::new(hash).unwrap();
            assert_eq!((parsed.salt.unwrap().len(), parsed.hash.unwrap().len()), (16, 32));
        }
        let verify = async |password: &str, hash: Option<&str>| {
            passwords.verify(password.into(), hash.map(str::to_owned)).await
        };
        assert_eq!(verify("correct horse battery", Some(&hash)).await, Ok(true));
        assert_eq!(verify("correct horse batterY", Some(&hash)).await, Ok(false));
        assert_eq!(verify("correct horse battery", None).await, Ok(false));
        assert_eq!(passwords.hashed(), 4, "an unknown user is hashed too");
    }

    #[tokio::test(start_paused = true)]
    async fn a_caller_that_waits_too_long_is_refused() {
        let passwords = Passwords::default();
        let _all = passwords.take_all();
        assert_eq!(passwords.verify("x".into(), None).await, Err(Failure::Busy));
        assert_eq!(passwords.hashed(), 0);
    }
}
