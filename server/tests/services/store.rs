//! The store's promises, kept by Redis; in memory they are tested beside the code.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::{Duration, Instant};

use calldock_server::store::{Hash, KeepError, LockOut, Quota, Store, Unavailable};
use calldock_server::tccc::action::Pacers;
use calldock_server::tccc::{Action, Pace};

use crate::redis_server::{Keeps, PASSWORD, RedisServer};

const MINUTE: Duration = Duration::from_secs(60);

fn hash(byte: u8) -> Hash {
    [byte; 32]
}

#[tokio::test]
async fn a_token_has_so_many_uses_and_one_binding_at_all_instances() {
    let redis = RedisServer::start(Keeps::Nothing);
    let (one, other) = (redis.store(), redis.store());
    for (uses, asked, expected) in [
        (1, [2, 2, 2], [true, false, false]),
        (2, [2, 2, 2], [true, true, false]),
        (2, [3, 2, 2], [false, false, false]),
        (0, [2, 2, 2], [false, false, false]),
    ] {
        one.keep_token(&hash(1), &hash(2), uses, MINUTE).await.unwrap();
        for (store, (asked, expected)) in
            [&other, &one, &other].into_iter().zip(asked.into_iter().zip(expected))
        {
            assert_eq!(store.spend_token(&hash(1), &hash(asked)).await, Ok(expected), "{uses}");
        }
    }
    let mut connection = redis.connection().await;
    let left: usize = redis::cmd("DBSIZE").query_async(&mut connection).await.unwrap();
    assert_eq!(left, 0, "what is used up takes no room");
}

#[tokio::test]
async fn two_instances_keep_the_vendors_pace_together() {
    let redis = RedisServer::start(Keeps::Nothing);
    let pace = Pace { per_second: 20, deadline: Duration::from_secs(10) };
    let mut calls = tokio::task::JoinSet::new();
    let begun = Instant::now();
    for store in [redis.store(), redis.store()] {
        let pacers = Arc::new(Pacers::new(pace, &store));
        for _ in 0..15 {
            let pacers = Arc::clone(&pacers);
            calls.spawn(async move {
                pacers.of(Action::CreateSdkLoginToken).turn().await.unwrap();
                begun.elapsed()
            });
        }
    }
    let mut left = calls.join_all().await;
    left.sort_unstable();
    // Evenly, 50 ms apart. A busy machine may note a moment late, never early.
    assert!(left[29] >= Duration::from_millis(29 * 50 - 20), "{left:?}");
}

#[tokio::test]
async fn who_would_wait_too_long_for_other_instances_is_refused() {
    let redis = RedisServer::start(Keeps::Nothing);
    let pace = Pace { per_second: 1, deadline: Duration::from_millis(300) };
    let [one, other] = [redis.store(), redis.store()].map(|store| Pacers::new(pace, &store));
    one.of(Action::CreateUserSig).turn().await.unwrap();
    other.of(Action::CreateStaff).turn().await.expect("the vendor counts actions apart");
    let begun = Instant::now();
    assert!(other.of(Action::CreateUserSig).turn().await.is_err());
    assert!(begun.elapsed() < pace.deadline, "refused as soon as it is known");
}

#[tokio::test]
async fn of_64_who_spend_a_token_at_once_one_hears_yes() {
    let redis = RedisServer::start(Keeps::Nothing);
    let stores = [redis.store(), redis.store()];
    for round in 0..20 {
        stores[0].keep_token(&hash(round), &hash(2), 1, MINUTE).await.unwrap();
        let spending: Vec<_> = (0..64)
            .map(|number| {
                let store = stores[number % 2].clone();
                tokio::spawn(async move { store.spend_token(&hash(round), &hash(2)).await })
            })
            .collect();
        let mut yes = 0;
        for spent in spending {
            yes += usize::from(spent.await.unwrap().unwrap());
        }
        assert_eq!(yes, 1);
    }
}

#[tokio::test]
async fn tokens_sessions_and_guesses_end_by_redis_own_clock() {
    let redis = RedisServer::start(Keeps::Nothing);
    let store = redis.store();
    let short = Duration::from_millis(150);
    store.keep_token(&hash(1), &hash(2), 1, short).await.unwrap();
    store.keep_session(&hash(3), "agent@example.com", short).await.unwrap();
    assert_eq!(store.session(&hash(3)).await, Ok(Some("agent@example.com".into())));
    let rule = LockOut { free: 1, first: short, longest: short, memory: short };
    assert_eq!(store.begin_guess(&hash(4), &rule).await, Ok(Ok(())));
    let mut connection = redis.connection().await;
    let end = Instant::now() + Duration::from_secs(10);
    // Nothing tells when a key ends, so it is asked for.
    while redis::cmd("DBSIZE").query_async::<usize>(&mut connection).await.unwrap() > 0 {
        assert!(Instant::now() < end, "a key without an end");
    }
    assert_eq!(store.spend_token(&hash(1), &hash(2)).await, Ok(false));
    assert_eq!(store.session(&hash(3)).await, Ok(None));
}

