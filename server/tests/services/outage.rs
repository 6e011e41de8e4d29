//! Redis killed and restarted under load: refused meanwhile, nothing accepted twice, well again by itself.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::instances::{INVALID, Instance, Login, VALID};
use crate::redis_server::{Keeps, RedisServer};

const WORKERS: usize = 16;
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Default)]
struct Seen {
    accepted: AtomicUsize,
    refused_logins: AtomicUsize,
    refused_tokens: AtomicUsize,
    /// How often each token was accepted.
    tokens: Mutex<HashMap<String, usize>>,
    stop: AtomicBool,
}

/// Mints at one instance and spends at both at once, until told to stop.
async fn work(instances: Arc<[Instance; 2]>, seen: Arc<Seen>, number: usize) {
    let (here, there) = (&instances[number % 2], &instances[(number + 1) % 2]);
    while !seen.stop.load(Ordering::Relaxed) {
        let token = match here.login().await {
            Login::Token(token) => token,
            Login::Refused(status, problem) => {
                assert_eq!(status, 503, "{problem}");
                assert_eq!(problem["code"], "LOGIN_FAILED");
                seen.refused_logins.fetch_add(1, Ordering::Relaxed);
                // Whoever has no token asks with one that there is not: no other answer tells that
                // the store is away.
                assert_eq!(there.validate(&"x".repeat(43)).await, INVALID);
                continue;
            }
        };
        let (one, other) = tokio::join!(there.validate(&token), here.validate(&token));
        let mut yes = 0;
        for answer in [one, other] {
            assert!(answer == VALID || answer == INVALID, "{answer}");
            yes += usize::from(answer == VALID);
        }
        let counter = if yes > 0 { &seen.accepted } else { &seen.refused_tokens };
        counter.fetch_add(1, Ordering::Relaxed);
        *seen.tokens.lock().unwrap().entry(token).or_default() += yes;
    }
}

/// Waits until so many more were counted.
async fn more(counter: &AtomicUsize, count: usize, what: &str) -> Duration {
    let start = Instant::now();
    let wanted = counter.load(Ordering::Relaxed) + count;
    while counter.load(Ordering::Relaxed) < wanted {
        assert!(start.elapsed() < PATIENCE, "waiting for {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    start.elapsed()
}

async fn outages(keeps: Keeps) {
    let mut redis = RedisServer::start(keeps);
    let instances = Arc::new([Instance::start(&redis.url()), Instance::start(&redis.url())]);
    let seen = Arc::new(Seen::default());
    let working: Vec<_> = (0..WORKERS)
        .map(|number| tokio::spawn(work(Arc::clone(&instances), Arc::clone(&seen), number)))
        .collect();
    for _ in 0..3 {
        more(&seen.accepted, 100, "tokens that are accepted").await;
        redis.kill();
        more(&seen.refused_logins, 50, "logins that are refused").await;
        redis.restart();
        let recovery = more(&seen.accepted, 1, "recovery").await;
        assert!(recovery < Duration::from_secs(5), "{keeps:?}: {recovery:?}");
    }
    seen.stop.store(true, Ordering::Relaxed);
    for worker in working {
        worker.await.unwrap();
    }
    let tokens = std::mem::take(&mut *seen.tokens.lock().unwrap());
    assert!(tokens.values().all(|accepted| *accepted <= 1), "{keeps:?}: accepted twice");
    for (token, accepted) in &tokens {
        if *accepted == 1 {
            assert_eq!(instances[0].validate(token).await, INVALID, "{keeps:?}: accepted again");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_without_persistence_killed_under_load() {
    outages(Keeps::Nothing).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_with_persistence_killed_under_load() {
    outages(Keeps::Commands).await;
}

#[tokio::test]
async fn a_token_that_a_snapshot_brings_back_is_not_accepted_again() {
    let mut redis = RedisServer::start(Keeps::Snapshots);
    let instance = Instance::start(&redis.url());
    let (spent, unspent) = (instance.token().await, instance.token().await);
    let mut connection = redis.connection().await;
    redis::cmd("SAVE").exec_async(&mut connection).await.unwrap();
    assert_eq!(instance.validate(&spent).await, VALID);
    redis.kill();
    redis.restart();
    let mut connection = redis.connection().await;
    let back: Vec<String> =
        redis::cmd("KEYS").arg("*:t:*").query_async(&mut connection).await.unwrap();
    assert_eq!(back.len(), 2, "the snapshot knows both as unspent");
    let end = Instant::now() + PATIENCE;
    let fresh = loop {
        if let Login::Token(token) = instance.login().await {
            break token;
        }
        assert!(Instant::now() < end, "it does not recover");
    };
    assert_eq!(instance.validate(&spent).await, INVALID);
    assert_eq!(instance.validate(&unspent).await, INVALID, "of a run of Redis that has ended");
    assert_eq!(instance.validate(&fresh).await, VALID);
}
