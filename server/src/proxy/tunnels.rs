//! All tunnels there are: no more than a number, and an end to all of them at once.

use std::future::Future;
use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use crate::operation::metrics::Tunnel;

/// The tunnels of one proxy.
#[derive(Clone, Debug)]
pub struct Tunnels {
    places: Arc<Semaphore>,
    most: u32,
    stop: Arc<watch::Sender<bool>>,
}

/// A place for one tunnel, free again when this is dropped.
#[derive(Debug)]
pub struct Place {
    _taken: OwnedSemaphorePermit,
    _counted: Tunnel,
    stop: watch::Receiver<bool>,
}

impl Tunnels {
    /// Room for so many.
    pub fn new(most: u32) -> Self {
        let places = Arc::new(Semaphore::new(most as usize));
        Self { places, most, stop: Arc::new(watch::Sender::new(false)) }
    }

    /// A place, if there is one and the server goes on.
    pub fn place(&self) -> Option<Place> {
        if *self.stop.borrow() {
            return None;
        }
        let taken = Arc::clone(&self.places).try_acquire_owned().ok()?;
        Some(Place { _taken: taken, _counted: Tunnel::start(), stop: self.stop.subscribe() })
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

    #[tokio::test]
    async fn there_are_no_more_than_so_many_and_one_word_ends_them() {
        let tunnels = Tunnels::new(2);
        let (first, second) = (tunnels.place(), tunnels.place());
        assert!(first.is_some() && second.is_some() && tunnels.place().is_none());
        drop(first);
        let mut third = tunnels.place().unwrap();
        let end = tunnels.end();
        third.stopped().await;
        assert!(tunnels.place().is_none());
        drop((second, third));
        end.await;
        assert!(tunnels.place().is_none(), "none begins after the end");
        Tunnels::new(0).end().await;
    }
}
