//! The store port: what all instances of a server share.
//!
//! Keys are SHA-256 hashes, so the store holds no secret, name or address.

use std::time::Duration;

/// A key: the SHA-256 hash of what it stands for.
pub type Hash = [u8; 32];

/// The store cannot be reached. Every check that needs it fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the shared store is unavailable")]
pub struct Unavailable;

/// Keeps sessions and counts sign-ins.
pub trait Store: Clone + Send + Sync + 'static {
    /// Keeps a session and the generation of its account.
    ///
    /// # Errors
    /// [`Unavailable`], also if the store is full.
    fn keep_session(
        &self,
        id: &Hash,
        generation: &str,
        lifetime: Duration,
    ) -> impl Future<Output = Result<(), Unavailable>> + Send;

    /// Returns the generation of a session that has not ended.
    ///
    /// # Errors
    /// [`Unavailable`].
    fn session(
        &self,
        id: &Hash,
    ) -> impl Future<Output = Result<Option<String>, Unavailable>> + Send;

    /// Ends a session, if it exists.
    ///
    /// # Errors
    /// [`Unavailable`]: it may still exist.
    fn end_session(&self, id: &Hash) -> impl Future<Output = Result<(), Unavailable>> + Send;

    /// Counts a guess *before* it is checked, so that concurrent guesses are limited like consecutive
    /// ones. Returns the wait while locked out; nothing is counted then.
    ///
    /// # Errors
    /// [`Unavailable`].
    fn begin_guess(
        &self,
        who: &Hash,
        rule: &LockOut,
    ) -> impl Future<Output = Result<Result<(), Duration>, Unavailable>> + Send;

    /// Resets the count after a correct guess.
    ///
    /// # Errors
    /// [`Unavailable`]: the guesses still count.
    fn forget_guesses(&self, who: &Hash) -> impl Future<Output = Result<(), Unavailable>> + Send;
}

/// A growing lock-out: some guesses are free, every further one doubles the wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LockOut {
    /// The number of guesses without a wait, at least one.
    pub free: u32,
    /// The wait after the last free guess.
    pub first: Duration,
    /// The longest wait.
    pub longest: Duration,
    /// The time after the last guess and its wait until the count is reset.
    pub memory: Duration,
}

impl LockOut {
    /// Returns the wait that follows the `count`-th guess.
    pub fn wait_after(&self, count: u32) -> Duration {
        match count.checked_sub(self.free.max(1)) {
            None => Duration::ZERO,
            Some(doublings) => {
                let factor = 1u32.checked_shl(doublings).unwrap_or(u32::MAX);
                self.first.saturating_mul(factor).min(self.longest)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_the_longest() {
        let rule = LockOut {
            free: 5,
            first: Duration::from_secs(30),
            longest: Duration::from_secs(3600),
            memory: Duration::from_secs(86_400),
        };
        let waits = [1, 4, 5, 6, 7, 11, 12, 13, 36, 37, 38, u32::MAX]
            .map(|count| rule.wait_after(count).as_secs());
        assert_eq!(waits, [0, 0, 30, 60, 120, 1920, 3600, 3600, 3600, 3600, 3600, 3600]);
        assert_eq!(LockOut { free: 0, ..rule }.wait_after(1), rule.first);
    }
}
