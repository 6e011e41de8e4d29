//! All tunnels there are: no more than a number, fewer for each address, and an end to all of them at once.

use std::future::Future;
use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::addresses::{Addresses, OfAddress};
use crate::observe::metrics::Tunnel;
use crate::store::Hash;

/// The tunnels of one proxy.
#[derive(Clone)]
pub struct Tunnels {
    places: Arc<Semaphore>,
    most: u32,
    addresses: Addresses,
    stop: Arc<watch::Sender<bool>>,
}

/// A place for one tunnel, free again when this is dropped.
pub struct Place {
    _taken: OwnedSemaphorePermit,
    _of_address: OfAddress,
    _counted: Tunnel,
    stop: watch::Receiver<bool>,
}

/// Why there is no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Full {
    /// All are taken, or the server stops.
    All,
    /// This address has as many as one may have.
    OfAddress,
}

impl Tunnels {
    /// Room for so many, and for so many of each address.
    pub fn new(most: u32, of_address: u32) -> Self {
        let places = Arc::new(Semaphore::new(most as usize));
        let addresses = Addresses::new(of_address);
        Self { places, most, addresses, stop: Arc::new(watch::Sender::new(false)) }
    }

    /// A place for this address, if there is one and the server goes on.
    ///
    /// # Errors
    /// [`Full`].
    pub fn place(&self, address: Hash) -> Result<Place, Full> {
        if *self.stop.borrow() {
            return Err(Full::All);
        }
        let of_address = self.addresses.place(address).ok_or(Full::OfAddress)?;
        let taken = Arc::clone(&self.places).try_acquire_owned().map_err(|_| Full::All)?;
        Ok(Place {
            _taken: taken,
            _of_address: of_address,
            _counted: Tunnel::start(),
            stop: self.stop.subscribe(),
        })
    }

    /// Ends them all and lets no other begin. Done when the last one is gone.
    pub fn end(&self) -> impl Future<Output = ()> + Send + use<> {
        self.stop.send_replace(true);
        let (places, most) = (Arc::clone(&self.places), self.most);
        async move {
            let _ = places.acquire_many(most).await;
        }
    }
}

impl Place {
    /// Waits until the tunnel has to end.
    pub async fn stopped(&mut self) {
        let _ = self.stop.wait_for(|stop| *stop).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Hash = [1; 32];
    const THERE: Hash = [2; 32];

    #[tokio::test]
    async fn there_are_no_more_than_so_many_and_one_word_ends_them() {
        let tunnels = Tunnels::new(2, 2);
        let full = || tunnels.place(HERE).err();
        let (first, second) = (tunnels.place(HERE), tunnels.place(THERE));
        assert!(first.is_ok() && second.is_ok());
        assert_eq!(full(), Some(Full::All));
        drop(first);
        let Ok(mut third) = tunnels.place(HERE) else { panic!("expected a place") };
        let end = tunnels.end();
        third.stopped().await;
        assert_eq!(full(), Some(Full::All));
        drop((second, third));
        end.await;
        assert_eq!(full(), Some(Full::All), "none begins after the end");
        Tunnels::new(0, 0).end().await;
    }

    #[test]
    fn an_address_leaves_places_to_others_and_is_forgotten_when_it_has_none() {
        let tunnels = Tunnels::new(4, 2);
        let (first, second) = (tunnels.place(HERE), tunnels.place(HERE));
        assert!(first.is_ok() && second.is_ok());
        assert_eq!(tunnels.place(HERE).err(), Some(Full::OfAddress));
        let others = (tunnels.place(THERE), tunnels.place(THERE));
        drop(first);
        assert!(tunnels.place(HERE).is_ok(), "its own place is free again");
        drop((second, others));
        assert!(tunnels.addresses.is_empty());
    }
}
