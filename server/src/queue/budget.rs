//! A queue for async callers: each waits for its turn, or gets a ticket.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use calldock_service::since_1970;
use sha2::{Digest, Sha256};
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep_until};

use super::fair::{Fair, Number, Rules};
use super::gate::Gate;
use super::promises::Promise;
use super::ticket::{self, Ticket};
use super::tree::Micros;
use super::who::Who;
use crate::key::ServerKey;
use crate::observe::metrics;
use crate::problem::Refusal;
use crate::store::{Hash, Store};

/// How fast a budget is spent, and how long one may wait for a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Turns in a second, of all instances that share a store; at least 1.
    pub per_second: u32,
    /// A request that would wait longer gets a ticket.
    pub deadline: Duration,
}

impl Default for Pace {
    /// The vendor's 20 requests a second (`docs/vendor/tccc.md` §4). Five seconds here and the vendor's own time
    /// are over before a page gives up, at 15 s.
    fn default() -> Self {
        Self { per_second: 20, deadline: Duration::from_secs(5) }
    }
}

impl Pace {
    /// The time between two turns.
    fn interval(self) -> Duration {
        Duration::from_secs(1) / self.per_second.max(1)
    }
}

/// The queue is too long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Full {
    /// Keeps the turn, if it is sent back in [`super::TICKET_HEADER`] within twice the wait.
    pub ticket: String,
    /// When to come back, in whole seconds.
    pub wait: Duration,
}

/// A budget of turns, shared fairly. Clones are the same.
#[derive(Clone)]
pub struct Budget(Arc<Inner>);

struct Inner {
    name: &'static str,
    key: ServerKey,
    store: Store,
    started: (Micros, Instant),
    state: Mutex<State>,
    gate: tokio::sync::Mutex<Gate>,
}

struct State {
    pace: Pace,
    fair: Fair,
    waiters: HashMap<Number, oneshot::Sender<()>>,
    /// Whether a task hands out turns.
    serving: bool,
}

impl Budget {
    /// An empty budget; all instances of one store share it by its name.
    pub fn new(name: &'static str, pace: Pace, key: &ServerKey, store: &Store) -> Self {
        let fair = Fair::new(rules(pace));
        let state = State { pace, fair, waiters: HashMap::new(), serving: false };
        Self(Arc::new(Inner {
            name,
            key: key.clone(),
            store: store.clone(),
            started: (micros(since_1970()), Instant::now()),
            state: Mutex::new(state),
            gate: tokio::sync::Mutex::new(Gate::new(name, store)),
        }))
    }

    /// Changes the pace. Those who wait stay in the queue.
    pub fn set_pace(&self, pace: Pace) {
        let mut state = self.0.state();
        state.pace = pace;
        state.fair.set_rules(rules(pace));
    }

    /// The budget's pace.
    pub fn pace(&self) -> Pace {
        self.0.state().pace
    }

    /// The budget's name.
    pub fn name(&self) -> &'static str {
        self.0.name
    }

    /// How many wait for a turn.
    pub fn waiting(&self) -> usize {
        self.0.state().fair.len()
    }

    /// Waits for a turn, and counts how long that took or that the queue is full.
    ///
    /// # Errors
    /// 503 with a ticket where the queue is full.
    pub async fn admit(&self, who: &Who, tickets: Option<&str>) -> Result<(), Refusal> {
        let turn = self.turn(who, tickets).await.map_err(|full| {
            metrics::queue_full(self.name());
            let others = ticket::each(tickets).filter(|text| !self.0.knows(who, text));
            Refusal::queue_full(ticket::with_others(&full.ticket, others), full.wait)
        });
        turn.map(|waited| metrics::queue_waited(self.name(), waited))
    }

    /// Waits for a turn, and returns how long. Dropped while it waits, it leaves the queue, and those behind move up.
    ///
    /// # Errors
    /// [`Full`]: at once where the wait would be too long, or when it has become so.
    pub async fn turn(&self, who: &Who, tickets: Option<&str>) -> Result<Duration, Full> {
        let inner = &self.0;
        let began = Instant::now();
        let ticket = match ticket::each(tickets).find(|text| inner.knows(who, text)) {
            Some(text) => inner.open(who, text).await,
            None => None,
        };
        let place = Place::enter(inner, who, ticket.map(|(_, ticket)| ticket.since))?;
        if let Some(mut place) = place {
            tokio::select! {
                biased;
                _ = &mut place.receiver => place.served = true,
                () = sleep_until(began + self.pace().deadline) => place.give_up(who)?,
            }
        }
        if let Some((hash, ticket)) = ticket {
            let remaining = Duration::from_micros(ticket.end.saturating_sub(inner.now()));
            // Used once more, a ticket only gives its holder the place it had.
            let _ = inner.store.spend_ticket(&hash, remaining).await;
        }
        Ok(began.elapsed())
    }
}

