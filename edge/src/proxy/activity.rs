//! A deadline on making no progress. A long upload may take its time as long as enough bytes arrive; a client
//! that sends a byte now and then must not hold a slot for days.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// How many bytes count as progress of an upload.
const PROGRESS: usize = 1024;

/// When progress was last made. Clones share it.
#[derive(Clone)]
pub struct Activity(Arc<Mutex<State>>);

struct State {
    last: Instant,
    /// Bytes since then, too few to count.
    bytes: usize,
}

/// No progress was made for too long.
pub struct Stalled;

impl Activity {
    /// Starts now.
    pub fn start() -> Self {
        Self(Arc::new(Mutex::new(State { last: Instant::now(), bytes: 0 })))
    }

    /// Notes progress.
    pub fn progress(&self) {
        self.state().last = Instant::now();
    }

    /// Notes bytes; [`PROGRESS`] of them are progress.
    pub fn received(&self, bytes: usize) {
        let mut state = self.state();
        state.bytes = state.bytes.saturating_add(bytes);
        if state.bytes >= PROGRESS {
            *state = State { last: Instant::now(), bytes: 0 };
        }
    }

    /// Runs work to its end as long as progress is made at least every `limit`.
    ///
    /// # Errors
    /// [`Stalled`]; the work is dropped.
    pub async fn within<F: Future>(&self, limit: Duration, work: F) -> Result<F::Output, Stalled> {
        tokio::pin!(work);
        loop {
            let deadline = self.state().last + limit;
            tokio::select! {
                output = &mut work => return Ok(output),
                () = sleep_until(deadline) => {
                    if self.state().last + limit <= Instant::now() {
                        return Err(Stalled);
                    }
                }
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn work_goes_on_while_progress_is_made() {
        let limit = Duration::from_secs(10);
        let activity = Activity::start();
        let moving = async {
            for _ in 0..5 {
                tokio::time::sleep(Duration::from_secs(9)).await;
                activity.progress();
            }
            "done"
        };
        assert!(matches!(activity.within(limit, moving).await, Ok("done")));
        for (bytes, ends) in
            [(PROGRESS, true), (PROGRESS / 2, true), (PROGRESS / 8, false), (0, false)]
        {
            let activity = Activity::start();
            let uploading = async {
                for _ in 0..50 {
                    tokio::time::sleep(Duration::from_secs(4)).await;
                    activity.received(bytes);
                }
            };
            assert_eq!(activity.within(limit, uploading).await.is_ok(), ends, "{bytes}");
        }
        let started = Instant::now();
        activity.progress();
        assert!(activity.within(limit, std::future::pending::<()>()).await.is_err());
        assert_eq!(started.elapsed(), limit);
    }
}
