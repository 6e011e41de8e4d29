//! The process's end, and waiting that never outlasts it.

use std::time::Duration;

use tokio::sync::watch;

/// Knows when the process is about to end; clones know the same.
#[derive(Clone)]
pub struct Ending(watch::Receiver<bool>);

impl Ending {
    /// `closing` turns true when the process ends.
    pub fn new(closing: watch::Receiver<bool>) -> Self {
        Self(closing)
    }

    /// Resolves when the process is about to end.
    pub async fn closed(&self) {
        let mut closing = self.0.clone();
        // A sender that is gone without a word ends the process just the same.
        let _ = closing.wait_for(|closing| *closing).await;
    }

    /// Waits, but not beyond the process's end.
    pub async fn pause(&self, milliseconds: u64) {
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(milliseconds)) => (),
            () = self.closed() => (),
        }
    }
}
