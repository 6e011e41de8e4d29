//! The store of one process.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

#[cfg(feature = "accounts")]
use calldock_accounts::LockOut;
use tokio::time::Instant;

use super::expiring::Expiring;
use super::{Hash, TokenUse, Unavailable};

/// How many sessions and guessers there may be at once, each.
const CAPACITY: usize = 100_000;
/// How many tokens may have been asked about, and how many tickets spent, before they expire.
pub const ASKED: usize = 200_000;

/// Everything, until the process ends.
pub struct Memory {
    used_tokens: Mutex<Expiring<UsedToken>>,
    spent_tickets: Mutex<Expiring<()>>,
    sessions: Mutex<Expiring<String>>,
    guessers: Mutex<Expiring<Guesser>>,
}

struct UsedToken {
    first: Instant,
    uses_left: u8,
}

#[cfg_attr(not(feature = "accounts"), expect(dead_code, reason = "only accounts are guessed at"))]
struct Guesser {
    count: u32,
    locked_until: Instant,
}

impl Memory {
    /// An empty store.
    pub fn new() -> Self {
        Self::with_capacity(CAPACITY, ASKED)
    }

    fn with_capacity(capacity: usize, tokens: usize) -> Self {
        Self {
            used_tokens: Mutex::new(Expiring::new(tokens)),
            spent_tickets: Mutex::new(Expiring::new(tokens)),
            sessions: Mutex::new(Expiring::new(capacity)),
            guessers: Mutex::new(Expiring::new(capacity)),
        }
    }

    pub(super) fn counts(&self) -> [(&'static str, usize); 4] {
        [
            ("asked_tokens", lock(&self.used_tokens).len()),
            ("spent_tickets", lock(&self.spent_tickets).len()),
            ("sessions", lock(&self.sessions).len()),
            ("guessers", lock(&self.guessers).len()),
        ]
    }

    pub(super) fn ask_token(&self, token: &Hash, usage: TokenUse) -> Result<bool, Unavailable> {
        let now = Instant::now();
        let mut tokens = lock(&self.used_tokens);
        if let Some(known) = tokens.get_mut(token) {
            let granted = usage.binding && known.uses_left > 0 && now < known.first + usage.window;
            known.uses_left = if granted { known.uses_left - 1 } else { 0 };
            return Ok(granted);
        }
        let uses_left = if usage.binding { usage.uses.saturating_sub(1) } else { 0 };
        let entry = UsedToken { first: now, uses_left };
        tokens.insert(*token, entry, now + usage.remaining).map_err(|_| Unavailable)?;
        Ok(usage.binding && usage.uses > 0)
    }

    pub(super) fn spend_ticket(&self, ticket: &Hash, remaining: Duration) {
        // Without room, a ticket that is used again only gives its holder an old place.
        let _ = lock(&self.spent_tickets).insert(*ticket, (), Instant::now() + remaining);
    }

    pub(super) fn is_ticket_spent(&self, ticket: &Hash) -> bool {
        lock(&self.spent_tickets).get_mut(ticket).is_some()
    }
}

#[cfg(feature = "accounts")]
impl Memory {
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

    pub(super) fn begin_guess(&self, who: &Hash, rule: &LockOut) -> Result<(), Duration> {
        let now = Instant::now();
        let mut guessers = lock(&self.guessers);
        let mut who = *who;
        if guessers.get_mut(&who).is_none() && guessers.is_full() {
            // Guesses at ever new names fill no memory and evict nothing: new ones share an entry.
            who[2..].fill(0);
        }
        let (count, locked_until) =
            guessers.get_mut(&who).map_or((0, now), |known| (known.count, known.locked_until));
        if now < locked_until {
            return Err(locked_until - now);
        }
        let count = count.saturating_add(1);
        let locked_until = now + rule.wait_after(count);
        guessers.put(who, Guesser { count, locked_until }, locked_until + rule.memory);
        Ok(())
    }

