//! How long nothing may happen. A long upload may take its time, as long as it moves.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// When something last moved.
#[derive(Clone)]
pub struct Activity(Arc<Mutex<Instant>>);

/// Nothing moved for too long.
pub struct Stalled;

impl Activity {
    pub fn start() -> Self {
        Self(Arc::new(Mutex::new(Instant::now())))
    }

    pub fn note(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    fn last(&self) -> Instant {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits as long as something moves at least every `limit`.
pub async fn patiently<F: Future>(
    activity: &Activity,
    limit: Duration,
    work: F,
) -> Result<F::Output, Stalled> {
    tokio::pin!(work);
    loop {
        let deadline = activity.last() + limit;
        tokio::select! {
            output = &mut work => return Ok(output),
            () = sleep_until(deadline) => {
                if activity.last() + limit <= Instant::now() {
                    return Err(Stalled);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_moves_is_waited_for_and_what_stands_still_is_not() {
        let limit = Duration::from_secs(10);
        let activity = Activity::start();
        let moving = async {
            for _ in 0..5 {
                tokio::time::sleep(Duration::from_secs(9)).await;
                activity.note();
            }
            "done"
        };
        assert!(matches!(patiently(&activity, limit, moving).await, Ok("done")));
        let started = Instant::now();
        activity.note();
        assert!(patiently(&activity, limit, std::future::pending::<()>()).await.is_err());
        assert_eq!(started.elapsed(), limit);
    }
}
