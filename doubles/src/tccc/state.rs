//! Everything one contact centre keeps.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::watch;

use super::{centre::Centre, faults::Faults, log::Log, logins::Logins};

/// One contact centre; clones are the same one.
#[derive(Clone)]
pub struct Tccc(Arc<Kept>);

struct Kept {
    base: String,
    site_origin: String,
    closing: watch::Receiver<bool>,
    centre: Mutex<Centre>,
    logins: Mutex<Logins>,
    faults: Mutex<Faults>,
    log: Log,
}

impl Tccc {
    /// `base`: its own address, `http://127.0.0.1:8701`; `site_origin`: the site that may frame the
    /// workbench; `closing` turns true when the process ends.
    pub fn new(base: &str, site_origin: &str, closing: watch::Receiver<bool>) -> Self {
        Self(Arc::new(Kept {
            base: base.to_owned(),
            site_origin: site_origin.to_owned(),
            closing,
            centre: Mutex::new(Centre::new()),
            logins: Mutex::default(),
            faults: Mutex::default(),
            log: Log::default(),
        }))
    }

    /// Its own address, without a slash at the end.
    pub fn base(&self) -> &str {
        &self.0.base
    }

    /// The site that may frame the workbench.
    pub fn site_origin(&self) -> &str {
        &self.0.site_origin
    }

    /// Agents, calls, events. Never held across an await.
    pub fn centre(&self) -> MutexGuard<'_, Centre> {
        lock(&self.0.centre)
    }

    /// Tokens and sessions.
    pub fn logins(&self) -> MutexGuard<'_, Logins> {
        lock(&self.0.logins)
    }

    /// Planned faults.
    pub fn faults(&self) -> MutexGuard<'_, Faults> {
        lock(&self.0.faults)
    }

    /// What was seen.
    pub fn log(&self) -> &Log {
        &self.0.log
    }

    /// Resolves when the process is about to end.
    pub async fn closed(&self) {
        let mut closing = self.0.closing.clone();
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

    /// Does something to the centre later.
    pub fn later(&self, milliseconds: u64, act: impl FnOnce(&mut Centre) + Send + 'static) {
        let tccc = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(milliseconds)).await;
            act(&mut tccc.centre());
        });
    }
}

/// A panic in one request must not take the double away from all the others.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
