//! A bound on how many of something are open: all together, per address and, for [`Slots::shared`], per network.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::address::neighbourhood;

/// How many may be open at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// All together.
    pub total: u32,
    /// Of one address, or one /64 of IPv6.
    pub per_address: u32,
}

/// Why no slot was free.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Full {
    /// All slots are taken.
    Total,
    /// This address has as many as one address may have.
    Address,
    /// Its network (/24, or /48 of IPv6) has as many as one network may have.
    Network,
}

/// A set of slots. Clones share it. Only addresses that hold a slot are remembered.
#[derive(Clone, Debug)]
pub struct Slots(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    state: Mutex<State>,
    empty: Notify,
    refused: AtomicU64,
}

#[derive(Debug)]
struct State {
    limits: Limits,
    /// Whether a network leaves as many slots free as it holds.
    shared: bool,
    taken: u32,
    held: HashMap<(Full, IpAddr), u32>,
}

/// One slot; free again when dropped.
#[derive(Debug)]
pub struct Slot {
    address: Option<IpAddr>,
    slots: Slots,
}

impl Slots {
    /// Creates free slots.
    pub fn new(limits: Limits) -> Self {
        Self::of(limits, false)
    }

    /// Creates free slots of which a network takes one only while it holds fewer than are free: one takes half,
    /// several that keep asking come to equal shares and leave as much. Where one address may have more than
    /// half, so may its network.
    pub fn shared(limits: Limits) -> Self {
        Self::of(limits, true)
    }

    fn of(limits: Limits, shared: bool) -> Self {
        let state = Mutex::new(State { limits, shared, taken: 0, held: HashMap::new() });
        Self(Arc::new(Inner { state, empty: Notify::new(), refused: AtomicU64::new(0) }))
    }

    /// Changes the limits. Slots that are taken stay taken.
    pub fn set_limits(&self, limits: Limits) {
        self.state().limits = limits;
    }

    /// Takes a slot for an address; `None` is counted in the total only.
    ///
    /// # Errors
    /// [`Full`].
    pub fn take(&self, address: Option<IpAddr>) -> Result<Slot, Full> {
        let address = address.map(crate::key);
        let mut state = self.state();
        if let Some(full) = state.full(address) {
            self.0.refused.fetch_add(1, Ordering::Relaxed);
            return Err(full);
        }
        state.taken += 1;
        for key in keys(address) {
            *state.held.entry(key).or_default() += 1;
        }
        drop(state);
        Ok(Slot { address, slots: self.clone() })
    }

    /// Returns how many are taken.
    pub fn taken(&self) -> u32 {
        self.state().taken
    }

    /// Returns how many requests for a slot were refused so far.
    pub fn refused(&self) -> u64 {
        self.0.refused.load(Ordering::Relaxed)
    }

    /// Waits until none is taken.
    pub async fn empty(&self) {
        loop {
            let notified = self.0.empty.notified();
            tokio::pin!(notified);
            // Registered before the count is read, so that no change is missed.
            notified.as_mut().enable();
            if self.taken() == 0 {
                return;
            }
            notified.await;
        }
    }

    /// A panic elsewhere cannot leave the counts half changed.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Which bound leaves no slot to this address.
    fn full(&self, address: Option<IpAddr>) -> Option<Full> {
        let Limits { total, per_address } = self.limits;
        // What an address may have was decided by the operator.
        let free = total.saturating_sub(self.taken).max(1);
        let network = if per_address > total.div_ceil(2) { per_address } else { free };
        let full = keys(address).find(|key| {
            let bound = match key.0 {
                Full::Address => per_address,
                Full::Network if self.shared => network,
                Full::Network | Full::Total => u32::MAX,
            };
            self.held.get(key).copied().unwrap_or(0) >= bound
        });
        full.map(|(full, _)| full).or((self.taken >= total).then_some(Full::Total))
    }
}

