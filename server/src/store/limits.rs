//! How often something may happen.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use tokio::time::Instant;

use super::{Hash, Redis, Unavailable, Wait};

/// A limit for each of many callers. Clones are the same limit.
#[derive(Clone, Debug)]
pub enum Limit {
    /// Of one process.
    Memory(Arc<Callers>),
    /// Of all instances, under its name.
    Redis(Redis, &'static str, Quota),
}

impl Limit {
    /// Takes one of what the caller may.
    ///
    /// # Errors
    /// [`Unavailable`]; inside, how long to [`Wait`].
    pub async fn take(&self, key: &Hash) -> Result<Result<(), Wait>, Unavailable> {
        match self {
            Self::Memory(callers) => Ok(callers.take(key)),
            Self::Redis(redis, name, quota) => redis.take(name, quota, key).await,
        }
    }
}

/// How many callers are told apart.
const CAPACITY: usize = 100_000;

/// After how many takes the callers are counted, and those forgotten that may again do all.
const SWEEP: u32 = 1024;

/// The callers one process knows. Where there are too many to tell apart, new ones share.
pub struct Callers {
    limiter: RateLimiter<Hash, DashMapStateStore<Hash>, Since, NoOpMiddleware<Duration>>,
    capacity: usize,
    takes: AtomicU32,
    crowded: AtomicBool,
}

impl Callers {
    /// Nobody yet.
    pub fn new(quota: Quota) -> Self {
        Self {
            limiter: RateLimiter::dashmap_with_clock(quota, Since(Instant::now())),
            capacity: CAPACITY,
            takes: AtomicU32::new(1),
            crowded: AtomicBool::new(false),
        }
    }

    fn take(&self, key: &Hash) -> Result<(), Wait> {
        if self.takes.fetch_add(1, Ordering::Relaxed).is_multiple_of(SWEEP) {
            self.sweep();
        }
        let mut key = *key;
        if self.crowded.load(Ordering::Relaxed) {
            // 65,536 groups: whoever comes with ever new addresses fills no memory.
            key[2..].fill(0);
        }
        self.limiter
            .check_key(&key)
            .map_err(|refused| Wait(refused.wait_time_from(self.limiter.clock().now())))
    }

    fn sweep(&self) {
        if self.limiter.len() >= self.capacity / 2 {
            self.limiter.retain_recent();
        }
        self.crowded.store(self.limiter.len() >= self.capacity, Ordering::Relaxed);
    }
}

impl std::fmt::Debug for Callers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Callers({} known)", self.limiter.len())
    }
}

/// Tokio's clock, which tests can turn, as governor reads it.
#[derive(Clone, Copy, Debug)]
struct Since(Instant);

impl Clock for Since {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::*;

    fn callers(per_second: u32) -> Callers {
        Callers::new(Quota::per_second(NonZeroU32::new(per_second).unwrap()))
    }

    #[tokio::test(start_paused = true)]
    async fn each_caller_has_a_limit_and_is_told_how_long_to_wait() {
        let callers = callers(2);
        let (one, other) = ([1; 32], [2; 32]);
        assert_eq!([callers.take(&one), callers.take(&one)], [Ok(()), Ok(())]);
        assert_eq!(callers.take(&one), Err(Wait(Duration::from_millis(500))));
        assert_eq!(callers.take(&other), Ok(()));
        tokio::time::advance(Duration::from_millis(500)).await;
        assert_eq!(callers.take(&one), Ok(()));
        assert!(callers.take(&one).is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn ever_new_callers_fill_no_memory() {
        let callers = Callers { capacity: 2000, ..callers(1) };
        for number in 0..200_000u32 {
            let mut key = [0; 32];
            // The first bytes differ in 16 groups only.
            key[0] = (number % 16) as u8;
            key[28..].copy_from_slice(&number.to_be_bytes());
            let _ = callers.take(&key);
        }
        assert!(callers.limiter.len() < 2000 + 1024 + 16, "{callers:?}");
        assert!(callers.take(&[3; 32]).is_ok(), "another group");
        assert!(callers.take(&[3; 32]).is_err());
        // They are told apart again once the others may do all again.
        tokio::time::advance(Duration::from_secs(10)).await;
        for _ in 0..SWEEP {
            let _ = callers.take(&[4; 32]);
        }
        assert!(callers.limiter.len() < 10, "{callers:?}");
    }
}
