//! The Token mode's tokens, which are not stored (CEC guide, chapter 1.5.1; `docs/vendor/huawei.md` §5).
//!
//! A token is a nonce, its end and two HMACs: one proves that this server made it, the other that it is for
//! this user, name and tenant. Only tokens that CEC has asked about are stored, until they end.

use std::time::Duration;

use calldock_contract::CecQuestion;
use calldock_service::since_1970;
use sha2::{Digest, Sha256};

use crate::key::{Label, ServerKey, random};
use crate::store::{Store, TokenUse, Unavailable};

/// How long tokens live, and how often each may be asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenPolicy {
    /// From the response to the page until CEC has asked.
    pub lifetime: Duration,
    /// Questions that are granted, within 15 s of the first (`docs/vendor/field.md` F13).
    pub uses: u8,
}

/// CEC loads two scripts with one token and may ask for each, within seconds.
const WINDOW: Duration = Duration::from_secs(15);
/// The default of `cec.token_uses` where it is known who asks.
const USES: u8 = 2;

/// The clocks of two instances may differ by this much.
const SKEW: Duration = Duration::from_secs(15);

const NONCE: usize = 12;
const PROOF: usize = 16;
const MESSAGE: usize = NONCE + 4 + PROOF;

impl TokenPolicy {
    /// The policy of `cec.token_lifetime` and `cec.token_uses`. Where neither `callback.callers` nor
    /// `callback.client_ca_file` says who may ask, a token is good for one question, whatever is configured.
    pub fn new(lifetime: Duration, uses: Option<u8>, callers_are_known: bool) -> Self {
        let uses = if callers_are_known { uses.unwrap_or(USES) } else { 1 };
        Self { lifetime, uses }
    }
}

/// Mints tokens and judges questions about them.
#[derive(Clone)]
pub struct Tokens {
    policy: TokenPolicy,
    key: ServerKey,
    store: Store,
}

/// Whom a token is for.
#[derive(Clone, Copy)]
pub struct Holder<'a> {
    /// `thirdUserId`.
    pub user_id: &'a str,
    /// `thirdUserName`.
    pub user_name: &'a str,
    /// `tenantSpaceId`.
    pub tenant: &'a str,
}

impl Tokens {
    /// Tokens of this policy, signed by this key; asked ones are kept in this store.
    pub fn new(policy: TokenPolicy, key: &ServerKey, store: &Store) -> Self {
        Self { policy, key: key.clone(), store: store.clone() }
    }

    /// Makes a token for this visitor. Stores nothing.
    pub fn mint(&self, holder: Holder<'_>) -> String {
        let nonce: [u8; NONCE] = random();
        let end = since_1970().as_secs().saturating_add(self.policy.lifetime.as_secs());
        let end = u32::try_from(end).unwrap_or(u32::MAX).to_be_bytes();
        let bound = self.key.mac(Label::CecToken, &holder.message(&nonce, &end));
        let message = [&nonce[..], &end, &bound[..PROOF]].concat();
        self.key.seal(Label::CecToken, &[b"made"], &message)
    }

    fn read(&self, token: &str) -> Option<[u8; MESSAGE]> {
        self.key.open(Label::CecToken, &[b"made"], token)
    }

    /// Whether the request is about a valid token of this server, with the visitor it was made for.
    /// A request with another visitor or tenant means that the token was stolen: it becomes invalid.
    ///
    /// # Errors
    /// [`Unavailable`]: treat it as a no.
    pub async fn ask(&self, question: &CecQuestion) -> Result<bool, Unavailable> {
        // Only tokens of this server are stored: no client can fill the store.
        let Some(message) = self.read(&question.token) else { return Ok(false) };
        let (name, bound) = message.split_at(NONCE + 4);
        let (nonce, end) = name.split_at(NONCE);
        let end_at = end.iter().fold(0, |time, byte| time << 8 | u64::from(*byte));
        let remaining = Duration::from_secs(end_at).saturating_sub(since_1970());
        // A token made while a clock was ahead would outlive the others.
        if remaining.is_zero() || remaining > self.policy.lifetime + SKEW {
            return Ok(false);
        }
        let holder = Holder {
            user_id: &question.user_id,
            user_name: &question.user_name,
            tenant: &question.tenant_space_id,
        };
        let binding = self.key.verify(Label::CecToken, &holder.message(nonce, end), bound);
        let usage = TokenUse { binding, uses: self.policy.uses, window: WINDOW, remaining };
        let entry = Sha256::new().chain_update("cec token\n").chain_update(name);
        self.store.ask_token(&entry.finalize().into(), usage).await
    }
}

