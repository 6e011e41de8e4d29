//! A Redis of the test's own: a free port of this machine, a folder that goes away, a password.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use calldock_server::store::settings::{INSTANCES, Kind, RedisSettings, Topology};
use calldock_server::store::{Store, StoreSettings};
use redis::TlsCertificates;
use tempfile::TempDir;

pub const PASSWORD: &str = "redis-password-of-the-tests";

/// What outlives the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeps {
    Nothing,
    /// Every command, in a file that is appended to.
    Commands,
}

pub struct RedisServer {
    pub port: u16,
    folder: TempDir,
    keeps: Keeps,
    tls: bool,
    options: Vec<String>,
    child: Option<Child>,
}

impl RedisServer {
    pub fn start(keeps: Keeps) -> Self {
        Self::start_with(keeps, false, Vec::new())
    }

    /// With further options of Redis', over TLS if they say how.
    pub fn start_with(keeps: Keeps, tls: bool, options: Vec<String>) -> Self {
        // Between the look for a free port and its use another program may have taken it.
        for _ in 0..20 {
            let port = free_port();
            let options = options.iter().map(|option| option.replace("{port}", &port.to_string()));
            let options: Vec<_> = options.collect();
            let mut server = Self {
                port,
                folder: tempfile::tempdir().unwrap(),
                keeps,
                tls,
                options,
                child: None,
            };
            if server.spawn() {
                return server;
            }
        }
        panic!("Redis did not start on twenty ports");
    }

    /// As a machine that loses its power, as far as Redis can tell.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    pub fn signal(&self, signal: &str) {
        let id = self.child.as_ref().unwrap().id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    }

    pub fn restart(&mut self) {
        assert!(self.spawn(), "Redis did not start again");
    }

    pub fn url(&self) -> String {
        let scheme = if self.tls { "rediss" } else { "redis" };
        format!("{scheme}://:{PASSWORD}@127.0.0.1:{}/0", self.port)
    }

    /// Another instance's store, with a connection of its own.
    pub fn store(&self) -> Store {
        Store::open(&settings(Kind::Single, &self.url(), None, None))
    }

    /// A connection past the store.
    pub async fn connection(&self) -> redis::aio::MultiplexedConnection {
        let client = redis::Client::open(self.url()).unwrap();
        client.get_multiplexed_async_connection().await.unwrap()
    }

    /// Starts the process; whether it came up.
    fn spawn(&mut self) -> bool {
        let program = std::env::var_os("CALLDOCK_REDIS_SERVER")
            .expect("`cargo xtask test services` says where Redis is");
        let port = self.port.to_string();
        let mut command = Command::new(program);
        command.args(["--bind", "127.0.0.1", "--requirepass", PASSWORD, "--masterauth", PASSWORD]);
        command.args(["--save", "", "--daemonize", "no"]);
        command.arg("--dir").arg(self.folder.path());
        command.args(if self.tls { ["--tls-port", &port] } else { ["--port", &port] });
        if self.tls {
            command.args(["--port", "0"]);
        }
        let appends = if self.keeps == Keeps::Commands { "yes" } else { "no" };
        command.args(["--appendonly", appends]).args(&self.options);
        self.child = ready(command, "Ready to accept connections");
        self.child.is_some()
    }
}

/// The process once it says that it is ready; nothing if it ended before.
pub fn ready(mut command: Command, line: &'static str) -> Option<Child> {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    if !lines.by_ref().map_while(Result::ok).any(|said| said.contains(line)) {
        let _ = child.wait();
        return None;
    }
    // What else it says must not block it.
    std::thread::spawn(move || lines.for_each(drop));
    Some(child)
}

/// A port below 55536, whose cluster bus (10,000 above) is free too.
pub fn free_port() -> u16 {
    let bind = |port| TcpListener::bind(("127.0.0.1", port));
    for _ in 0..1000 {
        let listener = bind(0).unwrap();
        let port = listener.local_addr().unwrap().port();
        if port < 55536 && bind(port + 10000).is_ok() {
            return port;
        }
    }
    panic!("no free port below 55536");
}

/// Settings as `[store]` would give them.
pub fn settings(
    kind: Kind,
    url: &str,
    master: Option<&str>,
    tls: Option<TlsCertificates>,
) -> StoreSettings {
    let tls = tls.unwrap_or(TlsCertificates { client_tls: None, root_cert: None });
    let topology = Topology::new(kind, &url.into(), master.map(str::to_owned), None, tls);
    let (topology, in_the_clear) = topology.unwrap();
    let prefix = "test:".into();
    let redis = RedisSettings { topology, prefix, instances: INSTANCES, in_the_clear };
    StoreSettings::Redis(Box::new(redis))
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        self.kill();
    }
}