/// What an address is counted by.
fn keys(address: Option<IpAddr>) -> impl Iterator<Item = (Full, IpAddr)> {
    let keys = |address| [(Full::Address, address), (Full::Network, neighbourhood(address))];
    address.into_iter().flat_map(keys)
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut state = self.slots.state();
        state.taken -= 1;
        for key in keys(self.address) {
            let count = state.held.entry(key).or_default();
            *count = count.saturating_sub(1);
            if *count == 0 {
                state.held.remove(&key);
            }
        }
        if state.taken == 0 {
            drop(state);
            self.slots.0.empty.notify_waiters();
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn here(last: u8) -> Option<IpAddr> {
        Some([203, 0, 113, last].into())
    }

    #[test]
    fn an_address_leaves_slots_to_others_and_is_forgotten_when_it_holds_none() {
        let slots = Slots::new(Limits { total: 4, per_address: 2 });
        let (first, second) = (slots.take(here(1)).unwrap(), slots.take(here(1)).unwrap());
        assert_eq!(slots.take(here(1)).err(), Some(Full::Address));
        let others = (slots.take(here(2)).unwrap(), slots.take(None).unwrap());
        assert_eq!(slots.take(here(3)).err(), Some(Full::Total));
        drop(first);
        assert!(slots.take(here(1)).is_ok(), "its own slot is free again");
        drop((second, others));
        assert_eq!((slots.taken(), slots.refused()), (0, 2));
        assert!(slots.state().held.is_empty());
    }

    #[test]
    fn addresses_of_one_64_share_their_slots() {
        let slots = Slots::new(Limits { total: 4, per_address: 1 });
        let of = |text: &str| Some(text.parse().unwrap());
        let _one = slots.take(of("2001:db8::1")).unwrap();
        assert_eq!(slots.take(of("2001:db8::2:3:4:5")).err(), Some(Full::Address));
        assert!(slots.take(of("2001:db8:0:1::1")).is_ok());
    }

    #[test]
    fn a_network_of_many_addresses_leaves_half_of_the_slots_to_others() {
        let of =
            |text: &str, number: u8| Some(text.replace('N', &number.to_string()).parse().unwrap());
        for (address, other) in [
            ("2001:db8:0:N::1", "2001:db8:1::1"),
            ("2001:db8:0:N00::1", "2001:db8:1::1"),
            ("203.0.113.N", "198.51.100.7"),
        ] {
            let slots = Slots::shared(Limits { total: 8, per_address: 2 });
            let held: Vec<_> =
                (0..4).map(|number| slots.take(of(address, number)).unwrap()).collect();
            assert_eq!(slots.take(of(address, 4)).err(), Some(Full::Network));
            assert!(slots.take(of(other, 0)).is_ok());
            drop(held);
            assert!(slots.take(of(address, 4)).is_ok() && slots.state().held.is_empty());
        }
        let one = Slots::shared(Limits { total: 2, per_address: 2 });
        let _held = [one.take(here(1)).unwrap(), one.take(here(1)).unwrap()];
        assert_eq!(one.taken(), 2, "what one address may have is not cut");
    }

    #[test]
    fn several_networks_come_to_equal_shares_and_leave_as_much() {
        let of = |network: u8| Some(IpAddr::from([203, 0, network, 7]));
        let slots = Slots::shared(Limits { total: 64, per_address: 32 });
        let mut held = Vec::new();
        for (network, most) in [(0, 32), (1, 16), (2, 8)] {
            let take = || slots.take(of(network));
            let taken: Vec<_> = std::iter::repeat_with(take).map_while(Result::ok).collect();
            assert_eq!(taken.len(), most, "{network}");
            held.push(taken);
        }
        // As slots become free, those that keep asking come to equal shares.
        for number in 0..1000 {
            let _ = held[number % 3].pop();
            for network in [2, 1, 0] {
                held[network].extend(slots.take(of(network as u8)).ok());
            }
        }
        let shares: Vec<_> = held.iter().map(Vec::len).collect();
        assert!(shares.iter().all(|share| (15..=17).contains(share)), "{shares:?}");
        assert!(slots.take(of(9)).is_ok());
    }

    #[tokio::test]
    async fn empty_waits_for_the_last_one() {
        let slots = Slots::new(Limits { total: 4, per_address: 2 });
        slots.empty().await;
        let slot = slots.take(None).unwrap();
        let waiting = tokio::spawn({
            let slots = slots.clone();
            async move { slots.empty().await }
        });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        drop(slot);
        waiting.await.unwrap();
    }
}
