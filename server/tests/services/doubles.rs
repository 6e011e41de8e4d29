//! The vendors' stand-in, as a process of its own, and the demo's server beside it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

const VALIDATE: &str = "/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate";

/// A process; it ends with this value.
pub struct Process {
    child: Child,
    /// `http://127.0.0.1:…`.
    pub base: String,
}

impl Process {
    fn start(command: &mut Command) -> Self {
        Self::try_start(command).expect("its address")
    }

    /// The process, if it can listen.
    fn try_start(command: &mut Command) -> Option<Self> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let base = line.trim().strip_prefix("listening on ").unwrap_or_default().to_owned();
        let process = Self { child, base };
        Some(process).filter(|process| !process.base.is_empty())
    }

    /// The doubles, whose CEC asks nobody.
    pub fn doubles() -> Self {
        Self::doubles_asking("http://127.0.0.1:1")
    }

    /// The doubles, whose CEC asks this server about tokens.
    pub fn doubles_asking(server: &str) -> Self {
        let program = std::env::var_os("CALLDOCK_DOUBLES")
            .expect("`cargo xtask test services` says where the doubles are");
        let callback = format!("{server}{VALIDATE}");
        Self::start(Command::new(program).args([
            "--listen",
            "127.0.0.1:0",
            "--cec-callback",
            &callback,
        ]))
    }

    /// The doubles and the demo's server, which know of each other.
    pub fn both() -> (Self, Self) {
        // Between the look for a free port and its use another program may have taken it.
        for _ in 0..20 {
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            let listen = format!("127.0.0.1:{port}");
            let doubles = Self::doubles_asking(&format!("http://{listen}"));
            let vendor = &doubles.base;
            let mut command = server();
            command.args(["--demo", "--listen", &listen, "--vendor", vendor]);
            if let Some(server) = Self::try_start(&mut command) {
                return (doubles, server);
            }
        }
        panic!("the server did not start on twenty ports");
    }

    /// The demo's server alone, whose vendor is at this address.
    pub fn demo(vendor: &str) -> Self {
        Self::start(server().args(["--demo", "--listen", "127.0.0.1:0", "--vendor", vendor]))
    }

    /// The server with a configuration of the test's.
    pub fn configured(file: &Path) -> Self {
        Self::start(server().arg("--config").arg(file))
    }

    /// Has the doubles do something wrong until they are told otherwise.
    pub fn plan(&self, faults: &Value) {
        self.control("POST", "/control/reset", "");
        let said = self.control("POST", "/control/faults", &faults.to_string());
        assert!(said.contains(r#"{"ok":true}"#), "{faults}: {said}");
    }

    /// Asks the process something; the answer as it came.
    pub fn control(&self, method: &str, path: &str, body: &str) -> String {
        let host = self.base.strip_prefix("http://").unwrap();
        let length = body.len();
        let mut stream = TcpStream::connect(host).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.0\r\nHost: {host}\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut said = String::new();
        stream.read_to_string(&mut said).unwrap();
        said
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The server's program, without what this process's environment says.
fn server() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_calldock-server"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CALLDOCK_") {
            command.env_remove(name);
        }
    }
    command.env("LC_ALL", "C.UTF-8").env("NO_PROXY", "127.0.0.1,localhost");
    command
}