    pub(super) fn forget_guesses(&self, who: &Hash) {
        lock(&self.guessers).remove(who);
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

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

    fn usage(binding: bool, uses: u8) -> TokenUse {
        let (window, remaining) = (Duration::from_secs(15), Duration::from_secs(60));
        TokenUse { binding, uses, window, remaining }
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_is_granted_as_often_as_it_may_be_and_never_after_a_wrong_binding() {
        for (uses, bindings, expected) in [
            (1, [true, true, true], [true, false, false]),
            (2, [true, true, true], [true, true, false]),
            (2, [true, false, true], [true, false, false]),
            (2, [false, true, true], [false, false, false]),
            (0, [true, true, true], [false, false, false]),
        ] {
            let memory = Memory::new();
            let granted =
                bindings.map(|binding| memory.ask_token(&hash(1), usage(binding, uses)).unwrap());
            assert_eq!(granted, expected, "{uses}, {bindings:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_second_question_comes_within_15_s_of_the_first() {
        for (seconds, expected) in [(14, true), (15, false)] {
            let memory = Memory::new();
            assert_eq!(memory.ask_token(&hash(1), usage(true, 2)), Ok(true));
            tokio::time::advance(Duration::from_secs(seconds)).await;
            assert_eq!(memory.ask_token(&hash(1), usage(true, 2)), Ok(expected));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn too_many_asked_tokens_are_refused_until_some_expire() {
        let memory = Memory::with_capacity(0, 2);
        assert_eq!([1, 2].map(|n| memory.ask_token(&hash(n), usage(true, 1))), [Ok(true); 2]);
        assert_eq!(memory.ask_token(&hash(3), usage(true, 1)), Err(Unavailable));
        assert_eq!(memory.ask_token(&hash(1), usage(true, 1)), Ok(false), "none is forgotten");
        tokio::time::advance(Duration::from_secs(60)).await;
        assert_eq!(memory.ask_token(&hash(3), usage(true, 1)), Ok(true));
    }

    #[tokio::test(start_paused = true)]
    async fn a_soak_of_every_kind_fills_no_more_than_the_capacity() {
        let memory = Memory::new();
        let minute = Duration::from_secs(60);
        for number in 0..250_000 {
            let hash = hash(number);
            memory.spend_ticket(&hash, minute);
            let _ = memory.ask_token(&hash, usage(true, 1));
            let _ = memory.keep_session(&hash, "agent@example.com", minute);
            let _ = memory.begin_guess(&hash, &RULE);
        }
        for (kind, count) in memory.counts() {
            let most = match kind {
                "asked_tokens" | "spent_tickets" => ASKED,
                "sessions" => CAPACITY,
                // New names share 65,536 entries beside those there are.
                _ => CAPACITY + (1 << 16),
            };
            assert!(count > 0 && count <= most, "{kind}: {count}");
        }
        tokio::time::advance(RULE.longest + RULE.memory).await;
        for n in 0..2 {
            memory.spend_ticket(&hash(n), minute);
            assert_eq!(memory.ask_token(&hash(n), usage(true, 1)), Ok(true));
            assert_eq!(memory.keep_session(&hash(n), "agent@example.com", minute), Ok(()));
            assert_eq!(memory.begin_guess(&hash(n), &RULE), Ok(()));
        }
        assert!(memory.counts().iter().all(|(_, count)| *count == 2), "{:?}", memory.counts());
    }

    #[tokio::test(start_paused = true)]
    async fn sessions_end_and_too_many_are_refused() {
        let memory = Memory::with_capacity(2, 0);
        let minute = Duration::from_secs(60);
        for number in 0..2 {
            memory.keep_session(&hash(number), "agent@example.com", minute).unwrap();
        }
        assert_eq!(memory.keep_session(&hash(3), "agent@example.com", minute), Err(Unavailable));
        tokio::time::advance(minute).await;
        assert_eq!(memory.session(&hash(0)), None);
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
            assert_eq!(guess(), Err(wait));
            assert_eq!(memory.begin_guess(&hash(2), &LockOut { free: 99, ..RULE }), Ok(()));
            tokio::time::advance(wait - Duration::from_secs(1)).await;
            assert_eq!(guess(), Err(Duration::from_secs(1)));
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
    async fn of_many_guesses_at_once_no_more_are_checked() {
        let memory = Arc::new(Memory::new());
        let guessing = (0..64).map(|_| {
            let memory = Arc::clone(&memory);
            std::thread::spawn(move || memory.begin_guess(&hash(1), &RULE).is_ok())
        });
        let guessing: Vec<_> = guessing.collect();
        let checked = guessing.into_iter().filter_map(|guess| guess.join().ok());
        assert_eq!(checked.filter(|ok| *ok).count(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn guesses_at_ever_new_names_fill_no_memory_and_evict_nothing() {
        let memory = Memory::with_capacity(100, 0);
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
}
