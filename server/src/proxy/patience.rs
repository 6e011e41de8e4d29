//! How long nothing may happen. A long upload may take its time, as long as it moves: by some bytes at
//! least, or a client that sends one now and then could keep its place for days.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// So many bytes are a movement of an upload's.
const STEP: usize = 1024;

/// When something last moved.
#[derive(Clone)]
pub struct Activity(Arc<Mutex<State>>);

struct State {
    last: Instant,
    /// What has come since, and is not enough yet.
    since: usize,
}

/// Nothing moved for too long.
pub struct Stalled;

impl Activity {
    pub fn start() -> Self {
        Self(Arc::new(Mutex::new(State { last: Instant::now(), since: 0 })))
    }

    /// Something moved, however little.
    pub fn note(&self) {
        self.state().last = Instant::now();
    }

    /// So many bytes moved; few are only counted.
    pub fn moved(&self, bytes: usize) {
        let mut state = self.state();
        state.since = state.since.saturating_add(bytes);
        if state.since >= STEP {
            *state = State { last: Instant::now(), since: 0 };
        }
    }

    fn last(&self) -> Instant {
        self.state().last
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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
        for (bytes, ends) in [(STEP, true), (STEP / 2, true), (STEP / 8, false), (0, false)] {
            let activity = Activity::start();
            let uploading = async {
                for _ in 0..50 {
                    tokio::time::sleep(Duration::from_secs(4)).await;
                    activity.moved(bytes);
                }
            };
            assert_eq!(patiently(&activity, limit, uploading).await.is_ok(), ends, "{bytes}");
        }
        let started = Instant::now();
        activity.note();
        assert!(patiently(&activity, limit, std::future::pending::<()>()).await.is_err());
        assert_eq!(started.elapsed(), limit);
    }
}
