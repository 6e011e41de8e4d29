//! The vendor's limit is the company's, not an instance's: where instances share a store, a call that has
//! had its turn here waits for a place among all of theirs.

use std::num::NonZeroU32;

use governor::Quota;
use sha2::{Digest, Sha256};
use tokio::time::{Instant, sleep};

use super::Action;
use super::pacer::{Overfull, Pace};
use crate::store::{Hash, Limit, Store, Wait};

/// The pace all instances keep together with the calls of one action.
pub struct SharedPace {
    limit: Limit,
    action: Hash,
}

impl SharedPace {
    /// The pace of a store that instances share; there is none where each has its own.
    pub fn of(store: &Store, pace: Pace, action: Action) -> Option<Self> {
        let Store::Redis(_) = store else { return None };
        let per_second = NonZeroU32::new(pace.per_second).unwrap_or(NonZeroU32::MIN);
        // Evenly, as in the queue of one.
        let quota = Quota::per_second(per_second).allow_burst(NonZeroU32::MIN);
        let action = Sha256::digest(action.name()).into();
        Some(Self { limit: store.limit("vendor", quota), action })
    }

    /// Waits until a call may leave. A store that does not answer leaves every instance to its own pace:
    /// the vendor refuses what is too much, and nobody gets in by it.
    ///
    /// # Errors
    /// [`Overfull`] as soon as there is no place before the end.
    pub async fn turn(&self, end: Instant) -> Result<(), Overfull> {
        while let Ok(Err(Wait(wait))) = self.limit.take(&self.action).await {
            if Instant::now() + wait > end {
                return Err(Overfull(wait));
            }
            sleep(wait).await;
        }
        Ok(())
    }
}
