//! Several instances share one Redis: a server, the master that Sentinel names, or a cluster.
//!
//! * [`connection`]: opened when needed, reopened when it breaks.
//!
//! Whatever must be one step is one Lua script, in the files beside this one, with all its keys declared.
//! Queue and tickets have one hash tag, so that a cluster keeps them in one slot. Time is Redis' own, so that
//! instances whose clocks differ agree.

mod connection;

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use ::redis::{Cmd, cmd};
#[cfg(feature = "accounts")]
use calldock_accounts::LockOut;

use super::settings::RedisSettings;
use super::{Grant, Hash, TokenUse, Unavailable};
use connection::Connection;

const ASK: &str = include_str!("ask.lua");
#[cfg(feature = "accounts")]
const GUESS: &str = include_str!("guess.lua");
const PACE: &str = include_str!("pace.lua");

/// A Redis. Clones share its connection.
#[derive(Clone)]
pub struct Redis(Arc<Inner>);

struct Inner {
    connection: Connection,
    prefix: String,
    instances: NonZeroU32,
}

impl Redis {
    /// The configured Redis. It is not contacted yet, and need not be there.
    pub fn new(settings: &RedisSettings) -> Self {
        // For TLS; the first to install one has installed the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self(Arc::new(Inner {
            connection: Connection::new(&settings.topology),
            prefix: settings.prefix.clone(),
            instances: settings.instances,
        }))
    }

    /// How many instances share the budgets, for the time Redis is unavailable.
    pub fn instances(&self) -> NonZeroU32 {
        self.0.instances
    }

    fn key(&self, kind: &str, hash: &Hash) -> String {
        format!("{}{kind}:{}", self.0.prefix, base16ct::lower::encode_string(hash))
    }

    pub(super) async fn ask_token(&self, token: &Hash, ask: TokenUse) -> Result<bool, Unavailable> {
        let mut command = script(ASK, &[self.key("t", token)]);
        command.arg(u8::from(ask.binding)).arg(ask.uses);
        command.arg(milliseconds(ask.window)).arg(milliseconds(ask.remaining));
        Ok(self.0.connection.send::<u8>(command).await? == 1)
    }

    pub(super) async fn spend_ticket(
        &self,
        ticket: &Hash,
        remaining: Duration,
    ) -> Result<(), Unavailable> {
        let mut set = cmd("SET");
        set.arg(self.key("{queue}:spent", ticket)).arg(1).arg("PX").arg(milliseconds(remaining));
        self.0.connection.send(set).await
    }

    pub(super) async fn is_ticket_spent(&self, ticket: &Hash) -> Result<bool, Unavailable> {
        let mut exists = cmd("EXISTS");
        exists.arg(self.key("{queue}:spent", ticket));
        Ok(self.0.connection.send::<u8>(exists).await? == 1)
    }

    /// Turns of a queue for this instance, of which so many requests wait here.
    ///
    /// # Errors
    /// [`Unavailable`]: the instance keeps to its own share.
    pub async fn pace(
        &self,
        queue: &str,
        interval: Duration,
        ahead: u32,
        instance: &str,
        waiting: u32,
    ) -> Result<Grant, Unavailable> {
        let key = |kind| format!("{}{{queue}}:{kind}:{queue}", self.0.prefix);
        let mut command = script(PACE, &[key("next"), key("waiting")]);
        let interval = interval.as_micros().max(1) as u64;
        command.arg(interval).arg(ahead).arg(instance).arg(waiting);
        let (count, delay, others): (u32, u64, u64) = self.0.connection.send(command).await?;
        Ok(Grant { count, delay: Duration::from_micros(delay), others })
    }

    /// Whether it responds, and lets this user run the queue's script.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn ready(&self) -> Result<(), Unavailable> {
        // In a cluster this goes to the node that keeps the queue. A replica, which only reads, is not ready.
        self.pace("ready", Duration::from_secs(1), 1, "ready", 0).await.map(drop)
    }
}

#[cfg(feature = "accounts")]
impl Redis {
    pub(super) async fn keep_session(
        &self,
        id: &Hash,
        user: &str,
        lifetime: Duration,
    ) -> Result<(), Unavailable> {
        let mut set = cmd("SET");
        set.arg(self.key("s", id)).arg(user).arg("PX").arg(milliseconds(lifetime));
        self.0.connection.send(set).await
    }

    pub(super) async fn session(&self, id: &Hash) -> Result<Option<String>, Unavailable> {
        let mut get = cmd("GET");
        get.arg(self.key("s", id));
        self.0.connection.send(get).await
    }

    pub(super) async fn end_session(&self, id: &Hash) -> Result<(), Unavailable> {
        let mut del = cmd("DEL");
        del.arg(self.key("s", id));
        self.0.connection.send::<u64>(del).await.map(drop)
    }

    pub(super) async fn begin_guess(
        &self,
        who: &Hash,
        rule: &LockOut,
    ) -> Result<Result<(), Duration>, Unavailable> {
        let mut command = script(GUESS, &[self.key("g", who)]);
        command.arg(rule.free);
        for time in [rule.first, rule.longest, rule.memory] {
            command.arg(milliseconds(time));
        }
        let wait = Duration::from_millis(self.0.connection.send(command).await?);
        Ok(if wait.is_zero() { Ok(()) } else { Err(wait) })
    }

    pub(super) async fn forget_guesses(&self, who: &Hash) -> Result<(), Unavailable> {
        let mut del = cmd("DEL");
        del.arg(self.key("g", who));
        self.0.connection.send::<u64>(del).await.map(drop)
    }
}

/// `EVAL`, with the text: a node that takes over in a cluster knows no script by its hash.
fn script(text: &str, keys: &[String]) -> Cmd {
    let mut command = cmd("EVAL");
    command.arg(text).arg(keys.len()).arg(keys);
    command
}

/// Redis refuses 0, and nothing here lasts longer than a year.
fn milliseconds(duration: Duration) -> u64 {
    const YEAR: u128 = 366 * 24 * 3600 * 1000;
    duration.as_millis().clamp(1, YEAR) as u64
}
