//! The server's one key, shared by all instances, and what is derived from it.
//!
//! Guest cookies, CEC tokens, queue tickets and the audit log's HMACs each have a key of their own, derived
//! by HKDF-SHA256 with a label. To rotate: the new key becomes `key.previous_secret` everywhere, whose signatures are
//! accepted; then the two change places, until everything signed by the old one has ended (guest cookies: half a year).
//!
//! * [`settings`]: the section `[key]`.

pub mod settings;

use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// What a derived key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// Cookies of guests.
    Guest,
    /// Tokens of CEC's token mode.
    CecToken,
    /// Tickets of a full queue.
    Ticket,
    /// Persons in the audit log.
    Audit,
    /// Keys of the userSig cache.
    UserSig,
}

impl Label {
    const ALL: [Self; 5] = [Self::Guest, Self::CecToken, Self::Ticket, Self::Audit, Self::UserSig];

    const fn info(self) -> &'static [u8] {
        match self {
            Self::Guest => b"calldock guest cookie v1",
            Self::CecToken => b"calldock cec token v1",
            Self::Ticket => b"calldock queue ticket v1",
            Self::Audit => b"calldock audit v1",
            Self::UserSig => b"calldock user sig cache v1",
        }
    }
}

/// The shortest secret that is accepted, in bytes: 32 random bytes are 43 letters of base64.
pub const LEAST_BYTES: usize = 32;

/// The bytes of a sealed message's tag.
const TAG: usize = 16;

/// Returns random bytes of the system.
///
/// # Panics
/// The system gives none: nothing secret can be made then, and the request gets a 500.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the system gives random bytes");
    bytes
}

/// The key. Clones are the same; `Debug` shows nothing of it.
#[derive(Clone)]
pub struct ServerKey(Arc<Keys>);

struct Keys {
    current: Derived,
    previous: Option<Derived>,
}

type Derived = [Zeroizing<[u8; 32]>; Label::ALL.len()];

impl ServerKey {
    /// Of the configured secrets, of at least [`LEAST_BYTES`] each.
    pub fn new(current: &SecretString, previous: Option<&SecretString>) -> Self {
        let derived = |secret: &SecretString| derive(secret.expose_secret().as_bytes());
        let (current, previous) = (derived(current), previous.map(derived));
        Self(Arc::new(Keys { current, previous }))
    }

    /// A random one, which ends with the process.
    ///
    /// # Panics
    /// The system gives no random bytes.
    pub fn random() -> Self {
        let secret = Zeroizing::new(random::<32>());
        Self(Arc::new(Keys { current: derive(secret.as_ref()), previous: None }))
    }

    /// HMAC-SHA256 by the current key. The lengths of the parts are part of the message.
    pub fn mac(&self, label: Label, parts: &[&[u8]]) -> [u8; 32] {
        mac(&self.0.current, label, parts)
    }

    /// Signs a message: base64url of it and of a tag, which is for this context too.
    pub fn seal(&self, label: Label, context: &[&[u8]], message: &[u8]) -> String {
        let tag = self.mac(label, &[context, &[message]].concat());
        BASE64_URL_SAFE_NO_PAD.encode([message, &tag[..TAG]].concat())
    }

    /// Reads such a message, of `N` bytes, if it was signed by the current or the previous key.
    pub fn open<const N: usize>(
        &self,
        label: Label,
        context: &[&[u8]],
        text: &str,
    ) -> Option<[u8; N]> {
        // Of the right length, before anything is decoded.
        let text = Some(text).filter(|text| text.len() == ((N + TAG) * 4).div_ceil(3))?;
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        let (message, tag) = bytes.split_first_chunk::<N>()?;
        self.verify(label, &[context, &[message]].concat(), tag).then_some(*message)
    }

    /// Whether a tag of 16 to 32 bytes is this message's, by the current or the previous key. Takes the
    /// same time for every tag.
    pub fn verify(&self, label: Label, parts: &[&[u8]], tag: &[u8]) -> bool {
        let is_tag = |keys: &Derived| -> bool {
            let expected = mac(keys, label, parts);
            (16..=32).contains(&tag.len()) && expected[..tag.len()].ct_eq(tag).into()
        };
        let current = is_tag(&self.0.current);
        let previous = self.0.previous.as_ref().is_some_and(is_tag);
        current | previous
    }
}

impl std::fmt::Debug for ServerKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ServerKey")
    }
}

fn derive(secret: &[u8]) -> Derived {
    let hkdf = Hkdf::<Sha256>::new(Some(b"calldock server key"), secret);
    Label::ALL.map(|label| {
        let mut key = Zeroizing::new([0; 32]);
        hkdf.expand(label.info(), key.as_mut()).expect("32 bytes are a length HKDF can give");
        key
    })
}

fn mac(keys: &Derived, label: Label, parts: &[&[u8]]) -> [u8; 32] {
    let key = &keys[label as usize];
    let mut mac =
        Hmac::<Sha256>::new_from_slice(key.as_ref()).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "an old secret of more than 32 bytes, as of 2025";
    const NEW: &str = "a new secret of more than 32 bytes, as of 2026.";

    #[test]
    fn labels_parts_and_secrets_are_told_apart() {
        let key = ServerKey::new(&NEW.into(), None);
        let tag = key.mac(Label::Guest, &[b"ab", b"c"]);
        assert!(key.verify(Label::Guest, &[b"ab", b"c"], &tag));
        assert!(key.verify(Label::Guest, &[b"ab", b"c"], &tag[..16]));
        assert!(!key.verify(Label::Guest, &[b"a", b"bc"], &tag));
        assert!(!key.verify(Label::Ticket, &[b"ab", b"c"], &tag));
        assert!(
            !key.verify(Label::Guest, &[b"ab", b"c"], &tag[..15]),
            "too short to prove anything"
        );
        assert!(!key.verify(Label::Guest, &[b"ab", b"c"], b""));
        let other = ServerKey::random();
        assert!(!other.verify(Label::Guest, &[b"ab", b"c"], &tag));
        assert_eq!(format!("{key:?}"), "ServerKey");
    }

    #[test]
    fn a_rotated_key_still_verifies_and_signs_by_the_new_one() {
        let old = ServerKey::new(&OLD.into(), None);
        let both = ServerKey::new(&NEW.into(), Some(&OLD.into()));
        let new = ServerKey::new(&NEW.into(), None);
        assert!(both.verify(Label::Guest, &[b"x"], &old.mac(Label::Guest, &[b"x"])));
        assert!(new.verify(Label::Guest, &[b"x"], &both.mac(Label::Guest, &[b"x"])));
        assert!(!new.verify(Label::Guest, &[b"x"], &old.mac(Label::Guest, &[b"x"])));
    }
}
