//! The built program as its operator sees it: the listener of their own, the log, the end.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

const CONFIG: &str = r#"
    [listen]
    address = "127.0.0.1:0"
    [operator]
    address = "127.0.0.1:0"
    [log]
    format = "json"
    [visitor]
    kind = "fixed"
    user_id = "10010001"
    name = "Tom"
    [cec]
    tenant_space_id = "202007159031"
    channel_config_id = "817854979183314945"
    mode = "token"
"#;

struct Program {
    child: Child,
    pages: String,
    operator: String,
    log: mpsc::Receiver<Value>,
}

impl Program {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("calldock.toml");
        std::fs::write(&file, CONFIG).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_calldock-server"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("CALLDOCK_") || name == "RUST_LOG" {
                command.env_remove(name);
            }
        }
        command.arg("--config").arg(file).stdin(Stdio::null());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (say, log) = mpsc::channel();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let said = serde_json::from_str(&line).unwrap_or_else(|_| json!({ "bare": line }));
                let _ = say.send(said);
            }
        });
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let pages = line.trim_end().strip_prefix("listening on http://").unwrap().to_owned();
        let mut program = Self { child, pages, operator: String::new(), log };
        let said = program.logged("the operator's listener");
        program.operator = said["address"].as_str().unwrap().to_owned();
        program
    }

    /// The first line that says this.
    fn logged(&self, message: &str) -> Value {
        loop {
            let said = self.log.recv_timeout(Duration::from_secs(20)).expect(message);
            if said["message"] == message {
                return said;
            }
        }
    }

    fn operator(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.operator).unwrap();
        let host = &self.operator;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn at_the_end_it_is_not_ready_first_and_finishes_what_is_in_flight() {
    let mut program = Program::start();
    let ready = program.operator("/readyz");
    assert!(ready.starts_with("HTTP/1.1 200"), "{ready}");
    let mut asking = TcpStream::connect(&program.pages).unwrap();
    let host = &program.pages;
    write!(
        asking,
        "POST /calldock/v1/cec/login HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    while !program.operator("/metrics").contains("http_requests_in_flight 1") {
        assert!(Instant::now() < deadline, "the request never came in flight");
    }
    let id = program.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    program.logged("stopping");
    let unready = program.operator("/readyz");
    assert!(unready.starts_with("HTTP/1.1 503"), "{unready}");
    assert!(unready.contains(r#""running":"failed""#), "{unready}");
    assert!(program.operator("/healthz").starts_with("HTTP/1.1 200"));
    asking.write_all(b"{}").unwrap();
    let mut answer = String::new();
    asking.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let line = program.logged("answered");
    assert_eq!(line["route"], "/calldock/v1/cec/login");
    assert_eq!(line["client"], "127.0.0.0/24");
    assert!(answer.contains(line["request_id"].as_str().unwrap()), "{answer}");
    assert!(program.child.wait().unwrap().success());
}

#[test]
fn the_operators_listener_has_what_the_pages_have_not() {
    let program = Program::start();
    let document = program.operator("/openapi.json");
    assert!(document.contains("\"openapi\": \"3.1.0\""), "{document}");
    let metrics = program.operator("/metrics");
    let version = concat!("calldock_build_info{version=\"", env!("CARGO_PKG_VERSION"), "\"} 1");
    assert!(metrics.contains(version), "{metrics}");
    assert!(program.operator("/calldock/v1/cec/login").starts_with("HTTP/1.1 404"));
}
