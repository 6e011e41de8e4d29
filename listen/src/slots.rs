//! A bound on how many of something are open, all together and per address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// How many may be open at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// All together.
    pub total: u32,
    /// Of one address, or one /64 of IPv6.
    pub per_address: u32,
}

/// Why no slot was free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Full {
    /// All slots are taken.
    Total,
    /// This address has as many as one address may have.
    Address,
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
    taken: u32,
    by_address: HashMap<IpAddr, u32>,
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
        let state = Mutex::new(State { limits, taken: 0, by_address: HashMap::new() });
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
        let full = address.is_some_and(|address| {
            state.by_address.get(&address).copied().unwrap_or(0) >= state.limits.per_address
        });
        let refused = match full {
            true => Some(Full::Address),
            false => (state.taken >= state.limits.total).then_some(Full::Total),
        };
        if let Some(full) = refused {
            self.0.refused.fetch_add(1, Ordering::Relaxed);
            return Err(full);
        }
        state.taken += 1;
        if let Some(address) = address {
            *state.by_address.entry(address).or_default() += 1;
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

impl Drop for Slot {
    fn drop(&mut self) {
        let mut state = self.slots.state();
        state.taken -= 1;
        if let Some(address) = self.address
            && let Some(count) = state.by_address.get_mut(&address)
        {
            *count -= 1;
            if *count == 0 {
                state.by_address.remove(&address);
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
        assert!(slots.state().by_address.is_empty());
    }

    #[test]
    fn addresses_of_one_64_share_their_slots() {
        let slots = Slots::new(Limits { total: 4, per_address: 1 });
        let of = |text: &str| Some(text.parse().unwrap());
        let _one = slots.take(of("2001:db8::1")).unwrap();
        assert_eq!(slots.take(of("2001:db8::2:3:4:5")).err(), Some(Full::Address));
        assert!(slots.take(of("2001:db8:0:1::1")).is_ok());
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
