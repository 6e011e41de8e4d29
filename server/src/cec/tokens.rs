//! The Token mode's tokens: opaque, short-lived, for one visitor, kept only as hashes (seed 001,
//! chapter 1.5.1; `vendor/huawei.md` §5).
//!
//! Where the hashes are kept, and who else knows them, is the [`Store`]'s business.

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use calldock_contract::CecQuestion;
use sha2::{Digest, Sha256};

use super::Channel;
use crate::identity::Visitor;
use crate::store::{Hash, KeepError, Store, Unavailable};

/// How long tokens live, and how often each is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenPolicy {
    /// From the answer to the page until CEC has asked.
    pub lifetime: Duration,
    /// Once, unless a tenant is seen to ask for both of its scripts.
    pub uses: u8,
}

/// Mints tokens and takes them back.
#[derive(Clone, Debug)]
pub struct Tokens {
    policy: TokenPolicy,
    store: Store,
}

/// A token could not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MintError {
    /// As many as there may be are alive.
    Full,
    /// There is nowhere to keep it.
    Unavailable,
    /// The system gave no random bytes.
    NoRandomness,
}

impl From<KeepError> for MintError {
    fn from(error: KeepError) -> Self {
        match error {
            KeepError::Full => Self::Full,
            KeepError::Unavailable => Self::Unavailable,
        }
    }
}

impl Tokens {
    /// Tokens of this policy, kept in this store.
    pub fn new(policy: TokenPolicy, store: Store) -> Self {
        Self { policy, store }
    }

    /// Makes a token of 256 random bits that vouches for this visitor of this channel's tenant.
    ///
    /// # Errors
    /// [`MintError`].
    pub async fn mint(&self, channel: &Channel, visitor: &Visitor) -> Result<String, MintError> {
        let mut bits = [0; 32];
        getrandom::fill(&mut bits).map_err(|_| MintError::NoRandomness)?;
        let token = BASE64_URL_SAFE_NO_PAD.encode(bits);
        let bound_to = binding(&visitor.id, &visitor.name, &channel.tenant);
        let TokenPolicy { lifetime, uses } = self.policy;
        self.store.keep_token(&Sha256::digest(&token).into(), &bound_to, uses, lifetime).await?;
        Ok(token)
    }

    /// Whether the question is about a living token and the visitor it was made for; the token is used
    /// up by that. A token with another visitor's name on it has fallen into wrong hands: it ends.
    ///
    /// # Errors
    /// [`Unavailable`]: that is no yes.
    pub async fn spend(&self, question: &CecQuestion) -> Result<bool, Unavailable> {
        let asked = binding(&question.user_id, &question.user_name, &question.tenant_space_id);
        self.store.spend_token(&Sha256::digest(&question.token).into(), &asked).await
    }
}

/// A hash of all that a token is bound to; lengths keep the parts apart.
fn binding(user_id: &str, user_name: &str, tenant: &str) -> Hash {
    let mut hash = Sha256::new();
    for part in [user_id, user_name, tenant] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn channel() -> Channel {
        Channel { tenant: "202007159031".into(), id: "817854979183314945".into() }
    }

    fn tom() -> Visitor {
        Visitor { id: "10010001".into(), name: "Tom".into() }
    }

    fn question(token: &str) -> CecQuestion {
        CecQuestion {
            token: token.into(),
            user_name: "Tom".into(),
            user_id: "10010001".into(),
            tenant_space_id: "202007159031".into(),
        }
    }

    fn tokens(uses: u8) -> Tokens {
        Tokens::new(TokenPolicy { lifetime: Duration::from_secs(120), uses }, Store::memory())
    }

    #[tokio::test]
    async fn a_token_is_long_and_good_once() {
        let tokens = tokens(1);
        let token = tokens.mint(&channel(), &tom()).await.unwrap();
        assert_eq!(token.len(), 43);
        assert_ne!(token, tokens.mint(&channel(), &tom()).await.unwrap());
        assert!(tokens.spend(&question(&token)).await.unwrap());
        assert!(!tokens.spend(&question(&token)).await.unwrap());
        assert!(!tokens.spend(&question("")).await.unwrap());
    }

    #[tokio::test]
    async fn as_many_uses_as_configured_and_no_more() {
        let tokens = tokens(2);
        let token = tokens.mint(&channel(), &tom()).await.unwrap();
        for expected in [true, true, false] {
            assert_eq!(tokens.spend(&question(&token)).await.unwrap(), expected);
        }
    }

    #[tokio::test]
    async fn a_token_for_another_visitor_or_tenant_is_no_longer_good_for_its_own() {
        let table: [fn(&mut CecQuestion); 4] = [
            |question| question.user_id.push('2'),
            |question| question.user_name = "Tim".into(),
            |question| question.tenant_space_id = "1".into(),
            // The same letters, split elsewhere.
            |question| {
                question.user_id.push('T');
                question.user_name = "om".into();
            },
        ];
        for swap in table {
            let tokens = tokens(2);
            let token = tokens.mint(&channel(), &tom()).await.unwrap();
            let mut swapped = question(&token);
            swap(&mut swapped);
            assert!(!tokens.spend(&swapped).await.unwrap(), "{swapped:?}");
            assert!(!tokens.spend(&question(&token)).await.unwrap());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_ends() {
        let tokens = tokens(1);
        let token = tokens.mint(&channel(), &tom()).await.unwrap();
        let later = tokens.mint(&channel(), &tom()).await.unwrap();
        tokio::time::advance(Duration::from_secs(119)).await;
        assert!(tokens.spend(&question(&later)).await.unwrap());
        tokio::time::advance(Duration::from_secs(1)).await;
        assert!(!tokens.spend(&question(&token)).await.unwrap());
    }
}
