//! The store over one Redis; in memory it is tested beside the code.

use std::time::{Duration, Instant};

use calldock_accounts::{LockOut, Store as _};
use calldock_server::store::settings::Kind;
use calldock_server::store::{Hash, Store, TokenUse, Unavailable};

use crate::redis_server::{Keeps, PASSWORD, RedisServer, settings};

const MINUTE: Duration = Duration::from_secs(60);

fn hash(byte: u8) -> Hash {
    [byte; 32]
}

fn asked(binding: bool, uses: u8) -> TokenUse {
    TokenUse { binding, uses, window: Duration::from_secs(15), remaining: MINUTE }
}

#[tokio::test]
async fn a_token_is_granted_as_often_as_it_may_be_at_all_instances_together() {
    let redis = RedisServer::start(Keeps::Nothing);
    let stores = [redis.store(), redis.store()];
    for (token, (uses, bindings, expected)) in [
        (1, [true, true, true], [true, false, false]),
        (2, [true, true, true], [true, true, false]),
        (2, [true, false, true], [true, false, false]),
        (2, [false, true, true], [false, false, false]),
        (0, [true, true, true], [false, false, false]),
    ]
    .into_iter()
    .enumerate()
    {
        for (number, (binding, expected)) in bindings.into_iter().zip(expected).enumerate() {
            let granted =
                stores[number % 2].ask_token(&hash(token as u8), asked(binding, uses)).await;
            assert_eq!(granted, Ok(expected), "{uses} {bindings:?}");
        }
    }
}

#[tokio::test]
async fn the_second_question_comes_within_the_window_of_the_first() {
    let redis = RedisServer::start(Keeps::Nothing);
    let store = redis.store();
    let short = TokenUse { window: Duration::from_millis(100), ..asked(true, 2) };
    assert_eq!(store.ask_token(&hash(1), short).await, Ok(true));
    let mut connection = redis.connection().await;
    // By Redis' own clock.
    let end = Instant::now() + Duration::from_secs(5);
    let key = format!("test:t:{}", "01".repeat(32));
    loop {
        let first: u64 =
            redis::cmd("HGET").arg(&key).arg("first").query_async(&mut connection).await.unwrap();
        let (seconds, micros): (u64, u64) =
            redis::cmd("TIME").query_async(&mut connection).await.unwrap();
        if seconds * 1000 + micros / 1000 > first + 100 {
            break;
        }
        assert!(Instant::now() < end);
    }
    assert_eq!(store.ask_token(&hash(1), short).await, Ok(false));
}

#[tokio::test]
async fn of_64_questions_at_once_as_many_are_granted_as_the_token_has_uses() {
    let redis = RedisServer::start(Keeps::Nothing);
    let stores = [redis.store(), redis.store()];
    for round in 0..20 {
        let asking: Vec<_> = (0..64)
            .map(|number| {
                let store = stores[number % 2].clone();
                let uses = 1 + round % 2;
                tokio::spawn(async move { store.ask_token(&hash(round), asked(true, uses)).await })
            })
            .collect();
        let mut granted = 0;
        for asking in asking {
            granted += u8::from(asking.await.unwrap().unwrap());
        }
        assert_eq!(granted, 1 + round % 2);
    }
}

#[tokio::test]
async fn everything_expires_by_redis_own_clock() {
    let redis = RedisServer::start(Keeps::Nothing);
    let store = redis.store();
    let short = Duration::from_millis(150);
    store.ask_token(&hash(1), TokenUse { remaining: short, ..asked(true, 1) }).await.unwrap();
    store.spend_ticket(&hash(2), short).await.unwrap();
    store.keep_session(&hash(3), "agent@example.com", short).await.unwrap();
    let rule = LockOut { free: 1, first: short, longest: short, memory: short };
    assert_eq!(store.begin_guess(&hash(4), &rule).await, Ok(Ok(())));
    let mut connection = redis.connection().await;
    let end = Instant::now() + Duration::from_secs(10);
    // Nothing reports when a key expires, so it is polled.
    while redis::cmd("DBSIZE").query_async::<usize>(&mut connection).await.unwrap() > 0 {
        assert!(Instant::now() < end, "a key without an end");
    }
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
async fn guesses_are_counted_by_all_instances_before_they_are_checked() {
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
    let mut checked = 0;
    for guess in guessing {
        match guess.await.unwrap().unwrap() {
            Ok(()) => checked += 1,
            Err(wait) => assert!(wait <= MINUTE && wait > Duration::from_secs(50), "{wait:?}"),
        }
    }
    assert_eq!(checked, 5);
    assert_eq!(stores[0].begin_guess(&hash(2), &rule).await, Ok(Ok(())), "another name");
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
        let wait = store.begin_guess(&hash(1), &rule).await.unwrap().unwrap_err();
        let least = MINUTE * minutes - Duration::from_secs(5);
        assert!(wait > least && wait <= MINUTE * minutes, "{minutes}: {wait:?}");
        // Instead of waiting for minutes the lock is removed; the count stays.
        let key = format!("test:g:{}", "01".repeat(32));
        let mut unlock = redis::cmd("HDEL");
        unlock.arg(key).arg("locked_until").exec_async(&mut connection).await.unwrap();
    }
}

