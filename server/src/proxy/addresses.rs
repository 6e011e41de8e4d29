//! How many tunnels each address has, as long as it has one: nobody else is remembered.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::store::Hash;

/// The addresses that have tunnels. Clones are the same.
#[derive(Clone)]
pub struct Addresses {
    most: u32,
    taken: Arc<Mutex<HashMap<Hash, u32>>>,
}

/// One of an address's places, free again when this is dropped.
pub struct OfAddress {
    address: Hash,
    addresses: Addresses,
}

impl Addresses {
    /// Room for so many of each.
    pub fn new(most: u32) -> Self {
        Self { most, taken: Arc::default() }
    }

    /// A place, if the address has one left.
    pub fn place(&self, address: Hash) -> Option<OfAddress> {
        let mut taken = self.taken();
        let places = taken.get(&address).copied().unwrap_or(0);
        if places >= self.most {
            return None;
        }
        taken.insert(address, places + 1);
        drop(taken);
        Some(OfAddress { address, addresses: self.clone() })
    }

    /// Whether no address has any.
    #[cfg(test)]
    pub fn is_empty(&self) -> bool {
        self.taken().is_empty()
    }

    /// A panic elsewhere cannot have left it half changed.
    fn taken(&self) -> MutexGuard<'_, HashMap<Hash, u32>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for OfAddress {
    fn drop(&mut self) {
        let mut taken = self.addresses.taken();
        if let Some(places) = taken.get_mut(&self.address) {
            *places -= 1;
            if *places == 0 {
                taken.remove(&self.address);
            }
        }
    }
}
