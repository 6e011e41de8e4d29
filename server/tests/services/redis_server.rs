//! A Redis of the test's own: a free port of this machine, a folder that goes away, a password.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use calldock_server::config::{RedisConfig, StoreConfig};
use calldock_server::store::Store;
use tempfile::TempDir;

pub const PASSWORD: &str = "redis-password-of-the-tests";

/// What outlives the process.
#[derive(Clone, Copy, Debug)]
pub enum Keeps {
    Nothing,
    /// Every command, in a file that is appended to.
    Commands,
    /// What `SAVE` saw.
    Snapshots,
}

pub struct RedisServer {
    pub port: u16,
    folder: TempDir,
    keeps: Keeps,
    tls: Vec<String>,
    child: Child,
}

impl RedisServer {
    pub fn start(keeps: Keeps) -> Self {
        Self::start_with(keeps, Vec::new())
    }

    /// With TLS by these options of Redis', and nothing else.
    pub fn start_with(keeps: Keeps, tls: Vec<String>) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = tempfile::tempdir().unwrap();
        let child = spawn(port, &folder, keeps, &tls);
        Self { port, folder, keeps, tls, child }
    }

    /// As a machine that loses its power, as far as Redis can tell.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    }

    pub fn restart(&mut self) {
        self.child = spawn(self.port, &self.folder, self.keeps, &self.tls);
    }

    pub fn url(&self) -> String {
        let scheme = if self.tls.is_empty() { "redis" } else { "rediss" };
        format!("{scheme}://:{PASSWORD}@127.0.0.1:{}/0", self.port)
    }

    /// Another instance's store, with a connection of its own.
    pub fn store(&self) -> Store {
        let config = RedisConfig::new(&self.url().into(), "test:".into()).unwrap();
        Store::open(&StoreConfig::Redis(Box::new(config)))
    }

    /// A connection past the store.
    pub async fn connection(&self) -> redis::aio::MultiplexedConnection {
        let client = redis::Client::open(self.url()).unwrap();
        client.get_multiplexed_async_connection().await.unwrap()
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(port: u16, folder: &TempDir, keeps: Keeps, tls: &[String]) -> Child {
    let program = std::env::var_os("CALLDOCK_REDIS_SERVER")
        .expect("`cargo xtask test services` says where Redis is");
    let port = port.to_string();
    let mut command = Command::new(program);
    command.args(["--bind", "127.0.0.1", "--requirepass", PASSWORD, "--save", ""]);
    command.arg("--dir").arg(folder.path());
    command.args(if tls.is_empty() { ["--port", &port] } else { ["--tls-port", &port] });
    if !tls.is_empty() {
        command.args(["--port", "0"]).args(tls);
    }
    command.args(["--appendonly", if matches!(keeps, Keeps::Commands) { "yes" } else { "no" }]);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let ready = |line: &String| line.contains("Ready to accept connections");
    let said = lines.by_ref().map_while(Result::ok).find(ready);
    assert!(said.is_some(), "Redis did not start");
    // Whatever else it says must not hold it up.
    std::thread::spawn(move || lines.for_each(drop));
    child
}
