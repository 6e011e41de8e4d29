//! All connections of a listener: how many there are, what each is doing, and which one is closed first.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, Weak};
use std::task::Waker;
use std::time::Duration;

use tokio::time::Instant;

use crate::address::neighbourhood;
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

impl Bounds {
    /// The same for a listener that CEC connects to by itself, never through the pages' gateways.
    #[must_use]
    pub fn without_gateways(&self) -> Self {
        Self { limits: self.limits, exempt: Gateways::default() }
    }
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
    open: Mutex<Open>,
}

/// By address and number, so that those of an address, and the addresses of a network, are neighbours.
type Open = BTreeMap<(Option<IpAddr>, u64), Weak<Connection>>;

/// What a connection is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doing {
    /// Between two requests.
    Idle,
    /// Receiving the head of a request.
    Head,
    /// Receiving the body of a request that is being handled.
    Body,
    /// A complete request is being handled or its response is being sent.
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
    /// Since when the connection is without a complete request. Bytes that trickle in change nothing.
    waiting: Option<Instant>,
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

    /// Admits a connection. `None` (a unix socket) is never counted per address.
    ///
    /// Where no slot is free, another connection is closed: the one that is without a complete request for
    /// longest, of this address if that has its share, else of the address that holds most in the network
    /// (/24 or /48) that holds most. A connection whose request is complete is never closed.
    pub(crate) fn admit(&self, peer: Option<IpAddr>) -> Result<Arc<Connection>, Full> {
        let exempt = self.0.exempt.read().unwrap_or_else(PoisonError::into_inner);
        let address = peer.filter(|peer| !exempt.contains(*peer)).map(key);
        drop(exempt);
        let slot = loop {
            match self.0.slots.take(address) {
                Ok(slot) => break slot,
                // Another thread may take what was freed; each round closes a connection.
                Err(Full::Address) if self.close_longest([address], false) => {}
                Err(Full::Total) if self.make_room() => {}
                Err(full) => return Err(full),
            }
        };
        let number = self.0.numbers.fetch_add(1, Ordering::Relaxed);
        let now = Instant::now();
        let state = State {
            doing: Doing::Head,
            since: now,
            waiting: Some(now),
            slot: Some(slot),
            waker: None,
        };
        let state = Mutex::new(state);
        let connection = Arc::new(Connection { number, address, state, all: self.clone() });
        self.open_ones().insert((address, number), Arc::downgrade(&connection));
        Ok(connection)
    }

    /// Closes a connection of the network that holds most. Gateways come last: theirs are of many callers.
    fn make_room(&self) -> bool {
        let heaviest = heaviest(self.open_ones().keys().filter_map(|(address, _)| *address));
        let equals = heaviest.chunk_by(|one, next| one.weight == next.weight);
        let closed = equals.into_iter().any(|addresses| {
            self.close_longest(addresses.iter().map(|held| Some(held.address)), true)
        });
        closed || self.close_longest([None], false)
    }

    /// Closes the connection of these addresses that is without a complete request for longest, and of those
    /// that receive a body (where `bodies` allows it) only if there is no other. Its slot is free at once.
    fn close_longest(
        &self,
        addresses: impl IntoIterator<Item = Option<IpAddr>>,
        bodies: bool,
    ) -> bool {
        let open = self.open_ones();
        let of = |address| open.range((address, 0)..=(address, u64::MAX));
        let connections: Vec<_> = addresses
            .into_iter()
            .flat_map(of)
            .filter_map(|(_, connection)| connection.upgrade())
            .collect();
        // Dropping the last reference to a connection takes the lock again.
        drop(open);
        let mut waiting: Vec<_> = connections
            .iter()
            .filter_map(|connection| Some((connection.waiting(bodies)?, connection)))
            .collect();
        waiting.sort_unstable_by_key(|(order, _)| *order);
        waiting.iter().any(|(_, connection)| connection.close(bodies))
    }

    fn open_ones(&self) -> MutexGuard<'_, Open> {
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
        let now = Instant::now();
        (state.doing, state.since) = (doing, now);
        match doing {
            Doing::Idle => state.waiting = Some(now),
            Doing::Head | Doing::Body => {}
            Doing::Request | Doing::Upgraded => state.waiting = None,
        }
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

    /// Notes that the body of the request is complete.
    pub(crate) fn received_all(&self) {
        if self.state().doing == Doing::Body {
            self.set(Doing::Request);
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
            Doing::Body | Doing::Request | Doing::Upgraded => None,
        })
    }

    /// The order in which waiting connections are closed: whether a body is being received, since when.
    fn waiting(&self, bodies: bool) -> Option<(bool, Instant)> {
        self.state().order(bodies)
    }

    /// Closes the connection if it still waits.
    fn close(&self, bodies: bool) -> bool {
        let mut state = self.state();
        if state.order(bodies).is_none() {
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

impl State {
    fn order(&self, bodies: bool) -> Option<(bool, Instant)> {
        let body = self.doing == Doing::Body;
        self.waiting.filter(|_| self.slot.is_some() && (bodies || !body)).map(|since| (body, since))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.all.open_ones().remove(&(self.address, self.number));
    }
}

/// An address with what it holds.
#[derive(Debug, PartialEq, Eq)]
struct Held {
    /// What its network holds, then what it holds itself.
    weight: (usize, usize),
    address: IpAddr,
}

/// Sorts addresses by [`Held::weight`], the heaviest first. They come in order, once for each connection.
fn heaviest(addresses: impl Iterator<Item = IpAddr>) -> Vec<Held> {
    let addresses: Vec<_> = addresses.collect();
    let mut held: Vec<_> = addresses
        .chunk_by(|one, next| neighbourhood(*one) == neighbourhood(*next))
        .flat_map(|network| {
            network
                .chunk_by(|one, next| one == next)
                .map(|own| Held { weight: (network.len(), own.len()), address: own[0] })
        })
        .collect();
    held.sort_by_key(|held| std::cmp::Reverse(held.weight));
    held
}

/// The connection was told to close for a newer one.
pub(crate) struct Closed;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_network_that_holds_most_comes_first_and_in_it_the_address() {
        let of = |text: &str| -> IpAddr { text.parse().unwrap() };
        let mut open = BTreeMap::new();
        for (number, text) in
            ["203.0.113.1", "2001:db8:0:1::", "198.51.100.9", "203.0.113.2", "2001:db8:0:2::"]
                .into_iter()
                .chain(["203.0.113.2", "198.51.100.9", "2001:db8:1::", "2001:db8:0:3::"])
                .chain(["2001:db8:0:4::"])
                .enumerate()
        {
            open.insert((of(text), number), ());
        }
        let order = heaviest(open.keys().map(|(address, _)| *address));
        let weights: Vec<_> = order.iter().map(|held| held.weight).collect();
        assert_eq!(weights, [(4, 1), (4, 1), (4, 1), (4, 1), (3, 2), (3, 1), (2, 2), (1, 1)]);
        assert_eq!(order[0].address, of("2001:db8:0:1::"));
        assert_eq!(order[4].address, of("203.0.113.2"));
        assert_eq!(order[6].address, of("198.51.100.9"));
        assert_eq!(order[7].address, of("2001:db8:1::"));
    }
}
