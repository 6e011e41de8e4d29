//! Signatures that are still good, for a page that is reloaded.
//!
//! Two of each visitor, in a bounded cache that may forget. Keys are HMACs: a memory image holds no visitor's
//! data as a key. It saves calls to the vendor and is no defence: who varies the text gets no hit.

use std::time::Duration;

use calldock_contract::ChatLogin;
use moka::sync::Cache;

use crate::key::{Label, ServerKey};

/// Visitors whose signatures are kept.
const CAPACITY: u64 = 10_000;
/// The longest life of a signature at the vendor's.
const LONGEST: Duration = Duration::from_secs(3600);

type Mac = [u8; 32];

/// The cache; empty after every start.
pub struct SigCache {
    /// For this process alone.
    key: ServerKey,
    entries: Cache<Mac, [Option<Entry>; 2]>,
}

#[derive(Clone)]
struct Entry {
    of: Mac,
    made_at: u64,
    login: ChatLogin,
}

impl SigCache {
    /// An empty cache.
    pub fn new() -> Self {
        let entries = Cache::builder().max_capacity(CAPACITY).time_to_live(LONGEST).build();
        Self { key: ServerKey::random(), entries }
    }

    /// A login over this very text with at least half of its life left.
    pub fn get(&self, app: u64, uid: &str, client_data: &str, now: u64) -> Option<ChatLogin> {
        let (visitor, of) = self.macs(app, uid, client_data);
        let entries = self.entries.get(&visitor)?;
        let entry = entries.into_iter().flatten().find(|entry| entry.of == of)?;
        let half = entry.login.expires_at.saturating_sub(entry.made_at) / 2;
        (now >= entry.made_at && now + half < entry.login.expires_at).then_some(entry.login)
    }

    /// Keeps a login in the place of the visitor's older one.
    pub fn put(&self, app: u64, uid: &str, login: &ChatLogin, now: u64) {
        let (visitor, of) = self.macs(app, uid, &login.client_data);
        let new = Entry { of, made_at: now, login: login.clone() };
        self.entries.entry(visitor).and_upsert_with(|known| {
            let [first, second] = known.map(moka::Entry::into_value).unwrap_or_default();
            let other =
                if first.as_ref().is_some_and(|entry| entry.of == of) { second } else { first };
            [Some(new), other]
        });
    }

    fn macs(&self, app: u64, uid: &str, client_data: &str) -> (Mac, Mac) {
        let mac = |parts: &[&[u8]]| self.key.mac(Label::UserSig, parts);
        let (app, uid) = (app.to_be_bytes(), uid.as_bytes());
        (mac(&[&app, uid]), mac(&[&app, uid, client_data.as_bytes()]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login(client_data: &str, expires_at: u64) -> ChatLogin {
        ChatLogin {
            web_app_id: "app".into(),
            client_data: client_data.into(),
            user_sig: format!("sig of {client_data}"),
            expires_at,
        }
    }

    #[test]
    fn a_text_is_signed_once_until_half_of_its_life_is_over() {
        let cache = SigCache::new();
        assert_eq!(cache.get(1, "tom", "a", 100), None);
        cache.put(1, "tom", &login("a", 3700), 100);
        assert_eq!(cache.get(1, "tom", "a", 1899), Some(login("a", 3700)));
        assert_eq!(cache.get(1, "tom", "a", 1900), None);
        assert_eq!(cache.get(1, "tom", "a", 99), None, "a clock that was set back");
        assert_eq!(cache.get(2, "tom", "a", 100), None);
        assert_eq!(cache.get(1, "tim", "a", 100), None);
    }

    #[test]
    fn a_visitor_has_two_entries_and_the_newer_stay() {
        let cache = SigCache::new();
        for text in ["a", "b", "b", "c"] {
            cache.put(1, "tom", &login(text, 3700), 100);
        }
        let known = ["a", "b", "c"].map(|text| cache.get(1, "tom", text, 100).is_some());
        assert_eq!(known, [false, true, true]);
    }

    #[test]
    fn many_visitors_fill_no_memory() {
        let cache = SigCache::new();
        for number in 0..50_000 {
            cache.put(1, &number.to_string(), &login("a", 3700), 100);
        }
        cache.entries.run_pending_tasks();
        assert!(cache.entries.entry_count() <= CAPACITY);
    }
}
