//! Everything one contact centre keeps.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde_json::{Value, json};

use super::{centre::Centre, faults::Faults, logins::Logins, staff::StaffBook};
use crate::{chats::Chats, ending::Ending, log::Log, when::random_hex};

/// One contact centre; clones are the same one.
#[derive(Clone)]
pub struct Tccc(Arc<Kept>);

struct Kept {
    base: String,
    site_origin: String,
    user_sig_key: String,
    ending: Ending,
    centre: Mutex<Centre>,
    staff: Mutex<StaffBook>,
    logins: Mutex<Logins>,
    faults: Mutex<Faults>,
    chats: Chats,
    log: Log,
}

impl Tccc {
    /// `base`: its own address, `http://127.0.0.1:8701`; `site_origin`: the site that may frame the
    /// workbench.
    pub fn new(base: &str, site_origin: &str, ending: Ending, chats: Chats, log: Log) -> Self {
        Self(Arc::new(Kept {
            base: base.to_owned(),
            site_origin: site_origin.to_owned(),
            user_sig_key: random_hex(),
            ending,
            centre: Mutex::new(Centre::new()),
            staff: Mutex::default(),
            logins: Mutex::default(),
            faults: Mutex::default(),
            chats,
            log,
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

    /// Who is an agent, as the cloud API knows them.
    pub fn staff(&self) -> MutexGuard<'_, StaffBook> {
        lock(&self.0.staff)
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

    /// Conversations with visitors.
    pub fn chats(&self) -> &Chats {
        &self.0.chats
    }

    /// The key of its user signatures: its own, new with each process.
    pub fn user_sig_key(&self) -> &[u8] {
        self.0.user_sig_key.as_bytes()
    }

    /// The process's end.
    pub fn ending(&self) -> &Ending {
        &self.0.ending
    }

    /// Everything as at the start; pages that are open drop what they show.
    pub fn reset(&self) {
        self.faults().reset();
        self.logins().reset();
        *self.staff() = StaffBook::default();
        self.centre().reset();
    }

    /// Agents, calls and scripts, for tests.
    pub fn view(&self) -> Value {
        let scripts = json!(self.logins().sessions().collect::<Vec<_>>());
        let staff = self.staff().view();
        let centre = self.centre();
        json!({
            "agents": centre.statuses(), "sessions": centre.calls().collect::<Vec<_>>(),
            "scripts": scripts, "staff": staff,
        })
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
