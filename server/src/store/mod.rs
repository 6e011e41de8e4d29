//! What several instances of this server must agree on: tokens, sessions, guesses and limits.
//!
//! * [`expiring`]: a bounded map whose entries end by themselves.
//! * [`limits`]: how often something may happen.
//! * [`lock_out`]: how long somebody who guesses has to wait.
//! * [`memory`]: one process agrees with itself.
//! * [`redis`]: several instances agree by one Redis.
//!
//! Keys are hashes: the store knows no token, no name and no address. What a store cannot say counts as
//! a refusal everywhere ([`Unavailable`]).

mod expiring;
mod limits;
mod lock_out;
mod memory;
mod redis;

use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use calldock_contract::Code;

use crate::config::StoreConfig;
use crate::observe::metrics;
use crate::problem::{Refusal, Remedy};
pub use governor::Quota;
pub use limits::Limit;
pub use lock_out::LockOut;
pub use memory::Memory;
pub use redis::Redis;

/// What everything is kept under: SHA-256 of what it is about.
pub type Hash = [u8; 32];

/// What instances share. Clones are the same store.
#[derive(Clone, Debug)]
pub enum Store {
    /// One process, until it ends.
    Memory(Arc<Memory>),
    /// All instances that are given the same Redis.
    Redis(Redis),
}

/// The store cannot say: whoever asked refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the store cannot be asked")]
pub struct Unavailable;

/// A token is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeepError {
    /// As many as there may be are alive.
    Full,
    /// The store cannot be asked.
    Unavailable,
}

/// Not yet: how long from now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait(pub Duration);

impl Wait {
    /// Whole seconds for a `Retry-After`, never too few.
    pub fn seconds(self) -> u32 {
        let seconds = self.0.as_secs() + u64::from(self.0.subsec_nanos() > 0);
        u32::try_from(seconds).unwrap_or(u32::MAX).max(1)
    }
}

impl Store {
    /// The configured store. Nothing is asked yet.
    pub fn open(config: &StoreConfig) -> Self {
        match config {
            StoreConfig::Memory => Self::memory(),
            StoreConfig::Redis(redis) => Self::Redis(Redis::new(redis)),
        }
    }

    /// A store of this process alone, with nothing in it.
    pub fn memory() -> Self {
        Self::Memory(Arc::new(Memory::new()))
    }

    /// Keeps a token for so many uses, at most so long.
    ///
    /// # Errors
    /// [`KeepError`].
    pub async fn keep_token(
        &self,
        token: &Hash,
        bound_to: &Hash,
        uses: u8,
        lifetime: Duration,
    ) -> Result<(), KeepError> {
        match self {
            Self::Memory(memory) => memory.keep_token(token, bound_to, uses, lifetime),
            Self::Redis(redis) => redis
                .keep_token(token, bound_to, uses, lifetime)
                .await
                .map_err(|Unavailable| KeepError::Unavailable),
        }
    }

    /// Whether the token lives and is bound to this; of several who ask at once, only as many hear yes
    /// as it has uses. Asked with another binding it has fallen into wrong hands: it ends.
    ///
    /// # Errors
    /// [`Unavailable`]. Whether the token was used up is not known then.
    pub async fn spend_token(&self, token: &Hash, bound_to: &Hash) -> Result<bool, Unavailable> {
        match self {
            Self::Memory(memory) => Ok(memory.spend_token(token, bound_to)),
            Self::Redis(redis) => redis.spend_token(token, bound_to).await,
        }
    }

    /// Remembers that this session is the user's.
    ///
    /// # Errors
    /// [`Unavailable`], also where there are too many.
    pub async fn keep_session(
        &self,
        id: &Hash,
        user: &str,
        lifetime: Duration,
    ) -> Result<(), Unavailable> {
        match self {
            Self::Memory(memory) => memory.keep_session(id, user, lifetime),
            Self::Redis(redis) => redis.keep_session(id, user, lifetime).await,
        }
    }

    /// Whose session it is, as long as it lasts.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn session(&self, id: &Hash) -> Result<Option<String>, Unavailable> {
        match self {
            Self::Memory(memory) => Ok(memory.session(id)),
            Self::Redis(redis) => redis.session(id).await,
        }
    }

    /// Ends a session, if there is one.
    ///
    /// # Errors
    /// [`Unavailable`]: it may still be there.
    pub async fn end_session(&self, id: &Hash) -> Result<(), Unavailable> {
        match self {
            Self::Memory(memory) => {
                memory.end_session(id);
                Ok(())
            }
            Self::Redis(redis) => redis.end_session(id).await,
        }
    }

    /// Counts a guess, *before* anybody looks whether it is right; so of many at once no more are looked
    /// at than of one after the other. While locked out, nothing is counted.
    ///
    /// # Errors
    /// [`Unavailable`]; inside, how long to [`Wait`].
    pub async fn begin_guess(
        &self,
        who: &Hash,
        rule: &LockOut,
    ) -> Result<Result<(), Wait>, Unavailable> {
        let begun = match self {
            Self::Memory(memory) => Ok(memory.begin_guess(who, rule)),
            Self::Redis(redis) => redis.begin_guess(who, rule).await,
        };
        if matches!(begun, Ok(Err(_))) {
            metrics::guess_refused();
        }
        begun
    }

    /// The guess was right: all of them are forgotten.
    ///
    /// # Errors
    /// [`Unavailable`]: they still count.
    pub async fn forget_guesses(&self, who: &Hash) -> Result<(), Unavailable> {
        match self {
            Self::Memory(memory) => {
                memory.forget_guesses(who);
                Ok(())
            }
            Self::Redis(redis) => redis.forget_guesses(who).await,
        }
    }

    /// A limit that all instances share under this name.
    pub fn limit(&self, name: &'static str, quota: Quota) -> Limit {
        match self {
            Self::Memory(memory) => Limit::Memory(memory.limit(name, quota)),
            Self::Redis(redis) => Limit::Redis(redis.clone(), name, quota),
        }
    }

    /// Whether the store answers, for the readiness of this instance.
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

/// How soon a store that was away may be back.
const RETRY_AFTER: u32 = 2;

impl From<Unavailable> for Refusal {
    fn from(_: Unavailable) -> Self {
        metrics::store_failed();
        let detail = "What this server shares with its other instances cannot be reached.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, Code::LoginFailed, detail)
            .with_remedy(Remedy {
                en: "Try again in a few seconds; if it keeps happening, check [store] of the server's configuration and whether Redis is up.",
                zh: "请数秒后重试；若反复出现，请检查服务端配置的 [store] 以及 Redis 是否正常运行。",
            })
            .with_retry_after(Some(RETRY_AFTER))
    }
}
