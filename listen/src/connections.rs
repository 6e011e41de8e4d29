//! All connections of a listener: how many there are, what each is doing, and which one is closed first.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, Weak};
use std::task::Waker;
use std::time::Duration;

use tokio::time::Instant;

use crate::slots::{Full, Limits, Slot, Slots};
use crate::{Gateways, key};

/// The bounds of a listener.
#[derive(Clone, Debug)]
pub struct Bounds {
    /// How many connections, all together and per address.
    pub limits: Limits,
    /// Whose connections are not counted per address: gateways carry many callers.
    pub exempt: Gateways,
}

/// The deadlines of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// From the connection, or the first byte of a later request, to the end of the request's head. Also
    /// covers a TLS handshake.
    pub head: Duration,
    /// How long a connection may wait for its next request. Set it longer than the gateway keeps its own
    /// idle connections (nginx: 60 s), or a request may meet a connection that is just being closed.
    pub idle: Duration,
    /// How long a response may wait because the client does not read.
    pub stall: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        let [head, idle, stall] = [10, 75, 30].map(Duration::from_secs);
        Self { head, idle, stall }
    }
}

/// The connections of one listener. Clones share them.
#[derive(Clone, Debug)]
pub struct Connections(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    slots: Slots,
    exempt: RwLock<Gateways>,
    numbers: AtomicU64,
    open: Mutex<BTreeMap<u64, Weak<Connection>>>,
}

/// What a connection is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doing {
    /// Between two requests.
    Idle,
    /// Receiving the head of a request.
    Head,
    /// A request is being handled or its response is being sent.
    Request,
    /// Another protocol after an upgrade; these deadlines no longer apply.
    Upgraded,
}

/// One open connection.
#[derive(Debug)]
pub(crate) struct Connection {
    number: u64,
    address: Option<IpAddr>,
    state: Mutex<State>,
    all: Connections,
}

#[derive(Debug)]
struct State {
    doing: Doing,
    since: Instant,
    /// Gone once the connection was told to close for a newer one.
    slot: Option<Slot>,
    waker: Option<Waker>,
}

impl Connections {
    /// Creates the bounds of a listener without connections.
    pub fn new(bounds: Bounds) -> Self {
        Self(Arc::new(Inner {
            slots: Slots::new(bounds.limits),
            exempt: RwLock::new(bounds.exempt),
            numbers: AtomicU64::new(0),
            open: Mutex::default(),
        }))
    }

    /// Changes the bounds. Open connections stay open.
    pub fn set_bounds(&self, bounds: Bounds) {
        self.0.slots.set_limits(bounds.limits);
        *self.0.exempt.write().unwrap_or_else(PoisonError::into_inner) = bounds.exempt;
    }

    /// Returns how many connections are open.
    pub fn open(&self) -> u32 {
        self.0.slots.taken()
    }

    /// Admits a connection. `None` (a unix socket) is never counted per address. Where no slot is free,
    /// the connection that is idle longest is closed: of all, or of this address.
    pub(crate) fn admit(&self, peer: Option<IpAddr>) -> Result<Arc<Connection>, Full> {
        let exempt = self.0.exempt.read().unwrap_or_else(PoisonError::into_inner);
        let address = peer.filter(|peer| !exempt.contains(*peer)).map(key);
        drop(exempt);
        let slot = self.0.slots.take(address).or_else(|full| {
            let of = if full == Full::Address { address } else { None };
            if self.close_idle(of) { self.0.slots.take(address) } else { Err(full) }
        })?;
        let number = self.0.numbers.fetch_add(1, Ordering::Relaxed);
        let state =
            State { doing: Doing::Head, since: Instant::now(), slot: Some(slot), waker: None };
        let state = Mutex::new(state);
        let connection = Arc::new(Connection { number, address, state, all: self.clone() });
        self.open_ones().insert(number, Arc::downgrade(&connection));
        Ok(connection)
    }

    /// Closes the connection that is idle longest, if one is idle. Its slot is free at once.
    fn close_idle(&self, of: Option<IpAddr>) -> bool {
        let open: Vec<_> = self.open_ones().values().filter_map(Weak::upgrade).collect();
        let idle = open
            .iter()
            .filter(|connection| of.is_none() || connection.address == of)
            .filter_map(|connection| connection.idle_since().map(|since| (since, connection)));
        let Some((_, longest)) = idle.min_by_key(|(since, _)| *since) else { return false };
        longest.close()
    }

    fn open_ones(&self) -> MutexGuard<'_, BTreeMap<u64, Weak<Connection>>> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connection {
    /// Notes what the connection does from now on. After an upgrade nothing changes any more.
    pub(crate) fn set(&self, doing: Doing) {
        let mut state = self.state();
        if state.doing == Doing::Upgraded || state.doing == doing {
            return;
        }
        (state.doing, state.since) = (doing, Instant::now());
        // The reader waits by the deadline of what was done before.
        if let Some(waker) = state.waker.take() {
            drop(state);
            waker.wake();
        }
    }

    /// Notes that bytes arrived: between two requests they begin the next one.
    pub(crate) fn received(&self) {
        if self.state().doing == Doing::Idle {
            self.set(Doing::Head);
        }
    }

    /// Returns when reading has to end, or `None` where another deadline applies; an error once the
    /// connection was told to close. The waker is woken when either changes.
    pub(crate) fn read_until(
        &self,
        deadlines: &Deadlines,
        waker: &Waker,
    ) -> Result<Option<Instant>, Closed> {
        let mut state = self.state();
        if state.slot.is_none() {
            return Err(Closed);
        }
        if !state.waker.as_ref().is_some_and(|known| known.will_wake(waker)) {
            state.waker = Some(waker.clone());
        }
        Ok(match state.doing {
            Doing::Head => Some(state.since + deadlines.head),
            Doing::Idle => Some(state.since + deadlines.idle),
            Doing::Request | Doing::Upgraded => None,
        })
    }

    fn idle_since(&self) -> Option<Instant> {
        let state = self.state();
        (state.doing == Doing::Idle && state.slot.is_some()).then_some(state.since)
    }

    fn close(&self) -> bool {
        let mut state = self.state();
        if state.doing != Doing::Idle {
            return false;
        }
        let slot = state.slot.take();
        let waker = state.waker.take();
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
        slot.is_some()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.all.open_ones().remove(&self.number);
    }
}

/// The connection was told to close for a newer one.
pub(crate) struct Closed;
