//! Redis killed and restarted under load: logins go on, nothing is granted twice, everything recovers.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::instances::{INVALID, Instance, VALID};
use crate::redis_server::{Keeps, RedisServer};

const WORKERS: usize = 8;
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Default)]
struct Seen {
    granted: AtomicUsize,
    refused: AtomicUsize,
    /// How often each token was granted.
    tokens: Mutex<HashMap<String, usize>>,
    stop: AtomicBool,
}

/// Mints at one instance and asks at both at once, until it is stopped.
async fn work(instances: Arc<[Instance; 2]>, seen: Arc<Seen>, number: usize) {
    let (here, there) = (&instances[number % 2], &instances[(number + 1) % 2]);
    while !seen.stop.load(Ordering::Relaxed) {
        // Minting needs no store.
        let token = here.token().await;
        let (one, other) = tokio::join!(there.validate(&token), here.validate(&token));
        let mut granted = 0;
        for verdict in [one, other] {
            assert!(verdict == VALID || verdict == INVALID, "{verdict}");
            granted += usize::from(verdict == VALID);
        }
        let counter = if granted > 0 { &seen.granted } else { &seen.refused };
        counter.fetch_add(1, Ordering::Relaxed);
        *seen.tokens.lock().unwrap().entry(token).or_default() += granted;
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
        more(&seen.granted, 50, "questions that are granted").await;
        redis.kill();
        more(&seen.refused, 10, "questions that are refused").await;
        redis.restart();
        let recovery = more(&seen.granted, 1, "recovery").await;
        assert!(recovery < Duration::from_secs(5), "{keeps:?}: {recovery:?}");
    }
    seen.stop.store(true, Ordering::Relaxed);
    for worker in working {
        worker.await.unwrap();
    }
    let tokens = std::mem::take(&mut *seen.tokens.lock().unwrap());
    assert!(tokens.values().all(|granted| *granted <= 1), "{keeps:?}: granted twice");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_without_persistence_killed_under_load() {
    outages(Keeps::Nothing).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_with_persistence_killed_under_load() {
    outages(Keeps::Commands).await;
}

/// What the threat model says: a Redis that forgets lets a granted token live once more, until it expires.
#[tokio::test]
async fn after_redis_has_forgotten_a_granted_token_lives_once_more() {
    let mut redis = RedisServer::start(Keeps::Nothing);
    let instance = Instance::start(&redis.url());
    let token = instance.token().await;
    assert_eq!(instance.validate(&token).await, VALID);
    assert_eq!(instance.validate(&token).await, INVALID);
    redis.kill();
    redis.restart();
    let end = Instant::now() + PATIENCE;
    while instance.validate(&token).await == INVALID {
        assert!(Instant::now() < end, "it does not recover");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(instance.validate(&token).await, INVALID);
}
