//! Several Redis of the test's own: a cluster of three masters and three replicas, and Sentinel.

use std::process::{Child, Command};
use std::time::{Duration, Instant};

use calldock_server::store::Store;
use calldock_server::store::settings::Kind;
use redis::aio::MultiplexedConnection;
use tempfile::TempDir;

use crate::redis_server::{Keeps, PASSWORD, RedisServer, free_port, ready, settings};

/// Longer than any election here takes.
const PATIENCE: Duration = Duration::from_secs(30);

pub struct Cluster(pub Vec<RedisServer>);

impl Cluster {
    pub async fn start() -> Self {
        let options = [
            "--cluster-enabled",
            "yes",
            "--cluster-config-file",
            "nodes.conf",
            "--cluster-node-timeout",
            "1000",
            "--repl-diskless-sync-delay",
            "0",
        ];
        let node = || {
            let options = options.iter().map(|option| (*option).to_owned()).collect();
            RedisServer::start_with(Keeps::Nothing, false, options)
        };
        let cluster = Self((0..6).map(|_| node()).collect());
        let mut connections = Vec::new();
        for node in &cluster.0 {
            connections.push(node.connection().await);
        }
        for (number, connection) in connections.iter_mut().enumerate() {
            if number > 0 {
                let mut meet = redis::cmd("CLUSTER");
                meet.arg("MEET").arg("127.0.0.1").arg(cluster.0[0].port);
                meet.exec_async(connection).await.unwrap();
            }
            if number < 3 {
                let (from, to) = (number * 5462, ((number + 1) * 5462 - 1).min(16383));
                let mut add = redis::cmd("CLUSTER");
                add.arg("ADDSLOTSRANGE").arg(from).arg(to).exec_async(connection).await.unwrap();
            }
        }
        for connection in &mut connections {
            until(connection, "INFO", "cluster_known_nodes:6").await;
        }
        for number in 3..6 {
            let master = id(&mut connections[number - 3]).await;
            let end = Instant::now() + PATIENCE;
            // Refused until the node has heard of its master.
            loop {
                let mut replicate = redis::cmd("CLUSTER");
                replicate.arg("REPLICATE").arg(&master);
                if replicate.exec_async(&mut connections[number]).await.is_ok() {
                    break;
                }
                assert!(Instant::now() < end, "no replica");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
        for connection in &mut connections {
            until(connection, "INFO", "cluster_state:ok").await;
        }
        for connection in &mut connections[3..] {
            replicated(connection).await;
        }
        cluster
    }

    /// An instance's store, which is told of all nodes.
    pub fn store(&self) -> Store {
        let urls: Vec<_> = self.0.iter().map(|node| node.url()).collect();
        Store::open(&settings(Kind::Cluster, &urls.join(" "), None, None))
    }

    /// The master of the slot that a key is in.
    pub async fn master_of(&self, key: &str) -> usize {
        let mut connection = self.0[3].connection().await;
        let mut get = redis::cmd("GET");
        let moved = get.arg(key).exec_async(&mut connection).await;
        let text = moved.expect_err("a replica sends its callers to the master").to_string();
        self.0.iter().position(|node| text.contains(&format!(":{}", node.port))).expect("a master")
    }
}

/// A master with a replica, and three Sentinels that watch it.
pub struct Watched {
    pub master: RedisServer,
    /// Kept, since it ends with this value.
    _replica: RedisServer,
    sentinels: Vec<(u16, Child, TempDir)>,
}

pub const MASTER: &str = "calldock-master";

impl Watched {
    pub async fn start() -> Self {
        let master = RedisServer::start(Keeps::Nothing);
        let of = format!("127.0.0.1 {}", master.port);
        let options =
            vec!["--replicaof".to_owned(), of, "--repl-diskless-sync-delay".into(), "0".into()];
        let replica = RedisServer::start_with(Keeps::Nothing, false, options);
        replicated(&mut replica.connection().await).await;
        let sentinels: Vec<_> = (0..3).map(|_| sentinel(master.port)).collect();
        for (port, ..) in &sentinels {
            let end = Instant::now() + PATIENCE;
            let client = redis::Client::open(format!("redis://127.0.0.1:{port}")).unwrap();
            let mut connection = client.get_multiplexed_async_connection().await.unwrap();
            loop {
                let mut asking = redis::cmd("INFO");
                asking.arg("sentinel");
                let info: String = asking.query_async(&mut connection).await.unwrap_or_default();
                if info.contains("slaves=1,sentinels=3") && info.contains("status=ok") {
                    break;
                }
                assert!(Instant::now() < end, "{info}");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
        Self { master, _replica: replica, sentinels }
    }

    pub fn store(&self) -> Store {
        self.store_behind(&[])
    }

    /// A store whose first Sentinels are these ports.
    pub fn store_behind(&self, first: &[u16]) -> Store {
        let own = self.sentinels.iter().map(|(port, ..)| port);
        let urls = first.iter().chain(own);
        let urls: Vec<_> =
            urls.map(|port| format!("redis://:{PASSWORD}@127.0.0.1:{port}")).collect();
        Store::open(&settings(Kind::Sentinel, &urls.join(","), Some(MASTER), None))
    }
}

fn sentinel(master: u16) -> (u16, Child, TempDir) {
    let program = std::env::var_os("CALLDOCK_REDIS_SERVER").unwrap();
    for _ in 0..20 {
        let (port, folder) = (free_port(), tempfile::tempdir().unwrap());
        let file = folder.path().join("sentinel.conf");
        let text = format!(
            "port {port}\nbind 127.0.0.1\ndir {}\n\
             sentinel monitor {MASTER} 127.0.0.1 {master} 2\n\
             sentinel auth-pass {MASTER} {PASSWORD}\n\
             sentinel down-after-milliseconds {MASTER} 500\n\
             sentinel failover-timeout {MASTER} 2000\n",
            folder.path().display()
        );
        std::fs::write(&file, text).unwrap();
        let mut command = Command::new(&program);
        command.arg(file).arg("--sentinel");
        if let Some(child) = ready(command, "+monitor master") {
            return (port, child, folder);
        }
    }
    panic!("Sentinel did not start on twenty ports");
}

impl Drop for Watched {
    fn drop(&mut self) {
        for (_, child, _) in &mut self.sentinels {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

async fn id(connection: &mut MultiplexedConnection) -> String {
    redis::cmd("CLUSTER").arg("MYID").query_async(connection).await.unwrap()
}

async fn until(connection: &mut MultiplexedConnection, what: &str, expected: &str) {
    let end = Instant::now() + PATIENCE;
    loop {
        // A busy machine may not answer in time.
        let mut asking = redis::cmd("CLUSTER");
        let info: String = asking.arg(what).query_async(connection).await.unwrap_or_default();
        if info.contains(expected) {
            return;
        }
        assert!(Instant::now() < end, "{info}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn replicated(connection: &mut MultiplexedConnection) {
    let end = Instant::now() + PATIENCE;
    loop {
        let mut asking = redis::cmd("INFO");
        let info: String =
            asking.arg("replication").query_async(connection).await.unwrap_or_default();
        if info.contains("master_link_status:up") {
            return;
        }
        assert!(Instant::now() < end, "{info}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
