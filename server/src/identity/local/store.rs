//! The server's store as the accounts use it.

use std::time::Duration;

use calldock_accounts::{Hash, LockOut, Store, Unavailable};

use crate::store;

impl Store for store::Store {
    async fn keep_session(
        &self,
        id: &Hash,
        generation: &str,
        lifetime: Duration,
    ) -> Result<(), Unavailable> {
        store::Store::keep_session(self, id, generation, lifetime).await.map_err(unavailable)
    }

    async fn session(&self, id: &Hash) -> Result<Option<String>, Unavailable> {
        store::Store::session(self, id).await.map_err(unavailable)
    }

    async fn end_session(&self, id: &Hash) -> Result<(), Unavailable> {
        store::Store::end_session(self, id).await.map_err(unavailable)
    }

    async fn begin_guess(
        &self,
        who: &Hash,
        rule: &LockOut,
    ) -> Result<Result<(), Duration>, Unavailable> {
        let LockOut { free, first, longest, memory } = *rule;
        let rule = store::LockOut { free, first, longest, memory };
        let begun = store::Store::begin_guess(self, who, &rule).await.map_err(unavailable)?;
        Ok(begun.map_err(|wait| wait.0))
    }

    async fn forget_guesses(&self, who: &Hash) -> Result<(), Unavailable> {
        store::Store::forget_guesses(self, who).await.map_err(unavailable)
    }
}

fn unavailable(_: store::Unavailable) -> Unavailable {
    Unavailable
}
