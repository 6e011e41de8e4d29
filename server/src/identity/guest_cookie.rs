//! The value of a guest's cookie: a secret nonce, the time of issue and an HMAC.
//!
//! The guest's id is a hash of the nonce: pages, agents and the vendor read the id, and none of them can
//! become that guest with it. The time of issue tells returning guests from cookies made a moment ago.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sha2::{Digest, Sha256};

use crate::key::{Label, ServerKey, random};

/// A guest comes back to the same chat for half a year.
pub const MAX_AGE: Duration = Duration::from_secs(180 * 24 * 60 * 60);

/// A cookie older than this makes a guest known: a client that makes many guests has to wait first.
pub const KNOWN_AFTER: Duration = Duration::from_secs(60);

const NONCE: usize = 16;

/// A guest by its cookie.
#[derive(Clone, PartialEq, Eq)]
pub struct Guest {
    /// 26 hexadecimal digits, the same for every visit.
    pub id: String,
    /// Whether the cookie is older than [`KNOWN_AFTER`].
    pub known: bool,
}

/// Makes and reads the values of guests' cookies.
#[derive(Clone)]
pub struct GuestCookies(ServerKey);

impl GuestCookies {
    /// Cookies signed by this key.
    pub fn new(key: &ServerKey) -> Self {
        Self(key.clone())
    }

    /// A new guest and the value of its cookie, 48 letters of base64url.
    pub fn mint(&self, now: SystemTime) -> (Guest, String) {
        let nonce: [u8; NONCE] = random();
        let issued = u32::try_from(seconds(now)).unwrap_or(u32::MAX).to_be_bytes();
        let value = self.0.seal(Label::Guest, &[], &[&nonce[..], &issued].concat());
        (Guest { id: id(&nonce), known: false }, value)
    }

    /// The guest of a value that this server made in the last half year.
    pub fn read(&self, value: &str, now: SystemTime) -> Option<Guest> {
        let message = self.0.open::<{ NONCE + 4 }>(Label::Guest, &[], value)?;
        let (nonce, issued) = message.split_first_chunk::<NONCE>()?;
        let issued = u32::from_be_bytes(*issued.first_chunk()?);
        // Issued in the future: by an instance whose clock is ahead; not known yet.
        let age = seconds(now).saturating_sub(issued.into());
        let guest = Guest { id: id(nonce), known: age > KNOWN_AFTER.as_secs() };
        (age < MAX_AGE.as_secs()).then_some(guest)
    }
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// With the prefix `guest-` as long as CEC surely takes; 104 bits do not collide.
fn id(nonce: &[u8]) -> String {
    let hash = Sha256::new().chain_update("guest\n").chain_update(nonce).finalize();
    base16ct::lower::encode_string(&hash[..13])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_700_000_000 + seconds)
    }

    #[test]
    fn a_guest_is_the_same_later_and_known_after_a_minute() {
        let cookies = GuestCookies::new(&ServerKey::random());
        let (guest, value) = cookies.mint(after(0));
        assert_eq!((value.len(), guest.id.len(), guest.known), (48, 26, false));
        for (seconds, known) in [(0, false), (60, false), (61, true), (MAX_AGE.as_secs() - 1, true)]
        {
            let read = cookies.read(&value, after(seconds)).unwrap();
            assert_eq!((read.id.as_str(), read.known), (guest.id.as_str(), known), "{seconds}");
        }
        assert!(cookies.read(&value, after(MAX_AGE.as_secs())).is_none());
        assert_ne!(cookies.mint(after(0)).0.id, guest.id);
        assert!(!value.contains(&guest.id));
    }

    #[test]
    fn only_what_this_server_signed_is_a_guest() {
        let cookies = GuestCookies::new(&ServerKey::random());
        let (_, value) = cookies.mint(after(0));
        for text in ["", &"A".repeat(43), &"A".repeat(48), &"é".repeat(24), &value[1..]] {
            assert!(cookies.read(text, after(100)).is_none(), "{text}");
        }
        for at in 0..value.len() {
            let mut forged = value.clone().into_bytes();
            forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
            assert!(cookies.read(str::from_utf8(&forged).unwrap(), after(100)).is_none(), "{at}");
        }
        let other = GuestCookies::new(&ServerKey::random());
        assert!(other.read(&value, after(100)).is_none());
    }
}
