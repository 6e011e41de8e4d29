//! The store over a cluster, over Sentinel and over TLS with certificates, and what happens when a master dies.

use std::path::Path;
use std::time::{Duration, Instant};

use calldock_accounts::{LockOut, Store as _, Unavailable};
use calldock_server::key::ServerKey;
use calldock_server::queue::{Budget, Pace, Who};
use calldock_server::store::settings::Kind;
use calldock_server::store::{Hash, Store, TokenUse};
use redis::{ClientTlsConfig, TlsCertificates};

use crate::authority::Authority;
use crate::redis_cluster::{Cluster, Watched};
use crate::redis_server::{Keeps, RedisServer, settings};

const MINUTE: Duration = Duration::from_secs(60);
/// An election takes a few seconds.
const PATIENCE: Duration = Duration::from_secs(30);

const ONCE: TokenUse =
    TokenUse { binding: true, uses: 1, window: Duration::from_secs(15), remaining: MINUTE };

fn hash(byte: u8) -> Hash {
    [byte; 32]
}

/// Everything the store does, once.
async fn everything(store: &Store, byte: u8) -> Result<(), Unavailable> {
    let rule = LockOut { free: 5, first: MINUTE, longest: MINUTE, memory: MINUTE };
    assert!(store.ask_token(&hash(byte), ONCE).await?);
    assert!(!store.ask_token(&hash(byte), ONCE).await?);
    store.spend_ticket(&hash(byte), MINUTE).await?;
    assert!(store.is_ticket_spent(&hash(byte)).await?);
    store.keep_session(&hash(byte), "agent@example.com", MINUTE).await?;
    assert_eq!(store.session(&hash(byte)).await?.as_deref(), Some("agent@example.com"));
    store.end_session(&hash(byte)).await?;
    store.begin_guess(&hash(byte), &rule).await?.unwrap();
    store.forget_guesses(&hash(byte)).await?;
    let Store::Redis(redis) = store else { panic!("a Redis") };
    redis.pace("test", Duration::from_millis(1), 4, "one", 1).await?;
    Ok(store.ready().await?)
}

async fn recovers(store: &Store, byte: u8) -> Duration {
    let start = Instant::now();
    while store.ready().await.is_err() || store.ask_token(&hash(byte), ONCE).await.is_err() {
        assert!(start.elapsed() < PATIENCE, "it does not recover");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    start.elapsed()
}

fn agent() -> Who {
    Who::person("agent@example.com", "203.0.113.9".parse().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cluster_goes_on_when_the_master_of_the_queue_is_killed() {
    let mut cluster = Cluster::start().await;
    let (store, other) = (cluster.store(), cluster.store());
    for byte in 1..20 {
        // Hashes spread over all slots.
        everything(&store, byte).await.unwrap();
        assert!(!other.ask_token(&hash(byte), ONCE).await.unwrap(), "asked about at the other");
    }
    let victim = cluster.master_of("test:{queue}:next:test").await;
    cluster.0[victim].kill();
    // Logins go on meanwhile, at this instance's share.
    let pace = Pace { per_second: 100, deadline: Duration::from_secs(5) };
    let budget = Budget::new("test", pace, &ServerKey::random(), &store);
    for _ in 0..5 {
        budget.turn(&agent(), None).await.expect("a turn without Redis");
    }
    let took = recovers(&store, 100).await;
    println!("the cluster recovered after {took:?}");
    for byte in 101..120 {
        everything(&store, byte).await.unwrap();
    }
    budget.turn(&agent(), None).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sentinel_names_the_new_master() {
    let mut watched = Watched::start().await;
    let store = watched.store();
    everything(&store, 1).await.unwrap();
    // The replica has the asked token before its master dies.
    let mut connection = watched.master.connection().await;
    let replicas: u8 =
        redis::cmd("WAIT").arg(1).arg(5000).query_async(&mut connection).await.unwrap();
    assert_eq!(replicas, 1);
    watched.master.kill();
    assert!(store.ready().await.is_err());
    let took = recovers(&store, 2).await;
    println!("Sentinel's new master was used after {took:?}");
    assert!(!store.ask_token(&hash(1), ONCE).await.unwrap(), "known to the new master");
    everything(&store, 3).await.unwrap();
    // The old one comes back as a replica and changes nothing.
    watched.master.restart();
    everything(&store, 4).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_silent_sentinel_holds_up_one_attempt_and_not_all() {
    let watched = Watched::start().await;
    // It accepts, and never responds.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    for (byte, first) in [(1, vec![port]), (3, vec![port, port])] {
        let store = watched.store_behind(&first);
        recovers(&store, byte).await;
        everything(&store, byte + 1).await.unwrap();
    }
}

#[tokio::test]
async fn tls_wants_the_right_authority_and_a_client_certificate() {
    let folder = tempfile::tempdir().unwrap();
    let (authority, unknown) = (Authority::new(), Authority::new());
    let file = |name: &str, text: String| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let ca = file("ca.pem", authority.pem());
    let other_ca = file("other-ca.pem", unknown.pem());
    let (pem, key) = authority.certify("127.0.0.1");
    let (server, server_key) = (file("server.pem", pem), file("server.key", key));
    let (pem, key) = authority.certify("calldock-server");
    let (client, client_key) = (file("client.pem", pem), file("client.key", key));
    let (pem, key) = unknown.certify("calldock-server");
    let (other, other_key) = (file("other.pem", pem), file("other.key", key));
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let options = vec![
        "--tls-cert-file".into(),
        text(&server),
        "--tls-key-file".into(),
        text(&server_key),
        "--tls-ca-cert-file".into(),
        text(&ca),
        "--tls-auth-clients".into(),
        "yes".into(),
    ];
    let redis = RedisServer::start_with(Keeps::Nothing, true, options);
    let store = |ca: &Path, pair: Option<(&Path, &Path)>| {
        let read = |path: &Path| std::fs::read(path).unwrap();
        let client_tls = pair.map(|(certificate, key)| ClientTlsConfig {
            client_cert: read(certificate),
            client_key: read(key),
        });
        let tls = TlsCertificates { client_tls, root_cert: Some(read(ca)) };
        Store::open(&settings(Kind::Single, &redis.url(), None, Some(tls)))
    };
    everything(&store(&ca, Some((&client, &client_key))), 1).await.unwrap();
    for wrong in [
        store(&ca, None),
        store(&other_ca, Some((&client, &client_key))),
        store(&ca, Some((&other, &other_key))),
    ] {
        assert!(wrong.ready().await.is_err());
    }
}
