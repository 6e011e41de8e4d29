//! Sessions and guesses, as `calldock-accounts` keeps them.

use std::time::Duration;

use calldock_accounts::{Hash, LockOut, Unavailable};

use super::Store;

impl calldock_accounts::Store for Store {
    async fn keep_session(
        &self,
        id: &Hash,
        generation: &str,
        lifetime: Duration,
    ) -> Result<(), Unavailable> {
        match self {
            Self::Memory(memory) => Ok(memory.keep_session(id, generation, lifetime)?),
            Self::Redis(redis) => Ok(redis.keep_session(id, generation, lifetime).await?),
        }
    }

    async fn session(&self, id: &Hash) -> Result<Option<String>, Unavailable> {
        match self {
            Self::Memory(memory) => Ok(memory.session(id)),
            Self::Redis(redis) => Ok(redis.session(id).await?),
        }
    }

    async fn end_session(&self, id: &Hash) -> Result<(), Unavailable> {
        match self {
            Self::Memory(memory) => memory.end_session(id),
            Self::Redis(redis) => redis.end_session(id).await?,
        }
        Ok(())
    }

    async fn begin_guess(
        &self,
        who: &Hash,
        rule: &LockOut,
    ) -> Result<Result<(), Duration>, Unavailable> {
        match self {
            Self::Memory(memory) => Ok(memory.begin_guess(who, rule)),
            Self::Redis(redis) => Ok(redis.begin_guess(who, rule).await?),
        }
    }

    async fn forget_guesses(&self, who: &Hash) -> Result<(), Unavailable> {
        match self {
            Self::Memory(memory) => memory.forget_guesses(who),
            Self::Redis(redis) => redis.forget_guesses(who).await?,
        }
        Ok(())
    }
}

impl From<super::Unavailable> for Unavailable {
    fn from(_: super::Unavailable) -> Self {
        Self
    }
}
