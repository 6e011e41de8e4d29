//! The vendor's limit is the company's, not an instance's: where instances share a store, a call that has
//! had its turn here waits for a place among all of theirs.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::Quota;
use sha2::{Digest, Sha256};
use tokio::time::{Instant, sleep};

use super::Action;
use super::pacer::{Overfull, Pace};
use crate::store::{Limit, Store, Wait};

/// The pace all instances keep together.
pub struct SharedPace {
    limit: Limit,
    deadline: Duration,
}

impl SharedPace {
    /// The pace of a store that instances share; there is none where each has its own.
    pub fn of(store: &Store, pace: Pace) -> Option<Self> {
        let Store::Redis(_) = store else { return None };
        let per_second = NonZeroU32::new(pace.per_second).unwrap_or(NonZeroU32::MIN);
        // Evenly, as in the queue of one.
        let quota = Quota::per_second(per_second).allow_burst(NonZeroU32::MIN);
        Some(Self { limit: store.limit("vendor", quota), deadline: pace.deadline })
    }

    /// Waits until a call may leave. A store that does not answer leaves every instance to its own pace:
    /// the vendor refuses what is too much, and nobody gets in by it.
    ///
    /// # Errors
    /// [`Overfull`], at once, where the wait would be longer than the queue's deadline.
    pub async fn turn(&self, action: Action) -> Result<(), Overfull> {
        let key = Sha256::digest(action.name()).into();
        let end = Instant::now() + self.deadline;
        loop {
            match self.limit.take(&key).await {
                Ok(Err(Wait(wait))) if Instant::now() + wait > end => return Err(Overfull(wait)),
                Ok(Err(Wait(wait))) => sleep(wait).await,
                Ok(Ok(())) | Err(_) => return Ok(()),
            }
        }
    }
}