impl Inner {
    fn now(&self) -> Micros {
        self.started.0 + micros(self.started.1.elapsed())
    }

    /// A panic elsewhere cannot have left it half changed.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn interval(&self) -> Duration {
        self.state().pace.interval()
    }

    fn full(&self, who: &Who, promise: Promise) -> Full {
        let wait = promise.due.saturating_sub(self.now()).div_ceil(1_000_000).max(1);
        let ticket = ticket::write(&self.key, self.name, who, promise);
        Full { ticket, wait: Duration::from_secs(wait) }
    }

    /// Whether a ticket is this queue's and this person's, even if it has ended.
    fn knows(&self, who: &Who, text: &str) -> bool {
        ticket::read(&self.key, self.name, who, text, 0).is_some()
    }

    async fn open(&self, who: &Who, text: &str) -> Option<(Hash, Ticket)> {
        let ticket = ticket::read(&self.key, self.name, who, text, self.now())?;
        let hash: Hash = Sha256::digest(text).into();
        match self.store.is_ticket_spent(&hash).await {
            Ok(true) => None,
            _ => Some((hash, ticket)),
        }
    }

    /// Grants turns until no request waits.
    async fn serve(self: Arc<Self>) {
        let mut gate = self.gate.lock().await;
        loop {
            if self.is_done() {
                return;
            }
            let waiting = || u32::try_from(self.state().fair.len()).unwrap_or(u32::MAX);
            let turn = gate.turn(|| self.interval(), waiting).await;
            self.state().fair.set_others(gate.others(), self.now());
            if turn {
                self.hand_out();
            }
        }
    }

    fn is_done(&self) -> bool {
        let mut state = self.state();
        if state.fair.is_empty() {
            state.serving = false;
        }
        !state.serving
    }

    fn hand_out(&self) {
        let now = self.now();
        let mut state = self.state();
        while let Some(number) = state.fair.next(now) {
            let Some(sender) = state.waiters.remove(&number) else { continue };
            if sender.send(()).is_ok() {
                return;
            }
        }
    }
}

/// A place in the queue. Dropped, it is given up.
struct Place<'a> {
    inner: &'a Inner,
    number: Number,
    receiver: oneshot::Receiver<()>,
    served: bool,
}

impl<'a> Place<'a> {
    /// A place; none where the turn is now.
    fn enter(
        inner: &'a Arc<Inner>,
        who: &Who,
        since: Option<Micros>,
    ) -> Result<Option<Self>, Full> {
        let now = inner.now();
        let mut state = inner.state();
        if state.fair.is_empty()
            && !state.serving
            && let Ok(mut gate) = inner.gate.try_lock()
            && gate.try_turn(state.pace.interval())
        {
            state.fair.served(who, since.is_some());
            return Ok(None);
        }
        let number = match state.fair.enter(who, since, now) {
            Ok(number) => number,
            Err(promise) => {
                drop(state);
                return Err(inner.full(who, promise));
            }
        };
        let (sender, receiver) = oneshot::channel();
        state.waiters.insert(number, sender);
        if !state.serving {
            state.serving = true;
            drop(state);
            tokio::spawn(Arc::clone(inner).serve());
        }
        Ok(Some(Self { inner, number, receiver, served: false }))
    }

    /// The deadline has passed; unless the turn came at the same moment.
    fn give_up(&mut self, who: &Who) -> Result<(), Full> {
        let now = self.inner.now();
        let mut state = self.inner.state();
        self.served = true;
        if self.receiver.try_recv().is_ok() {
            return Ok(());
        }
        state.waiters.remove(&self.number);
        let promise = state.fair.give_up(self.number, who, now);
        drop(state);
        Err(self.inner.full(who, promise))
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if self.served {
            return;
        }
        let mut state = self.inner.state();
        match self.receiver.try_recv() {
            // Its turn came and it went away: the next one has it.
            Ok(()) => {
                drop(state);
                self.inner.hand_out();
            }
            Err(_) => {
                state.waiters.remove(&self.number);
                state.fair.leave(self.number);
            }
        }
    }
}

fn rules(pace: Pace) -> Rules {
    Rules { interval: micros(pace.interval()).max(1), deadline: micros(pace.deadline) }
}

fn micros(duration: Duration) -> Micros {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
#[path = "budget_tests.rs"]
mod tests;
