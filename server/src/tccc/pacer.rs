//! Keeps the vendor's pace: so many calls a second, one after the other; who comes too soon waits.
//!
//! Calls leave evenly and not in bursts: a network that holds some of them back must not make more of them
//! arrive within a second than the vendor takes.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Mutex as Turn;
use tokio::time::{Instant, sleep_until};

use super::shared_pace::SharedPace;
use crate::observe::metrics::Queued;

/// How fast calls may leave, and how long one may wait for that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Calls of one action within any second; at least 1.
    pub per_second: u32,
    /// Who would have to wait longer is refused at once. It bounds the queue as well.
    pub deadline: Duration,
}

impl Default for Pace {
    /// The vendor's 20 requests a second (`vendor/tccc.md` §4). Five seconds here and
    /// [`super::transport::DEFAULT_TIMEOUT`] there are over before a page gives up, at 15 s.
    fn default() -> Self {
        Self { per_second: 20, deadline: Duration::from_secs(5) }
    }
}

/// The queue before one action: first come, first served.
pub struct Pacer {
    interval: Duration,
    deadline: Duration,
    /// Its own waiters stand in line fairly; one that is dropped has left the line.
    turn: Turn<()>,
    line: Mutex<Line>,
    shared: Option<SharedPace>,
}

struct Line {
    next: Instant,
    waiting: u32,
}

/// The queue is too long; there is room again after this time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overfull(pub Duration);

impl Pacer {
    /// An empty queue, whose first call leaves at once, unless those of other instances are before it.
    pub fn new(pace: Pace, shared: Option<SharedPace>) -> Self {
        Self {
            interval: Duration::from_secs(1) / pace.per_second.max(1),
            deadline: pace.deadline,
            turn: Turn::default(),
            line: Mutex::new(Line { next: Instant::now(), waiting: 0 }),
            shared,
        }
    }

    /// Waits until a call may leave. Dropped while it waits, it leaves the queue, and those behind move up.
    ///
    /// # Errors
    /// [`Overfull`]: at once where this queue is too long, and by the deadline where the calls of other
    /// instances, which this one cannot foresee, take the places.
    pub async fn turn(&self) -> Result<(), Overfull> {
        let end = Instant::now() + self.deadline;
        let _place = self.enter()?;
        let _queued = Queued::start();
        let _turn = self.turn.lock().await;
        let next = self.line().next;
        sleep_until(next).await;
        if let Some(shared) = &self.shared {
            shared.turn(end).await?;
        }
        self.line().next = Instant::now() + self.interval;
        Ok(())
    }

    fn enter(&self) -> Result<Place<'_>, Overfull> {
        let mut line = self.line();
        let wait =
            line.next.saturating_duration_since(Instant::now()) + self.interval * line.waiting;
        if wait > self.deadline {
            return Err(Overfull(wait - self.deadline));
        }
        line.waiting += 1;
        Ok(Place(self))
    }

    /// A panic elsewhere cannot have left it half changed.
    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place in the queue, given back when its holder is served or gone.
struct Place<'a>(&'a Pacer);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.line().waiting -= 1;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::task::JoinSet;

    use super::*;

    fn pacer(per_second: u32, seconds: u64) -> Arc<Pacer> {
        let deadline = Duration::from_secs(seconds);
        Arc::new(Pacer::new(Pace { per_second, deadline }, None))
    }

    /// When each of those who ask at once leaves, or is refused.
    async fn crowd(pacer: &Arc<Pacer>, size: usize) -> (Vec<Duration>, Vec<Duration>) {
        let start = Instant::now();
        let mut set = JoinSet::new();
        for _ in 0..size {
            let pacer = Arc::clone(pacer);
            set.spawn(async move { pacer.turn().await.map(|()| start.elapsed()) });
        }
        let mut left = Vec::new();
        let mut refused = Vec::new();
        for outcome in set.join_all().await {
            match outcome {
                Ok(at) => left.push(at),
                Err(Overfull(wait)) => refused.push(wait),
            }
        }
        left.sort_unstable();
        (left, refused)
    }

    #[tokio::test(start_paused = true)]
    async fn no_second_sees_more_calls_than_the_vendor_takes() {
        let pacer = pacer(20, 5);
        let (left, refused) = crowd(&pacer, 150).await;
        assert_eq!((left.len(), refused.len()), (101, 49));
        for window in left.windows(21) {
            assert!(window[20] - window[0] >= Duration::from_secs(1), "{window:?}");
        }
        assert!(left.iter().all(|at| *at <= Duration::from_millis(5250)), "{left:?}");
        assert_eq!(left[0], Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn who_is_refused_is_refused_at_once_and_told_when_to_come_back() {
        let pacer = pacer(10, 1);
        let waiting: Vec<_> = (0..11)
            .map(|_| {
                let pacer = Arc::clone(&pacer);
                tokio::spawn(async move { pacer.turn().await })
            })
            .collect();
        tokio::task::yield_now().await;
        let start = Instant::now();
        let Err(Overfull(wait)) = pacer.turn().await else { panic!("expected no room") };
        assert_eq!(start.elapsed(), Duration::ZERO);
        tokio::time::sleep(wait).await;
        assert_eq!(pacer.turn().await, Ok(()));
        for task in waiting {
            assert_eq!(task.await.unwrap(), Ok(()));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_goes_away_makes_room_for_those_behind() {
        let pacer = pacer(1, 10);
        pacer.turn().await.unwrap();
        let start = Instant::now();
        let mut gone: Vec<_> = (0..9).map(|_| Box::pin(pacer.turn())).collect();
        for turn in &mut gone {
            let entered = tokio::time::timeout(Duration::ZERO, turn).await;
            assert!(entered.is_err(), "it waits");
        }
        let last = pacer.turn();
        tokio::pin!(last);
        assert!(tokio::time::timeout(Duration::ZERO, &mut last).await.is_err());
        assert!(pacer.turn().await.is_err(), "the queue is full");
        drop(gone);
        last.await.unwrap();
        assert!(start.elapsed() < Duration::from_millis(1100), "{:?}", start.elapsed());
        assert_eq!(pacer.line().waiting, 0);
    }

    #[tokio::test(start_paused = true)]
    async fn an_idle_queue_keeps_nobody_waiting() {
        let pacer = pacer(20, 5);
        for _ in 0..3 {
            let start = Instant::now();
            pacer.turn().await.unwrap();
            assert_eq!(start.elapsed(), Duration::ZERO);
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
}
