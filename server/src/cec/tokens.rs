//! The Token mode's tokens: opaque, short-lived, for one visitor, kept only as hashes (seed 001,
//! chapter 1.5.1; `vendor/huawei.md` §5).
//!
//! In memory: one process knows them. For many processes the same two questions, mint and spend, go to
//! a store they share; that is why both are asynchronous.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use calldock_contract::CecQuestion;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use tokio::time::Instant;

use super::Channel;
use crate::identity::Visitor;

/// How many tokens may be alive at once. A visitor's page needs one for seconds.
const CAPACITY: usize = 100_000;

/// How long tokens live, and how often each is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenPolicy {
    /// From the answer to the page until CEC has asked.
    pub lifetime: Duration,
    /// Once, unless a tenant is seen to ask for both of its scripts.
    pub uses: u8,
}

/// The living tokens. `Debug` shows their number.
pub struct Tokens {
    policy: TokenPolicy,
    capacity: usize,
    living: Mutex<Living>,
}

#[derive(Default)]
struct Living {
    by_hash: HashMap<Hash, Entry>,
    /// In the order of their ends, since all live equally long.
    ends: VecDeque<(Instant, Hash)>,
}

struct Entry {
    bound_to: Hash,
    end: Instant,
    uses_left: u8,
}

type Hash = [u8; 32];

/// A token could not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MintError {
    /// As many as there may be are alive.
    Full,
    /// The system gave no random bytes.
    NoRandomness,
}

impl Tokens {
    /// No tokens yet.
    pub fn new(policy: TokenPolicy) -> Self {
        Self { policy, capacity: CAPACITY, living: Mutex::default() }
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
        let now = Instant::now();
        let end = now + self.policy.lifetime;
        let hash = Sha256::digest(&token).into();
        let mut living = self.living.lock().unwrap_or_else(PoisonError::into_inner);
        living.forget_ended(now);
        if living.ends.len() >= self.capacity {
            return Err(MintError::Full);
        }
        living.by_hash.insert(hash, Entry { bound_to, end, uses_left: self.policy.uses });
        living.ends.push_back((end, hash));
        Ok(token)
    }

    /// Whether the question is about a living token and the visitor it was made for; the token is used
    /// up by that. A token with another visitor's name on it has fallen into wrong hands: it ends.
    pub async fn spend(&self, question: &CecQuestion) -> bool {
        // The hash decides what is looked up, so the time it takes tells nothing of a token.
        let hash: Hash = Sha256::digest(&question.token).into();
        let asked = binding(&question.user_id, &question.user_name, &question.tenant_space_id);
        let mut living = self.living.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(entry) = living.by_hash.get_mut(&hash) else { return false };
        let same = bool::from(entry.bound_to.ct_eq(&asked));
        let valid = same && Instant::now() < entry.end;
        entry.uses_left = if valid { entry.uses_left.saturating_sub(1) } else { 0 };
        if entry.uses_left == 0 {
            living.by_hash.remove(&hash);
        }
        valid
    }
}

impl Living {
    fn forget_ended(&mut self, now: Instant) {
        while let Some((_, hash)) = self.ends.pop_front_if(|(end, _)| *end <= now) {
            self.by_hash.remove(&hash);
        }
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

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let living = self.living.lock().unwrap_or_else(PoisonError::into_inner);
        write!(f, "Tokens({} living)", living.by_hash.len())
    }
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
        Tokens::new(TokenPolicy { lifetime: Duration::from_secs(120), uses })
    }

    #[tokio::test]
    async fn a_token_is_long_and_good_once() {
        let tokens = tokens(1);
        let token = tokens.mint(&channel(), &tom()).await.unwrap();
        assert_eq!(token.len(), 43);
        assert_ne!(token, tokens.mint(&channel(), &tom()).await.unwrap());
        assert!(tokens.spend(&question(&token)).await);
        assert!(!tokens.spend(&question(&token)).await);
        assert!(!tokens.spend(&question("")).await);
    }

    #[tokio::test]
    async fn as_many_uses_as_configured_and_no_more() {
        let tokens = tokens(2);
        let token = tokens.mint(&channel(), &tom()).await.unwrap();
        for expected in [true, true, false] {
            assert_eq!(tokens.spend(&question(&token)).await, expected);
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
            assert!(!tokens.spend(&swapped).await, "{swapped:?}");
            assert!(!tokens.spend(&question(&token)).await);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_ends_and_is_forgotten() {
        let tokens = tokens(1);
        let token = tokens.mint(&channel(), &tom()).await.unwrap();
        let later = tokens.mint(&channel(), &tom()).await.unwrap();
        tokio::time::advance(Duration::from_secs(119)).await;
        assert!(tokens.spend(&question(&later)).await);
        tokio::time::advance(Duration::from_secs(1)).await;
        assert!(!tokens.spend(&question(&token)).await);
        tokens.mint(&channel(), &tom()).await.unwrap();
        assert_eq!(format!("{tokens:?}"), "Tokens(1 living)");
    }

    #[tokio::test(start_paused = true)]
    async fn only_so_many_are_alive_at_once() {
        let tokens = Tokens { capacity: 3, ..tokens(1) };
        for _ in 0..3 {
            tokens.mint(&channel(), &tom()).await.unwrap();
        }
        assert_eq!(tokens.mint(&channel(), &tom()).await, Err(MintError::Full));
        tokio::time::advance(Duration::from_secs(120)).await;
        assert!(tokens.mint(&channel(), &tom()).await.is_ok());
    }
}