#[tokio::test]
async fn keys_are_hashes_under_the_prefix_and_all_of_them_expire() {
    let redis = RedisServer::start(Keeps::Nothing);
    let store = redis.store();
    let rule = LockOut { free: 5, first: MINUTE, longest: MINUTE, memory: MINUTE };
    store.ask_token(&hash(1), asked(true, 1)).await.unwrap();
    store.spend_ticket(&hash(2), MINUTE).await.unwrap();
    store.keep_session(&hash(3), "agent@example.com", MINUTE).await.unwrap();
    store.begin_guess(&hash(4), &rule).await.unwrap().unwrap();
    let Store::Redis(shared) = &store else { panic!("a Redis") };
    shared.pace("login", Duration::from_secs(1), 4, "one", 1).await.unwrap();
    let mut connection = redis.connection().await;
    let mut keys: Vec<String> =
        redis::cmd("KEYS").arg("*").query_async(&mut connection).await.unwrap();
    keys.sort();
    let digits = |byte: &str| byte.repeat(32);
    let expected = [
        format!("test:g:{}", digits("04")),
        format!("test:s:{}", digits("03")),
        format!("test:t:{}", digits("01")),
        "test:{queue}:next:login".to_owned(),
        format!("test:{{queue}}:spent:{}", digits("02")),
        "test:{queue}:waiting:login".to_owned(),
    ];
    assert_eq!(keys, expected);
    for key in keys {
        let left: i64 = redis::cmd("PTTL").arg(&key).query_async(&mut connection).await.unwrap();
        assert!(left > 0 && left <= 120_000, "{key}: {left}");
    }
}

async fn all_refused(store: &Store) {
    let rule = LockOut { free: 5, first: MINUTE, longest: MINUTE, memory: MINUTE };
    assert_eq!(store.ask_token(&hash(1), asked(true, 1)).await, Err(Unavailable));
    assert!(store.keep_session(&hash(1), "a", MINUTE).await.is_err());
    assert!(store.session(&hash(1)).await.is_err());
    assert!(store.end_session(&hash(1)).await.is_err());
    assert!(store.begin_guess(&hash(1), &rule).await.is_err());
    assert!(store.forget_guesses(&hash(1)).await.is_err());
    assert_eq!(store.is_ticket_spent(&hash(1)).await, Err(Unavailable));
    assert_eq!(store.ready().await, Err(Unavailable));
}

#[tokio::test]
async fn a_user_without_the_commands_of_the_scripts_is_reported() {
    const SENT: &str = "+eval +get +set +del +exists";
    const IN_SCRIPTS: &str = "+time +hget +hmget +hgetall +hset +hincrby +hdel +pexpire";
    let redis = RedisServer::start(Keeps::Nothing);
    let url = redis.url().replace("://:", "://calldock:");
    let rule = LockOut { free: 5, first: MINUTE, longest: MINUTE, memory: MINUTE };
    for (commands, ready) in
        [(SENT.to_owned(), Err(Unavailable)), (format!("{SENT} {IN_SCRIPTS}"), Ok(()))]
    {
        let mut set = redis::cmd("ACL");
        set.arg("SETUSER").arg("calldock").arg("reset").arg("on").arg("~test:*");
        set.arg(format!(">{PASSWORD}")).arg(commands.split(' ').collect::<Vec<_>>());
        let () = set.query_async(&mut redis.connection().await).await.unwrap();
        let store = Store::open(&settings(Kind::Single, &url, None, None));
        assert_eq!(store.ready().await, ready, "{commands}");
        assert_eq!(store.ask_token(&hash(1), asked(true, 1)).await, ready.map(|()| true));
        assert_eq!(store.begin_guess(&hash(1), &rule).await.is_ok(), ready.is_ok());
        assert!(store.keep_session(&hash(1), "a", MINUTE).await.is_ok());
        assert!(store.end_session(&hash(1)).await.is_ok());
        assert_eq!(store.is_ticket_spent(&hash(1)).await, Ok(false));
    }
}

async fn recovers(store: &Store) {
    let end = Instant::now() + Duration::from_secs(5);
    while store.ready().await.is_err() {
        assert!(Instant::now() < end, "it does not recover");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn without_redis_everything_is_refused_soon() {
    let mut redis = RedisServer::start(Keeps::Nothing);
    let store = redis.store();
    assert_eq!(store.ready().await, Ok(()));
    redis.kill();
    let start = Instant::now();
    all_refused(&store).await;
    assert!(start.elapsed() < Duration::from_secs(8));
    redis.restart();
    recovers(&store).await;
}

#[tokio::test]
async fn a_redis_that_never_responds_holds_nobody_up_for_long() {
    // It accepts connections and never responds.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("redis://:{PASSWORD}@{}/0", silent.local_addr().unwrap());
    let settings = settings(Kind::Single, &url, None, None);
    let store = Store::open(&settings);
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
    let shown = format!("{settings:?}");
    assert!(!shown.contains(PASSWORD) && !shown.contains("127.0.0.1"), "{shown}");
}

#[tokio::test]
async fn a_redis_that_stops_is_given_up_and_found_again() {
    let redis = RedisServer::start(Keeps::Nothing);
    let store = redis.store();
    assert_eq!(store.ask_token(&hash(1), asked(true, 2)).await, Ok(true));
    redis.signal("-STOP");
    let start = Instant::now();
    all_refused(&store).await;
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    redis.signal("-CONT");
    recovers(&store).await;
    // The questions meanwhile may have counted; none is granted beyond the two.
    let mut granted = 0;
    for _ in 0..3 {
        granted += usize::from(store.ask_token(&hash(1), asked(true, 2)).await.unwrap());
    }
    assert!(granted <= 1);
}
