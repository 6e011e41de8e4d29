//! One process agrees with itself.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use governor::Quota;
use subtle::ConstantTimeEq;
use tokio::time::Instant;

use super::expiring::Expiring;
use super::limits::Callers;
use super::{Hash, KeepError, LockOut, Unavailable, Wait};

/// How many tokens, sessions and guessers there may be at once, each. A visitor's page needs a token
/// for seconds.
const CAPACITY: usize = 100_000;

/// Everything, until the process ends. `Debug` shows numbers.
pub struct Memory {
    tokens: Mutex<Expiring<Token>>,
    sessions: Mutex<Expiring<String>>,
    guessers: Mutex<Expiring<Guesser>>,
    limits: Mutex<HashMap<&'static str, (Quota, Arc<Callers>)>>,
}

struct Token {
    bound_to: Hash,
    uses_left: u8,
}

struct Guesser {
    count: u32,
    locked_until: Instant,
}

impl Memory {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::with_capacity(CAPACITY)
    }

    fn with_capacity(capacity: usize) -> Self {
        Self {
            tokens: Mutex::new(Expiring::new(capacity)),
            sessions: Mutex::new(Expiring::new(capacity)),
            guessers: Mutex::new(Expiring::new(capacity)),
            limits: Mutex::default(),
        }
    }

    pub(super) fn keep_token(
        &self,
        token: &Hash,
        bound_to: &Hash,
        uses: u8,
        lifetime: Duration,
    ) -> Result<(), KeepError> {
        let entry = Token { bound_to: *bound_to, uses_left: uses };
        let end = Instant::now() + lifetime;
        lock(&self.tokens).insert(*token, entry, end).map_err(|_| KeepError::Full)
    }

    pub(super) fn spend_token(&self, token: &Hash, bound_to: &Hash) -> bool {
        let mut tokens = lock(&self.tokens);
        // The hash decides what is looked up, so the time it takes tells nothing of a token.
        let Some(entry) = tokens.get_mut(token) else { return false };
        let valid = bool::from(entry.bound_to.ct_eq(bound_to)) && entry.uses_left > 0;
        entry.uses_left = if valid { entry.uses_left - 1 } else { 0 };
        if entry.uses_left == 0 {
            tokens.remove(token);
        }
        valid
    }

    pub(super) fn keep_session(
        &self,
        id: &Hash,
        user: &str,
        lifetime: Duration,
    ) -> Result<(), Unavailable> {
        let end = Instant::now() + lifetime;
        lock(&self.sessions).insert(*id, user.to_owned(), end).map_err(|_| Unavailable)
    }

    pub(super) fn session(&self, id: &Hash) -> Option<String> {
        lock(&self.sessions).get_mut(id).cloned()
    }

    pub(super) fn end_session(&self, id: &Hash) {
        lock(&self.sessions).remove(id);
    }

    pub(super) fn begin_guess(&self, who: &Hash, rule: &LockOut) -> Result<(), Wait> {
        let now = Instant::now();
        let mut guessers = lock(&self.guessers);
        let mut who = *who;
        if guessers.get_mut(&who).is_none() && guessers.is_full() {
            // Whoever guesses at ever new names fills no memory and pushes nobody out: new ones share.
            who[2..].fill(0);
        }
        let (count, locked_until) =
            guessers.get_mut(&who).map_or((0, now), |known| (known.count, known.locked_until));
        if now < locked_until {
            return Err(Wait(locked_until - now));
        }
        let count = count.saturating_add(1);
        let locked_until = now + rule.wait_after(count);
        guessers.put(who, Guesser { count, locked_until }, locked_until + rule.memory);
        Ok(())
    }

    pub(super) fn forget_guesses(&self, who: &Hash) {
        lock(&self.guessers).remove(who);
    }

    /// The same limit for the same name, so that what was taken outlives a change of the configuration.
    pub(super) fn limit(&self, name: &'static str, quota: Quota) -> Arc<Callers> {
        let mut limits = lock(&self.limits);
        match limits.get(name) {
            Some((known, callers)) if *known == quota => Arc::clone(callers),
            _ => {
                let callers = Arc::new(Callers::new(quota));
                limits.insert(name, (quota, Arc::clone(&callers)));
                callers
            }
        }
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self::new()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl std::fmt::Debug for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Memory")
            .field("tokens", &lock(&self.tokens).len())
            .field("sessions", &lock(&self.sessions).len())
            .field("guessers", &lock(&self.guessers).len())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: LockOut = LockOut {
        free: 3,
        first: Duration::from_secs(30),
        longest: Duration::from_secs(100),
        memory: Duration::from_secs(3600),
    };

    fn hash(number: u32) -> Hash {
        let mut hash = [0; 32];
        hash[..4].copy_from_slice(&number.to_le_bytes());
        hash[31] = 1;
        hash
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_has_so_many_uses_and_one_binding() {
        let memory = Memory::new();
        let minute = Duration::from_secs(60);
        for (uses, asked, expected) in [
            (1, [2, 2, 2], [true, false, false]),
            (2, [2, 2, 2], [true, true, false]),
            (2, [3, 2, 2], [false, false, false]),
            (0, [2, 2, 2], [false, false, false]),
        ] {
            memory.keep_token(&hash(1), &hash(2), uses, minute).unwrap();
            let heard = asked.map(|bound_to| memory.spend_token(&hash(1), &hash(bound_to)));
            assert_eq!(heard, expected);
        }
        memory.keep_token(&hash(1), &hash(2), 1, minute).unwrap();
        tokio::time::advance(minute).await;
        assert!(!memory.spend_token(&hash(1), &hash(2)));
    }

    #[tokio::test(start_paused = true)]
    async fn only_so_many_tokens_and_sessions_are_alive_at_once() {
        let memory = Memory::with_capacity(2);
        let minute = Duration::from_secs(60);
        for number in 0..2 {
            memory.keep_token(&hash(number), &hash(9), 1, minute).unwrap();
            memory.keep_session(&hash(number), "agent@example.com", minute).unwrap();
        }
        assert_eq!(memory.keep_token(&hash(3), &hash(9), 1, minute), Err(KeepError::Full));
        assert_eq!(memory.keep_session(&hash(3), "agent@example.com", minute), Err(Unavailable));
        assert_eq!(format!("{memory:?}"), "Memory { tokens: 2, sessions: 2, guessers: 0 }");
        tokio::time::advance(minute).await;
        assert_eq!(memory.session(&hash(0)), None);
        assert_eq!(memory.keep_token(&hash(3), &hash(9), 1, minute), Ok(()));
        assert_eq!(memory.keep_session(&hash(3), "agent@example.com", minute), Ok(()));
        assert_eq!(memory.session(&hash(3)).as_deref(), Some("agent@example.com"));
        memory.end_session(&hash(3));
        assert_eq!(memory.session(&hash(3)), None);
    }

    #[tokio::test(start_paused = true)]
    async fn guesses_are_locked_out_for_longer_and_longer_until_they_are_forgotten() {
        let memory = Memory::new();
        let guess = || memory.begin_guess(&hash(1), &RULE);
        assert_eq!([guess(), guess(), guess()], [Ok(()); 3]);
        for seconds in [30, 60, 100, 100] {
            let wait = Duration::from_secs(seconds);
            assert_eq!(guess(), Err(Wait(wait)));
            assert_eq!(memory.begin_guess(&hash(2), &LockOut { free: 99, ..RULE }), Ok(()));
            tokio::time::advance(wait - Duration::from_secs(1)).await;
            assert_eq!(guess(), Err(Wait(Duration::from_secs(1))));
            tokio::time::advance(Duration::from_secs(1)).await;
            assert_eq!(guess(), Ok(()));
        }
        memory.forget_guesses(&hash(1));
        assert_eq!([guess(), guess(), guess()], [Ok(()); 3]);
        assert!(guess().is_err());
        tokio::time::advance(RULE.first + RULE.memory).await;
        assert_eq!([guess(), guess(), guess()], [Ok(()); 3]);
    }

    #[tokio::test]
    async fn of_many_guesses_at_once_no_more_are_looked_at() {
        let memory = Arc::new(Memory::new());
        let guessing = (0..64).map(|_| {
            let memory = Arc::clone(&memory);
            std::thread::spawn(move || memory.begin_guess(&hash(1), &RULE).is_ok())
        });
        let guessing: Vec<_> = guessing.collect();
        let looked_at = guessing.into_iter().filter_map(|guess| guess.join().ok());
        assert_eq!(looked_at.filter(|ok| *ok).count(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn guesses_at_ever_new_names_fill_no_memory_and_free_nobody() {
        let memory = Memory::with_capacity(100);
        for _ in 0..3 {
            memory.begin_guess(&hash(0), &RULE).unwrap();
        }
        for number in 1..1000 {
            // One of the two bytes that new names share by.
            let _ = memory.begin_guess(&hash(number << 8), &RULE);
        }
        assert!(lock(&memory.guessers).len() <= 100 + 256);
        assert!(memory.begin_guess(&hash(0), &RULE).is_err());
    }

    #[test]
    fn a_limit_of_the_same_name_and_quota_is_the_same() {
        let memory = Memory::new();
        let quota = |number| Quota::per_second(std::num::NonZeroU32::new(number).unwrap());
        let first = memory.limit("login", quota(1));
        assert!(Arc::ptr_eq(&first, &memory.limit("login", quota(1))));
        assert!(!Arc::ptr_eq(&first, &memory.limit("callback", quota(1))));
        assert!(!Arc::ptr_eq(&first, &memory.limit("login", quota(2))));
    }
}
