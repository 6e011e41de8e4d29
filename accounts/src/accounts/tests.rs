use std::collections::HashMap;
use std::sync::Mutex;

use super::*;
use crate::store::Unavailable;

/// A store of one process, without expiry.
#[derive(Clone, Debug, Default)]
struct Memory {
    sessions: Arc<Mutex<HashMap<Hash, String>>>,
    guesses: Arc<Mutex<HashMap<Hash, u32>>>,
}

impl Store for Memory {
    async fn keep_session(
        &self,
        id: &Hash,
        generation: &str,
        _: Duration,
    ) -> Result<(), Unavailable> {
        self.sessions.lock().unwrap().insert(*id, generation.to_owned());
        Ok(())
    }
    async fn session(&self, id: &Hash) -> Result<Option<String>, Unavailable> {
        Ok(self.sessions.lock().unwrap().get(id).cloned())
    }
    async fn end_session(&self, id: &Hash) -> Result<(), Unavailable> {
        self.sessions.lock().unwrap().remove(id);
        Ok(())
    }
    async fn begin_guess(
        &self,
        who: &Hash,
        rule: &LockOut,
    ) -> Result<Result<(), Duration>, Unavailable> {
        let mut guesses = self.guesses.lock().unwrap();
        let count = guesses.entry(*who).or_default();
        let wait = rule.wait_after(*count);
        if wait.is_zero() {
            *count += 1;
            return Ok(Ok(()));
        }
        Ok(Err(wait))
    }
    async fn forget_guesses(&self, who: &Hash) -> Result<(), Unavailable> {
        self.guesses.lock().unwrap().remove(who);
        Ok(())
    }
}

const USER: &str = "agent@example.com";
const PASSWORD: &str = "correct horse battery";
const NETWORK: &str = "192.0.2.1";

struct Fixture {
    accounts: Accounts<Memory>,
    store: Memory,
    _folder: tempfile::TempDir,
}

fn fixture() -> Fixture {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings {
        database: folder.path().join("a.sqlite3"),
        session_lifetime: Duration::from_secs(60),
    };
    let store = Memory::default();
    let accounts = Accounts::open(&settings, store.clone()).unwrap();
    let hash = crate::passwords::hash(&PASSWORD.into()).unwrap();
    accounts.database.add(&Account::new(USER, Some("Tom")).unwrap(), &hash).unwrap();
    Fixture { accounts, store, _folder: folder }
}

#[tokio::test]
async fn a_session_lasts_until_it_is_ended_or_the_password_changes() {
    let Fixture { accounts, store, .. } = fixture();
    let first = accounts.sign_in(USER, PASSWORD.into(), &[NETWORK.into()]).await.unwrap();
    let second =
        accounts.sign_in("AGENT@example.com", PASSWORD.into(), &[NETWORK.into()]).await.unwrap();
    assert_eq!(accounts.account(&first).await.unwrap().user, USER);
    accounts.end_session(&first).await.unwrap();
    assert_eq!(accounts.account(&first).await, Err(Failure::SignedOut));
    let change = async |old: &str, new: &str| {
        accounts.change_password(&second, old.into(), new.into(), &[NETWORK.into()]).await
    };
    assert_eq!(change("wrong", "an unrelated green bicycle").await, Err(Failure::WrongPassword));
    assert_eq!(change(PASSWORD, "agent@example.com").await, Err(Failure::WeakPassword));
    let third = change(PASSWORD, "an unrelated green bicycle").await.unwrap();
    assert_eq!(accounts.account(&second).await, Err(Failure::SignedOut));
    assert_eq!(accounts.account(&third).await.unwrap().user, USER);
    for secret in [&first, &second, &third] {
        let keys = store.sessions.lock().unwrap();
        assert!(keys.keys().all(|key| key != secret.as_bytes()), "the store holds only hashes");
    }
}

#[tokio::test]
async fn five_wrong_passwords_lock_the_user_out_and_fifty_the_network() {
    let Fixture { accounts, store, .. } = fixture();
    for _ in 0..5 {
        let guess = accounts.sign_in(USER, "wrong".into(), &[NETWORK.into()]).await;
        assert_eq!(guess, Err(Failure::WrongPassword));
    }
    // A right password is refused like a wrong one.
    let locked = accounts.sign_in("AGENT@example.com", PASSWORD.into(), &[NETWORK.into()]).await;
    assert_eq!(locked, Err(Failure::TooManySignIns(Duration::from_secs(30))));
    assert_eq!(accounts.passwords_hashed(), 5, "a locked-out guess costs no hash");

    store.guesses.lock().unwrap().insert(key("network", NETWORK), 50);
    let other = accounts.sign_in("other", "wrong".into(), &[NETWORK.into()]).await;
    assert!(matches!(other, Err(Failure::TooManySignIns(_))));
    let unlocked = store.guesses.lock().unwrap().contains_key(&key("guess", "other"));
    assert!(!unlocked, "a locked-out network locks out no user");
    assert_eq!(
        accounts.sign_in("other", "wrong".into(), &["192.0.2.2".into()]).await,
        Err(Failure::WrongPassword)
    );
}

#[tokio::test]
async fn a_wide_network_is_locked_out_after_more_guesses_than_a_narrow_one() {
    let Fixture { accounts, store, .. } = fixture();
    let guess = async |networks: [&str; 3]| {
        accounts.sign_in("other", "wrong".into(), &networks.map(str::to_owned)).await
    };
    let count =
        |network: &str, count| store.guesses.lock().unwrap().insert(key("network", network), count);
    for (network, free) in [("a", 50), ("b", 200), ("c", 800)] {
        count(network, free - 1);
        assert_eq!(guess(["a", "b", "c"]).await, Err(Failure::WrongPassword), "{network}");
        let locked = guess(["a", "b", "c"]).await;
        assert!(matches!(locked, Err(Failure::TooManySignIns(_))), "{network}");
        for network in ["a", "b", "c"] {
            count(network, 0);
        }
        store.guesses.lock().unwrap().remove(&key("guess", "other"));
    }
    accounts.sign_in(USER, PASSWORD.into(), &["a", "b", "c"].map(str::to_owned)).await.unwrap();
    let guesses = store.guesses.lock().unwrap();
    assert!(["a", "b", "c"].iter().all(|network| !guesses.contains_key(&key("network", network))));
}

#[tokio::test]
async fn one_account_cannot_fill_the_store_with_sessions() {
    let Fixture { accounts, store, .. } = fixture();
    let generation = accounts.database.by_user(USER).unwrap().unwrap().generation;
    store.guesses.lock().unwrap().insert(key("account", &generation), BY_ACCOUNT.free);
    let refused = accounts.sign_in(USER, PASSWORD.into(), &[NETWORK.into()]).await;
    assert!(matches!(refused, Err(Failure::TooManySignIns(_))), "{refused:?}");
    assert!(store.sessions.lock().unwrap().is_empty());
}