impl<'a> Holder<'a> {
    fn message<'b>(&self, nonce: &'b [u8], end: &'b [u8]) -> [&'b [u8]; 6]
    where
        'a: 'b,
    {
        [
            b"for",
            nonce,
            end,
            self.user_id.as_bytes(),
            self.user_name.as_bytes(),
            self.tenant.as_bytes(),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOM: Holder<'static> =
        Holder { user_id: "10010001", user_name: "Tom", tenant: "202007159031" };

    fn question(token: &str) -> CecQuestion {
        CecQuestion {
            token: token.into(),
            user_name: "Tom".into(),
            user_id: "10010001".into(),
            tenant_space_id: "202007159031".into(),
        }
    }

    fn tokens(uses: u8, seconds: u64) -> Tokens {
        let policy = TokenPolicy { lifetime: Duration::from_secs(seconds), uses };
        Tokens::new(policy, &ServerKey::random(), &Store::memory())
    }

    #[tokio::test]
    async fn a_token_is_granted_as_often_as_the_policy_says() {
        for (uses, expected) in [(1, [true, false, false]), (2, [true, true, false])] {
            let tokens = tokens(uses, 120);
            let token = tokens.mint(TOM);
            assert_eq!(token.len(), 64);
            assert_ne!(token, tokens.mint(TOM));
            for granted in expected {
                assert_eq!(tokens.ask(&question(&token)).await, Ok(granted));
            }
        }
    }

    #[tokio::test]
    async fn a_token_for_another_visitor_or_tenant_ends() {
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
            let tokens = tokens(2, 120);
            let token = tokens.mint(TOM);
            let mut swapped = question(&token);
            swap(&mut swapped);
            assert_eq!(tokens.ask(&swapped).await, Ok(false), "{swapped:?}");
            assert_eq!(tokens.ask(&question(&token)).await, Ok(false), "{swapped:?}");
        }
    }

    #[tokio::test]
    async fn an_ended_token_is_refused() {
        let tokens = tokens(1, 0);
        let token = tokens.mint(TOM);
        assert_eq!(tokens.ask(&question(&token)).await, Ok(false));
    }

    #[tokio::test]
    async fn a_token_made_while_the_clock_was_ahead_is_refused() {
        let tokens = tokens(1, 120);
        for (ahead, granted) in [(3600, false), (60, false), (10, true), (0, true)] {
            let policy = TokenPolicy { lifetime: Duration::from_secs(120 + ahead), uses: 1 };
            let token = Tokens { policy, ..tokens.clone() }.mint(TOM);
            assert_eq!(tokens.ask(&question(&token)).await, Ok(granted), "{ahead}");
        }
    }

    #[tokio::test]
    async fn minting_and_forged_tokens_store_nothing() {
        let tokens = tokens(2, 120);
        let token = tokens.mint(TOM);
        let other = Tokens::new(tokens.policy, &ServerKey::random(), &tokens.store);
        for text in ["", "x", &"A".repeat(64), &"é".repeat(32), &other.mint(TOM), &token[1..]] {
            assert_eq!(tokens.ask(&question(text)).await, Ok(false), "{text}");
        }
        for at in 0..token.len() {
            let mut forged = token.clone().into_bytes();
            forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
            let forged = String::from_utf8(forged).unwrap();
            assert_eq!(tokens.ask(&question(&forged)).await, Ok(false), "{at}");
        }
        for _ in 0..10_000 {
            tokens.mint(TOM);
        }
        assert_eq!(tokens.store.counts()[0], ("asked_tokens", 0));
        assert_eq!(tokens.ask(&question(&token)).await, Ok(true));
        assert_eq!(tokens.store.counts()[0], ("asked_tokens", 1));
    }

    #[test]
    fn without_known_callers_a_token_is_good_for_one_question() {
        let lifetime = Duration::from_secs(120);
        let uses = |uses, known| TokenPolicy::new(lifetime, uses, known).uses;
        assert_eq!([uses(None, false), uses(Some(2), false)], [1, 1]);
        assert_eq!([uses(None, true), uses(Some(1), true), uses(Some(2), true)], [2, 1, 2]);
    }
}