#[tokio::test]
async fn a_session_that_is_ended_at_one_instance_is_ended_at_the_other() {
    let redis = RedisServer::start(Keeps::Nothing);
    let (one, other) = (redis.store(), redis.store());
    one.keep_session(&hash(1), "agent@example.com", MINUTE).await.unwrap();
    assert_eq!(other.session(&hash(1)).await, Ok(Some("agent@example.com".into())));
    other.end_session(&hash(1)).await.unwrap();
    assert_eq!(one.session(&hash(1)).await, Ok(None));
}

#[tokio::test]
async fn guesses_are_counted_by_all_instances_before_they_are_looked_at() {
    let redis = RedisServer::start(Keeps::Nothing);
    let stores = [redis.store(), redis.store()];
    let day = Duration::from_secs(86_400);
    let rule = LockOut { free: 5, first: MINUTE, longest: day, memory: day };
    let guessing: Vec<_> = (0..64)
        .map(|number| {
            let store = stores[number % 2].clone();
            tokio::spawn(async move { store.begin_guess(&hash(1), &rule).await })
        })
        .collect();
    let mut looked_at = 0;
    for guess in guessing {
        match guess.await.unwrap().unwrap() {
            Ok(()) => looked_at += 1,
            Err(wait) => assert!(wait.0 <= MINUTE && wait.0 > Duration::from_secs(50), "{wait:?}"),
        }
    }
    assert_eq!(looked_at, 5);
    assert_eq!(stores[0].begin_guess(&hash(2), &rule).await, Ok(Ok(())), "somebody else");
    stores[1].forget_guesses(&hash(1)).await.unwrap();
    assert_eq!(stores[0].begin_guess(&hash(1), &rule).await, Ok(Ok(())));
}

#[tokio::test]
async fn a_lock_out_doubles() {
    let redis = RedisServer::start(Keeps::Nothing);
    let store = redis.store();
    let mut connection = redis.connection().await;
    let rule = LockOut { free: 2, first: MINUTE, longest: MINUTE * 5, memory: MINUTE };
    assert_eq!(store.begin_guess(&hash(1), &rule).await, Ok(Ok(())));
    for minutes in [1, 2, 4, 5, 5] {
        assert_eq!(store.begin_guess(&hash(1), &rule).await, Ok(Ok(())));
        let wait = store.begin_guess(&hash(1), &rule).await.unwrap().unwrap_err().0;
        let least = MINUTE * minutes - Duration::from_secs(5);
        assert!(wait > least && wait <= MINUTE * minutes, "{minutes}: {wait:?}");
        // Nobody waits for minutes here: the lock is taken away, the count stays.
        let key = format!("test:g:{}", "01".repeat(32));
        let mut unlock = redis::cmd("HDEL");
        unlock.arg(key).arg("locked_until").exec_async(&mut connection).await.unwrap();
    }
}

#[tokio::test]
async fn limits_are_shared_by_name() {
    let redis = RedisServer::start(Keeps::Nothing);
    let quota = Quota::per_minute(NonZeroU32::new(6).unwrap());
    let limits = [redis.store().limit("login", quota), redis.store().limit("login", quota)];
    for number in 0..6 {
        assert_eq!(limits[number % 2].take(&hash(1)).await, Ok(Ok(())));
    }
    for limit in &limits {
        let wait = limit.take(&hash(1)).await.unwrap().unwrap_err().0;
        let expected = Duration::from_secs(5)..=Duration::from_secs(10);
        assert!(expected.contains(&wait), "one in ten seconds: {wait:?}");
        assert_eq!(limit.take(&hash(2)).await, Ok(Ok(())));
    }
    assert_eq!(redis.store().limit("callback", quota).take(&hash(1)).await, Ok(Ok(())));
    let quick = Quota::per_second(NonZeroU32::new(50).unwrap());
    let quick = redis.store().limit("quick", quick.allow_burst(NonZeroU32::MIN));
    assert_eq!(quick.take(&hash(1)).await, Ok(Ok(())));
    let end = Instant::now() + Duration::from_secs(5);
    while quick.take(&hash(1)).await.unwrap().is_err() {
        assert!(Instant::now() < end, "nothing is given back");
    }
}

