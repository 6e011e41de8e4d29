//! Everything one tenant keeps.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use super::{faults::Faults, sessions::Sessions};
use crate::{chats::Chats, ending::Ending, log::Log};

/// The demo's tenant (the CEC guide's example).
pub const TENANT: &str = "202007159031";
/// The demo's channel, which is its access key as well (CEC guide, 2.4.1).
pub const CHANNEL: &str = "817854979183314945";
/// The demo's signing key, which opens nothing else; the server keeps a copy of its own.
pub const SECRET_KEY: &str = "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfG";

/// One tenant; clones are the same one.
#[derive(Clone)]
pub struct Cec(Arc<Kept>);

struct Kept {
    callback: String,
    ending: Ending,
    chats: Chats,
    log: Log,
    faults: Mutex<Faults>,
    sessions: Mutex<Sessions>,
}

impl Cec {
    /// `callback`: the integrator's validation route.
    pub fn new(callback: &str, ending: Ending, chats: Chats, log: Log) -> Self {
        let callback = callback.to_owned();
        let (faults, sessions) = Default::default();
        Self(Arc::new(Kept { callback, ending, chats, log, faults, sessions }))
    }

    /// The integrator's validation route.
    pub fn callback(&self) -> &str {
        &self.0.callback
    }

    /// The process's end.
    pub fn ending(&self) -> &Ending {
        &self.0.ending
    }

    /// Conversations with visitors.
    pub fn chats(&self) -> &Chats {
        &self.0.chats
    }

    /// Planned faults.
    pub fn faults(&self) -> MutexGuard<'_, Faults> {
        lock(&self.0.faults)
    }

    /// Visitors who are signed in.
    pub fn sessions(&self) -> MutexGuard<'_, Sessions> {
        lock(&self.0.sessions)
    }

    /// Notes what was seen: `step` is thirdPartyClient, newThirdPartyClient, callback, cobrowse or a
    /// REST method's name.
    pub fn log(&self, step: &str, outcome: &str, mut details: Value) {
        details["step"] = json!(step);
        details["outcome"] = json!(outcome);
        self.0.log.add("cec", details);
    }

    /// Forgets faults and signs everybody out.
    pub fn reset(&self) {
        *self.faults() = Faults::default();
        *self.sessions() = Sessions::default();
    }
}

/// A panic in one request must not take the double away from all the others.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
