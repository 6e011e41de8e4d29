//! What several instances of this server share: asked tokens, sessions, guesses, spent tickets, the pace.
//!
//! * `accounts`: sessions and guesses of local accounts, with the feature of that name.
//! * [`expiring`]: a bounded map whose entries expire.
//! * [`memory`]: one process.
//! * [`redis`]: several instances by Redis: one server, Sentinel or Cluster.
//! * [`settings`]: the section `[store]`.
//!
//! Keys are hashes: the store holds no token, no name and no address. Where the store cannot be reached,
//! tokens, sessions and guesses are refused ([`Unavailable`]); the pace falls back to each instance's share.

#[cfg(feature = "accounts")]
mod accounts;
mod expiring;
mod memory;
mod redis;
pub mod settings;

use std::sync::Arc;
use std::time::Duration;

pub use memory::{ASKED, Memory};
pub use redis::Redis;
pub use settings::StoreSettings;

/// SHA-256 of what an entry is about.
pub type Hash = [u8; 32];

/// The shared store. Clones are the same store.
#[derive(Clone)]
pub enum Store {
    /// One process, until it ends.
    Memory(Arc<Memory>),
    /// All instances that are given the same Redis.
    Redis(Redis),
}

/// The store cannot be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the shared store (Redis) is unavailable")]
pub struct Unavailable;

/// A question about a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenUse {
    /// Whether the question names whom the token was made for.
    pub binding: bool,
    /// How often it may be asked about, within [`TokenUse::window`] of the first time.
    pub uses: u8,
    /// See there.
    pub window: Duration,
    /// How long the token still lives.
    pub remaining: Duration,
}

/// Turns granted to one instance, evenly spaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// How many.
    pub count: u32,
    /// When the first of them is; without any, when to ask again.
    pub delay: Duration,
    /// How many wait at other instances.
    pub others: u64,
}

impl Store {
    /// The configured store. It is not contacted yet.
    pub fn open(settings: &StoreSettings) -> Self {
        match settings {
            StoreSettings::Memory => Self::memory(),
            StoreSettings::Redis(redis) => Self::Redis(Redis::new(redis)),
        }
    }

    /// A store of this process alone, with nothing in it.
    pub fn memory() -> Self {
        Self::Memory(Arc::new(Memory::new()))
    }

    /// Notes a question about a token, and whether it is granted: only as often as it may be, of many at
    /// once too. A wrong binding ends the token. Kept until the token ends.
    ///
    /// # Errors
    /// [`Unavailable`], also where too many tokens are being asked about.
    pub async fn ask_token(&self, token: &Hash, usage: TokenUse) -> Result<bool, Unavailable> {
        match self {
            Self::Memory(memory) => memory.ask_token(token, usage),
            Self::Redis(redis) => redis.ask_token(token, usage).await,
        }
    }

    /// Notes that the holder of a ticket was served.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn spend_ticket(
        &self,
        ticket: &Hash,
        remaining: Duration,
    ) -> Result<(), Unavailable> {
        match self {
            Self::Memory(memory) => {
                memory.spend_ticket(ticket, remaining);
                Ok(())
            }
            Self::Redis(redis) => redis.spend_ticket(ticket, remaining).await,
        }
    }

    /// Whether the holder of a ticket was served already.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn is_ticket_spent(&self, ticket: &Hash) -> Result<bool, Unavailable> {
        match self {
            Self::Memory(memory) => Ok(memory.is_ticket_spent(ticket)),
            Self::Redis(redis) => redis.is_ticket_spent(ticket).await,
        }
    }

    /// How many entries there are of each kind, for gauges; none of Redis, which has its own.
    pub fn counts(&self) -> Vec<(&'static str, usize)> {
        match self {
            Self::Memory(memory) => memory.counts().into(),
            Self::Redis(_) => Vec::new(),
        }
    }

    /// Whether the store can be reached, for the readiness of this instance.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn ready(&self) -> Result<(), Unavailable> {
        match self {
            Self::Memory(_) => Ok(()),
            Self::Redis(redis) => redis.ready().await,
        }
    }
}