#[tokio::test]
async fn keys_are_hashes_under_the_prefix_and_all_of_them_end() {
    let redis = RedisServer::start(Keeps::Nothing);
    let store = redis.store();
    let rule = LockOut { free: 5, first: MINUTE, longest: MINUTE, memory: MINUTE };
    store.keep_token(&hash(1), &hash(2), 1, MINUTE).await.unwrap();
    store.keep_session(&hash(3), "agent@example.com", MINUTE).await.unwrap();
    store.begin_guess(&hash(4), &rule).await.unwrap().unwrap();
    let limit = store.limit("login", Quota::per_minute(NonZeroU32::MIN));
    limit.take(&hash(5)).await.unwrap().unwrap();
    let mut connection = redis.connection().await;
    let mut keys: Vec<String> =
        redis::cmd("KEYS").arg("*").query_async(&mut connection).await.unwrap();
    keys.sort();
    for (key, (kind, byte)) in
        keys.iter().zip([("g:", "04"), ("l:login:", "05"), ("s:", "03"), ("t:", "01")])
    {
        let (prefix, digits) = key.split_at(key.len() - 64);
        assert!(prefix.starts_with(&format!("test:{kind}")), "{key}");
        assert_eq!(digits, byte.repeat(32));
        let left: i64 = redis::cmd("PTTL").arg(key).query_async(&mut connection).await.unwrap();
        assert!(left > 0 && left <= 120_000, "{key}: {left}");
    }
    assert_eq!(keys.len(), 4);
}

async fn all_refused(store: &Store) {
    let rule = LockOut { free: 5, first: MINUTE, longest: MINUTE, memory: MINUTE };
    let kept = store.keep_token(&hash(1), &hash(2), 1, MINUTE).await;
    assert_eq!(kept, Err(KeepError::Unavailable));
    assert_eq!(store.spend_token(&hash(1), &hash(2)).await, Err(Unavailable));
    assert_eq!(store.keep_session(&hash(1), "a", MINUTE).await, Err(Unavailable));
    assert_eq!(store.session(&hash(1)).await, Err(Unavailable));
    assert_eq!(store.end_session(&hash(1)).await, Err(Unavailable));
    assert_eq!(store.begin_guess(&hash(1), &rule).await, Err(Unavailable));
    assert_eq!(store.forget_guesses(&hash(1)).await, Err(Unavailable));
    let limit = store.limit("login", Quota::per_minute(NonZeroU32::MIN));
    assert_eq!(limit.take(&hash(1)).await, Err(Unavailable));
    assert_eq!(store.ready().await, Err(Unavailable));
}

#[tokio::test]
async fn without_redis_everything_is_refused_and_nobody_waits_long() {
    let mut redis = RedisServer::start(Keeps::Nothing);
    let store = redis.store();
    assert_eq!(store.ready().await, Ok(()));
    redis.kill();
    let start = Instant::now();
    all_refused(&store).await;
    assert!(start.elapsed() < Duration::from_secs(9));
    redis.restart();
    let end = Instant::now() + Duration::from_secs(5);
    while store.ready().await.is_err() {
        assert!(Instant::now() < end, "it does not recover");
    }
}

#[tokio::test]
async fn a_redis_that_says_nothing_holds_nobody_up_for_long() {
    // It takes connections and never answers.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("redis://:{PASSWORD}@{}/0", silent.local_addr().unwrap());
    let config = calldock_server::config::RedisConfig::new(&url.into(), "test:".into()).unwrap();
    let config = calldock_server::config::StoreConfig::Redis(Box::new(config));
    let store = Store::open(&config);
    let start = Instant::now();
    let asking: Vec<_> = (0..50)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.ready().await })
        })
        .collect();
    for asked in asking {
        assert_eq!(asked.await.unwrap(), Err(Unavailable));
    }
    assert!(start.elapsed() < Duration::from_millis(1500), "{:?}", start.elapsed());
    let shown = format!("{store:?} {config:?}");
    assert!(!shown.contains(PASSWORD) && !shown.contains("127.0.0.1"), "{shown}");
}

#[tokio::test]
async fn a_redis_that_stands_still_is_given_up_and_found_again() {
    let redis = RedisServer::start(Keeps::Nothing);
    let store = redis.store();
    store.keep_token(&hash(1), &hash(2), 1, MINUTE).await.unwrap();
    redis.signal("-STOP");
    let start = Instant::now();
    assert_eq!(store.spend_token(&hash(1), &hash(2)).await, Err(Unavailable));
    all_refused(&store).await;
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    redis.signal("-CONT");
    let end = Instant::now() + Duration::from_secs(5);
    while store.ready().await.is_err() {
        assert!(Instant::now() < end, "it does not recover");
    }
    // It may have been spent by what was asked meanwhile; twice it is not.
    let mut yes = 0;
    for _ in 0..3 {
        yes += usize::from(store.spend_token(&hash(1), &hash(2)).await.unwrap());
    }
    assert!(yes <= 1);
}
