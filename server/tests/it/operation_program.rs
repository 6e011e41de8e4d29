//! The built program as its operator sees it: the operator's listener, the log, the audit, the graceful end.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

const CONFIG: &str = r#"
    [listen]
    address = "127.0.0.1:0"
    drain = 4
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
        Self::start_with("")
    }

    fn start_with(more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("calldock.toml");
        std::fs::write(&file, format!("{CONFIG}{more}")).unwrap();
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
        ask(&self.operator, "GET", path)
    }
}

fn ask(address: &str, method: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    write!(stream, "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")
        .unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    response
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn while_draining_it_is_not_ready_still_accepts_and_finishes_open_requests() {
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
    while !program.operator("/metrics").contains("calldock_http_requests_in_flight 1") {
        assert!(Instant::now() < deadline, "the request never came in flight");
    }
    let id = program.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    program.logged("draining");
    let unready = program.operator("/readyz");
    assert!(unready.starts_with("HTTP/1.1 503"), "{unready}");
    assert!(unready.contains(r#""running":"failed""#), "{unready}");
    assert!(program.operator("/healthz").starts_with("HTTP/1.1 200"));
    // Still accepting: the gateway has not noticed yet.
    assert!(ask(&program.pages, "GET", "/healthz").starts_with("HTTP/1.1 200"));
    asking.write_all(b"{}").unwrap();
    let mut answer = String::new();
    asking.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let line = loop {
        let line = program.logged("responded");
        if line["route"] == "/calldock/v1/cec/login" {
            break line;
        }
    };
    assert_eq!(line["client"], "127.0.0.0/24");
    assert!(answer.contains(line["request_id"].as_str().unwrap()), "{answer}");
    assert!(program.child.wait().unwrap().success());
}

#[test]
fn the_operators_listener_serves_metrics_and_openapi_and_no_page() {
    let program = Program::start();
    let document = program.operator("/openapi.json");
    assert!(document.contains("\"openapi\": \"3.1.0\""), "{document}");
    let metrics = program.operator("/metrics");
    let version = concat!("calldock_build_info{version=\"", env!("CARGO_PKG_VERSION"), "\"} 1");
    assert!(metrics.contains(version), "{metrics}");
    assert!(program.operator("/calldock/v1/cec/login").starts_with("HTTP/1.1 404"));
}

/// Nobody reads on in stderr and stdout, once it is known where it listens: both pipes fill up.
#[test]
fn a_reader_of_the_log_that_stalls_stops_no_request_and_not_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("calldock.toml");
    // The audit has its own target and its own rule; here it is only counted.
    let audit = "[audit]\nwhen_full = \"count\"\n";
    std::fs::write(&file, CONFIG.replace("drain = 4", "drain = 0").to_owned() + audit).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_calldock-server"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CALLDOCK_") {
            command.env_remove(name);
        }
    }
    command.arg("--config").arg(file).stdin(Stdio::null()).env("RUST_LOG", "trace");
    let mut child = crate::support::Guard(
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap(),
    );
    let mut stdout = BufReader::new(child.0.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    let pages = line.trim_end().strip_prefix("listening on http://").unwrap().to_owned();
    let mut stderr = BufReader::new(child.0.stderr.take().unwrap());
    let operator = stderr.by_ref().lines().find_map(|line| {
        let said: Value = serde_json::from_str(&line.unwrap()).ok()?;
        let address = said["address"].as_str()?.to_owned();
        (said["message"] == "the operator's listener").then_some(address)
    });
    let operator = operator.expect("it says where the operator's listener is");
    // A pipe holds 64 KiB; a line of the log has at least 100 bytes, of the audit 200.
    for number in 0..2000 {
        let response = ask(&pages, "POST", "/calldock/v1/cec/login");
        assert!(response.starts_with("HTTP/1.1 200"), "{number}: {response}");
    }
    assert!(ask(&pages, "GET", "/healthz").starts_with("HTTP/1.1 200"));
    assert!(ask(&operator, "GET", "/healthz").starts_with("HTTP/1.1 200"));
    let started = Instant::now();
    let id = child.0.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert!(child.0.wait().unwrap().success());
    // At most a second for the log and a second for the audit.
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    drop((stdout, stderr));
}

#[test]
fn every_login_has_a_line_in_the_audit_without_the_persons_id() {
    let folder = tempfile::tempdir().unwrap();
    let audit = folder.path().join("audit.log");
    let mut program =
        Program::start_with(&format!("[audit]\ntarget = \"file:{}\"\n", audit.display()));
    let response = ask(&program.pages, "POST", "/calldock/v1/cec/login");
    assert!(response.starts_with("HTTP/1.1 200"), "{response}");
    assert!(ask(&program.pages, "GET", "/healthz").starts_with("HTTP/1.1 200"));
    let id = program.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert!(program.child.wait().unwrap().success());
    let text = std::fs::read_to_string(&audit).unwrap();
    assert_eq!(text.lines().count(), 1, "{text}");
    let line: Value = serde_json::from_str(text.trim_end()).unwrap();
    assert_eq!(
        (&line["event"], &line["route"]),
        (&json!("login"), &json!("/calldock/v1/cec/login"))
    );
    assert_eq!((&line["role"], &line["identity"]), (&json!("visitor"), &json!("fixed")));
    assert_eq!(line["address"], "127.0.0.1");
    assert!(response.contains(line["request_id"].as_str().unwrap()), "{response}");
    assert!(!text.contains("10010001") && !text.contains("Tom"), "{text}");
}

#[test]
fn a_line_of_the_audit_waits_until_its_folder_is_back() {
    let folder = tempfile::tempdir().unwrap();
    let [here, away] = ["audit", "away"].map(|name| folder.path().join(name));
    std::fs::create_dir(&here).unwrap();
    let audit = here.join("audit.log");
    let program = Program::start_with(&format!("[audit]\ntarget = \"file:{}\"\n", audit.display()));
    std::fs::rename(&here, &away).unwrap();
    let response = ask(&program.pages, "POST", "/calldock/v1/cec/login");
    assert!(response.starts_with("HTTP/1.1 200"), "{response}");
    program.logged("an audit line was not written");
    std::fs::rename(&away, &here).unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    while !std::fs::read_to_string(&audit).unwrap().ends_with('\n') {
        assert!(Instant::now() < deadline, "the line was never written");
        program.operator("/healthz");
    }
}
