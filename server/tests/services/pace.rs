//! One budget over one Redis, as several instances share it: here two budgets of one process, each with a connection
//! of its own.

use std::time::{Duration, Instant};

use calldock_server::key::ServerKey;
use calldock_server::queue::{Budget, Full, Pace, Who};
use calldock_server::store::Store;
use tokio::task::JoinSet;

use crate::redis_server::{Keeps, RedisServer};

fn key() -> ServerKey {
    ServerKey::new(&"a key that both instances have, 32 bytes".into(), None)
}

fn agent(number: usize) -> Who {
    Who::person(&format!("agent{number}@example.com"), "203.0.113.9".parse().unwrap())
}

fn budgets(redis: &RedisServer, pace: Pace) -> [Budget; 2] {
    [redis.store(), redis.store()].map(|store| Budget::new("login", pace, &key(), &store))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_budgets_keep_the_vendors_pace_together_and_none_waits_longer() {
    let redis = RedisServer::start(Keeps::Nothing);
    let pace = Pace { per_second: 20, deadline: Duration::from_secs(10) };
    let budgets = budgets(&redis, pace);
    let start = Instant::now();
    let mut set = JoinSet::new();
    for number in 0..60 {
        // 45 wait at one and 15 at the other.
        let budget = budgets[usize::from(number % 4 == 0)].clone();
        set.spawn(async move {
            budget.turn(&agent(number), None).await.unwrap();
            (number % 4 == 0, start.elapsed())
        });
    }
    let served = set.join_all().await;
    let mut all: Vec<_> = served.iter().map(|(_, at)| *at).collect();
    all.sort_unstable();
    // 50 ms apart; a busy machine may note a moment late, never early.
    for (number, at) in (0..).zip(&all) {
        assert!(*at + Duration::from_millis(30) >= Duration::from_millis(50) * number, "{all:?}");
    }
    assert!(all[59] < Duration::from_millis(59 * 50 + 1500), "{all:?}");
    let last = |few: bool| served.iter().filter(|(of, _)| *of == few).map(|(_, at)| *at).max();
    let apart = last(true).unwrap().abs_diff(last(false).unwrap());
    assert!(apart < Duration::from_millis(1200), "by how many wait, not by instance: {apart:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_two_budgets_alone_has_all_turns() {
    let redis = RedisServer::start(Keeps::Nothing);
    let pace = Pace { per_second: 100, deadline: Duration::from_secs(10) };
    let [busy, _idle] = budgets(&redis, pace);
    let start = Instant::now();
    let mut set = JoinSet::new();
    for number in 0..200 {
        let busy = busy.clone();
        set.spawn(async move { busy.turn(&agent(number), None).await.unwrap() });
    }
    set.join_all().await;
    let took = start.elapsed();
    assert!(took > Duration::from_millis(1900) && took < Duration::from_millis(3000), "{took:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ticket_of_one_budget_keeps_the_turn_at_the_other_once() {
    let redis = RedisServer::start(Keeps::Nothing);
    let pace = Pace { per_second: 5, deadline: Duration::from_secs(1) };
    let [one, other] = budgets(&redis, pace);
    let mut set = JoinSet::new();
    for number in 0..20 {
        let one = one.clone();
        set.spawn(async move { (number, one.turn(&agent(number), None).await) });
    }
    let refused = set
        .join_all()
        .await
        .into_iter()
        .find_map(|(number, turn)| turn.err().map(|full| (number, full)));
    let (number, Full { ticket, wait }) = refused.expect("a full queue");
    tokio::time::sleep(wait).await;
    let end = Instant::now() + Duration::from_secs(10);
    while other.turn(&agent(number), Some(&ticket)).await.is_err() {
        assert!(Instant::now() < end);
    }
    let mut connection = redis.connection().await;
    let spent: Vec<String> =
        redis::cmd("KEYS").arg("test:{queue}:spent:*").query_async(&mut connection).await.unwrap();
    assert!(spent.len() <= 1, "{spent:?}");
    let keys: Vec<String> = redis::cmd("KEYS").arg("*").query_async(&mut connection).await.unwrap();
    assert!(keys.iter().all(|key| key.starts_with("test:{queue}:")), "one slot: {keys:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_redis_every_budget_keeps_to_its_share() {
    let mut redis = RedisServer::start(Keeps::Nothing);
    let pace = Pace { per_second: 40, deadline: Duration::from_secs(10) };
    let [one, _] = budgets(&redis, pace);
    one.turn(&agent(0), None).await.unwrap();
    redis.kill();
    let start = Instant::now();
    let mut set = JoinSet::new();
    for number in 0..40 {
        let one = one.clone();
        set.spawn(
            async move { one.turn(&agent(number), None).await.expect("no 503 without Redis") },
        );
    }
    set.join_all().await;
    let took = start.elapsed();
    // 20 a second, half of the budget.
    assert!(took > Duration::from_millis(1900), "{took:?}");
    assert!(took < Duration::from_millis(4500), "{took:?}");
    redis.restart();
    let mut connection = redis.connection().await;
    let mut is_known = async || {
        let exists = redis::cmd("EXISTS").arg("test:{queue}:next:login").to_owned();
        exists.query_async::<bool>(&mut connection).await.unwrap()
    };
    // Nothing reports that a budget has found Redis again, so it is polled.
    let end = Instant::now() + Duration::from_secs(20);
    while !is_known().await {
        assert!(Instant::now() < end, "the pace is never shared again");
        one.turn(&agent(0), None).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_agents_at_2000_a_second_over_two_budgets() {
    const AGENTS: usize = 10_000;
    let redis = RedisServer::start(Keeps::Nothing);
    let pace = Pace { per_second: 2000, deadline: Duration::from_secs(3) };
    let budgets = budgets(&redis, pace);
    let start = Instant::now();
    let mut set = JoinSet::new();
    for number in 0..AGENTS {
        let mut budget = number % 2;
        let budgets = budgets.clone();
        set.spawn(async move {
            let (mut ticket, mut refusals) = (None, 0);
            loop {
                match budgets[budget].turn(&agent(number), ticket.as_deref()).await {
                    Ok(_) => return (start.elapsed(), refusals),
                    Err(full) => {
                        refusals += 1;
                        tokio::time::sleep(full.wait).await;
                        ticket = Some(full.ticket);
                        // The load balancer may send it to the other one.
                        budget = 1 - budget;
                    }
                }
            }
        });
    }
    let served = set.join_all().await;
    let last = served.iter().map(|(at, _)| *at).max().unwrap();
    let refusals: usize = served.iter().map(|(_, refusals)| refusals).sum();
    let most = served.iter().map(|(_, refusals)| *refusals).max().unwrap();
    println!("{AGENTS} agents in {last:?}, {refusals} refusals, of one agent {most} at most");
    assert_eq!(served.len(), AGENTS);
    assert!(last >= Duration::from_millis(4900), "faster than the vendor allows: {last:?}");
    // A busy machine takes longer. A ticket keeps its turn all the same: nobody comes back again and again.
    assert!(most <= 8, "an agent came back {most} times");
}

#[tokio::test]
async fn a_memory_store_shares_nothing() {
    let pace = Pace { per_second: 1, deadline: Duration::ZERO };
    let budget = Budget::new("login", pace, &key(), &Store::memory());
    assert!(budget.turn(&agent(0), None).await.is_ok());
    assert!(budget.turn(&agent(1), None).await.is_err());
}
