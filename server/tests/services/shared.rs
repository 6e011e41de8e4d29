//! Several instances, each a process, agree by one Redis.

use tokio::net::TcpSocket;

use crate::instances::{INVALID, Instance, VALID};
use crate::redis_server::{Keeps, PASSWORD, RedisServer};

#[tokio::test]
async fn a_token_of_one_instance_is_good_at_the_other_once() {
    let redis = RedisServer::start(Keeps::Nothing);
    let (one, other) = (Instance::start(&redis.url()), Instance::start(&redis.url()));
    let token = one.token().await;
    assert_eq!(other.validate(&token).await, VALID);
    for instance in [&one, &other, &one] {
        assert_eq!(instance.validate(&token).await, INVALID);
    }
    let stolen = other.token().await;
    assert_eq!(one.validate_for(&stolen, "10010002").await, INVALID);
    assert_eq!(other.validate(&stolen).await, INVALID, "it has ended everywhere");
    for instance in [one, other] {
        let log = instance.log();
        for secret in [PASSWORD, token.as_str(), stolen.as_str(), "redis://"] {
            assert!(!log.contains(secret), "{log}");
        }
    }
}

#[tokio::test]
async fn of_64_questions_at_two_instances_at_once_one_hears_yes() {
    let redis = RedisServer::start(Keeps::Nothing);
    let instances = [Instance::start(&redis.url()), Instance::start(&redis.url())];
    let token = instances[0].token().await;
    let asking = (0..64).map(|number| instances[number % 2].validate(&token));
    let mut yes = 0;
    for answer in futures_join(asking).await {
        yes += usize::from(answer == VALID);
    }
    assert_eq!(yes, 1);
}

/// All at once, on this one task.
async fn futures_join<F: Future>(futures: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut waiting: Vec<_> = futures.map(|future| (Box::pin(future), None)).collect();
    std::future::poll_fn(|context| {
        let mut all = true;
        for (future, answer) in &mut waiting {
            if answer.is_none() {
                match future.as_mut().poll(context) {
                    std::task::Poll::Ready(value) => *answer = Some(value),
                    std::task::Poll::Pending => all = false,
                }
            }
        }
        if all { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    waiting.into_iter().filter_map(|(_, answer)| answer).collect()
}

#[tokio::test]
async fn a_server_starts_without_its_redis_and_logins_go_on() {
    // Bound, and nobody listens: no other program gets this port meanwhile.
    let nobody = TcpSocket::new_v4().unwrap();
    nobody.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let free = nobody.local_addr().unwrap();
    let instance = Instance::start(&format!("redis://:{PASSWORD}@{free}/0"));
    let token = instance.token().await;
    assert_eq!(instance.validate(&token).await, INVALID, "what cannot be noted is not granted");
    let log = instance.log();
    assert!(log.contains("Redis cannot be reached"), "{log}");
    assert!(!log.contains(PASSWORD) && !log.contains(&free.to_string()), "{log}");
}

#[tokio::test]
async fn forged_and_expired_tokens_are_refused_without_asking_redis() {
    let redis = RedisServer::start(Keeps::Nothing);
    let instance = Instance::start(&redis.url());
    let token = instance.token().await;
    let mut connection = redis.connection().await;
    for forged in ["", "x", &"x".repeat(43), &"A".repeat(64), &token[..63]] {
        assert_eq!(instance.validate(forged).await, INVALID);
    }
    let keys: Vec<String> =
        redis::cmd("KEYS").arg("*:t:*").query_async(&mut connection).await.unwrap();
    assert!(keys.is_empty(), "unknown callers cannot fill it: {keys:?}");
    assert_eq!(instance.validate(&token).await, VALID);
}
