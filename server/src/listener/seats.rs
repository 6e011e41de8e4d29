//! Who is connected, what each is doing, and whose turn it is to leave.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};

use super::Rules;

/// How long a head may surely take, however many newcomers wait for a place.
const FIRST_WORDS: Duration = Duration::from_millis(100);

/// What a connection is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// Nothing: between two requests.
    Waiting,
    /// Sending the head of a request.
    Asking,
    /// Being answered.
    Served,
    /// Carrying another protocol, beyond this listener's rules.
    Tunnel,
}

struct State {
    doing: Doing,
    since: Instant,
    /// Since when its writing stands still.
    stalled: Option<Instant>,
}

/// One connection. It is given up when the last part of it is dropped: a tunnel keeps it.
pub struct Seat {
    number: u64,
    state: Mutex<State>,
    leave: Notify,
    seats: Arc<Inner>,
    _permit: OwnedSemaphorePermit,
}

struct Inner {
    most: u32,
    free: Arc<Semaphore>,
    numbers: AtomicU64,
    taken: Mutex<BTreeMap<u64, std::sync::Weak<Seat>>>,
}

/// All places of a listener.
pub struct Seats(Arc<Inner>);

impl Seats {
    pub fn new(most: usize) -> Self {
        let most = u32::try_from(most).unwrap_or(u32::MAX).max(1);
        Self(Arc::new(Inner {
            most,
            free: Arc::new(Semaphore::new(most as usize)),
            numbers: AtomicU64::new(0),
            taken: Mutex::default(),
        }))
    }

    /// A place. Where there is none, whoever is idle longest has to leave; where nobody is idle, it waits.
    pub async fn take(&self) -> Arc<Seat> {
        loop {
            let free = Arc::clone(&self.0.free);
            let permit = match Arc::clone(&free).try_acquire_owned() {
                Ok(permit) => Ok(Ok(permit)),
                Err(_) => {
                    self.dismiss_one();
                    timeout(Duration::from_millis(20), free.acquire_owned()).await
                }
            };
            // Whoever was to leave may just have asked for something: then it is another's turn.
            let Ok(Ok(permit)) = permit else { continue };
            let number = self.0.numbers.fetch_add(1, Ordering::Relaxed);
            let seat = Arc::new(Seat {
                number,
                state: Mutex::new(State {
                    doing: Doing::Asking,
                    since: Instant::now(),
                    stalled: None,
                }),
                leave: Notify::new(),
                seats: Arc::clone(&self.0),
                _permit: permit,
            });
            self.0.taken().insert(number, Arc::downgrade(&seat));
            return seat;
        }
    }

    /// Has the one leave that is idle longest, if one is.
    pub fn dismiss_one(&self) {
        let seats = self.all();
        let idle = seats.iter().filter(|seat| seat.may_be_dismissed());
        if let Some(seat) = idle.min_by_key(|seat| seat.state().since) {
            seat.leave.notify_one();
        }
    }

    /// Has everyone leave, in the middle of whatever it is.
    pub fn dismiss_all(&self) {
        for seat in self.all() {
            {
                let mut state = seat.state();
                (state.doing, state.stalled) = (Doing::Waiting, None);
            }
            seat.leave.notify_one();
        }
    }

    /// Waits until nobody is connected any more.
    pub async fn all_left(&self) {
        let _ = self.0.free.acquire_many(self.0.most).await;
    }

    /// How many are in the middle of something.
    pub fn busy(&self) -> usize {
        self.all().iter().filter(|seat| seat.is_busy()).count()
    }

    fn all(&self) -> Vec<Arc<Seat>> {
        self.0.taken().values().filter_map(std::sync::Weak::upgrade).collect()
    }
}

impl Inner {
    fn taken(&self) -> MutexGuard<'_, BTreeMap<u64, std::sync::Weak<Seat>>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_busy(&self) -> bool {
        let state = self.state();
        matches!(state.doing, Doing::Served | Doing::Tunnel) || state.stalled.is_some()
    }

    /// Whoever has only just come may be about to ask.
    fn may_be_dismissed(&self) -> bool {
        let (doing, since) = {
            let state = self.state();
            (state.doing, state.since)
        };
        !self.is_busy() && (doing == Doing::Waiting || since.elapsed() >= FIRST_WORDS)
    }

    /// Something else is being done from now on. A tunnel stays one.
    pub fn now(&self, doing: Doing) {
        let mut state = self.state();
        if state.doing == Doing::Tunnel || state.doing == doing {
            return;
        }
        state.doing = doing;
        // How long it is served, nobody asks.
        if doing != Doing::Served {
            state.since = Instant::now();
        }
    }

    /// Bytes arrived: between two requests they are the next one's.
    pub fn read(&self) {
        let mut state = self.state();
        if state.doing == Doing::Waiting {
            (state.doing, state.since) = (Doing::Asking, Instant::now());
        }
    }

    /// Something was written, or could not be.
    pub fn wrote(&self, moved: bool) {
        let mut state = self.state();
        state.stalled = if moved { None } else { state.stalled.or_else(|| Some(Instant::now())) };
    }

    /// When this connection is overdue, as things stand.
    pub fn due(&self, rules: &Rules) -> Option<Instant> {
        let state = self.state();
        let stalled = state.stalled.map(|since| since + rules.stall_deadline);
        let slow = match state.doing {
            Doing::Asking => Some(state.since + rules.header_deadline),
            Doing::Waiting => Some(state.since + rules.idle_deadline),
            Doing::Served | Doing::Tunnel => None,
        };
        stalled.into_iter().chain(slow).min()
    }

    /// Waits until it has to leave for another's sake.
    pub async fn dismissed(&self) {
        loop {
            self.leave.notified().await;
            if !self.is_busy() {
                return;
            }
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.seats.taken().remove(&self.number);
    }
}
