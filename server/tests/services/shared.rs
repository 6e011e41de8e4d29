//! Several instances, each a process, agree by one Redis.

use std::net::TcpListener;

use crate::instances::{INVALID, Instance, Login, VALID};
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
async fn a_server_starts_without_its_redis_and_refuses_until_it_is_there() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let instance = Instance::start(&format!("redis://:{PASSWORD}@{free}/0"));
    let Login::Refused(status, problem) = instance.login().await else {
        panic!("a token that nobody keeps")
    };
    assert_eq!((status, problem["code"].as_str()), (503, Some("LOGIN_FAILED")));
    assert!(problem["remedy"].as_str().unwrap().contains("Redis"), "{problem}");
    assert_eq!(instance.validate(&"x".repeat(43)).await, INVALID);
    let log = instance.log();
    assert!(log.contains("Redis cannot be reached"), "{log}");
    assert!(!log.contains(PASSWORD) && !log.contains(&free.to_string()), "{log}");
}

#[tokio::test]
async fn redis_is_reached_by_tls_with_a_certificate_that_this_machine_trusts() {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let (certificate, key) = (folder.path().join("redis.pem"), folder.path().join("redis.key"));
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let text = |path: &std::path::Path| path.to_string_lossy().into_owned();
    let tls = ["--tls-cert-file", "--tls-key-file", "--tls-ca-cert-file"].map(str::to_owned);
    let [cert_option, key_option, ca_option] = tls;
    let mut options = vec![cert_option, text(&certificate), key_option, text(&key)];
    options.extend([ca_option, text(&certificate)]);
    options.extend(["--tls-auth-clients", "no"].map(str::to_owned));
    let redis = RedisServer::start_with(Keeps::Nothing, options);
    let trusting = [("SSL_CERT_FILE", certificate)];
    let instance = Instance::start_with(&redis.url(), &trusting);
    let token = instance.token().await;
    assert_eq!(instance.validate(&token).await, VALID);
    let stranger = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let other = folder.path().join("other.pem");
    std::fs::write(&other, stranger.cert.pem()).unwrap();
    let distrusting = Instance::start_with(&redis.url(), &[("SSL_CERT_FILE", other)]);
    assert!(matches!(distrusting.login().await, Login::Refused(503, _)));
}

#[tokio::test]
async fn whatever_is_wrong_with_a_question_redis_is_asked_the_same() {
    let redis = RedisServer::start(Keeps::Nothing);
    let instance = Instance::start(&redis.url());
    let (used, wrong) = (instance.token().await, instance.token().await);
    assert_eq!(instance.validate(&used).await, VALID);
    let mut connection = redis.connection().await;
    let mut asked = Vec::new();
    for (token, user) in [
        ("x", "10010001"),
        (used.as_str(), "10010001"),
        (wrong.as_str(), "10010002"),
        (&"x".repeat(43), "10010001"),
        ("", ""),
    ] {
        redis::cmd("CONFIG").arg("RESETSTAT").exec_async(&mut connection).await.unwrap();
        assert_eq!(instance.validate_for(token, user).await, INVALID);
        let statistics: String =
            redis::cmd("INFO").arg("commandstats").query_async(&mut connection).await.unwrap();
        let calls =
            statistics.lines().filter_map(|line| line.split_once(",usec=")).map(|pair| pair.0);
        asked.push(calls.filter(|call| !call.contains("_config")).map(str::to_owned).collect());
    }
    let first: &Vec<String> = &asked[0];
    assert!(first.iter().any(|call| call == "cmdstat_hmget:calls=1"), "{first:?}");
    for other in &asked {
        let sorted = |calls: &Vec<String>| {
            let mut calls = calls.clone();
            calls.sort();
            calls
        };
        assert_eq!(sorted(first), sorted(other));
    }
}
