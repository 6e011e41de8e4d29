//! The vendors' stand-in, the demo's server, and the tool itself.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

const VALIDATE: &str = "/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate";

/// A process that is killed with this value.
pub struct Process {
    child: Child,
    /// `http://127.0.0.1:…`.
    pub base: String,
}

impl Process {
    fn start(program: &str, arguments: &[&str]) -> Self {
        let program = std::env::var_os(program)
            .unwrap_or_else(|| panic!("`cargo xtask test services` sets {program}"));
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let base = lines
            .find_map(|line| line.unwrap().trim().strip_prefix("listening on ").map(str::to_owned));
        // The rest of its output is read, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, base: base.expect("its address") }
    }

    /// Starts the vendors' stand-in.
    pub fn doubles() -> Self {
        let arguments = ["--listen", "127.0.0.1:0", "--cec-callback", "http://127.0.0.1:1/"];
        Self::start("CALLDOCK_DOUBLES", &arguments)
    }

    /// Starts the demo's server with this vendor.
    pub fn server(vendor: &str) -> Self {
        let arguments = ["--demo", "--listen", "127.0.0.1:0", "--vendor", vendor];
        Self::start("CALLDOCK_SERVER", &arguments)
    }

    /// The URL of CEC's questions about tokens.
    pub fn callback(&self) -> String {
        format!("{}{VALIDATE}", self.base)
    }

    /// Sets the faults of the stand-in.
    pub fn plan(&self, faults: &Value) {
        self.control("POST", "/control/reset", "");
        let response = self.control("POST", "/control/faults", &faults.to_string());
        assert!(response.contains(r#"{"ok":true}"#), "{faults}: {response}");
    }

    /// Returns the requests that the stand-in received.
    pub fn log(&self) -> Vec<Value> {
        let response = self.control("GET", "/control/log", "");
        serde_json::from_str(response.split_once("\r\n\r\n").unwrap().1).unwrap()
    }

    fn control(&self, method: &str, path: &str, body: &str) -> String {
        let host = self.base.strip_prefix("http://").unwrap();
        let length = body.len();
        let mut stream = TcpStream::connect(host).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.0\r\nHost: {host}\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        response
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs the tool to its end.
pub fn run(arguments: &[&str], environment: &[(&str, &str)], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_calldock-admin"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CALLDOCK_") {
            command.env_remove(name);
        }
    }
    command.env("LC_ALL", "C.UTF-8").env("NO_PROXY", "127.0.0.1,localhost");
    command.args(arguments).envs(environment.iter().copied());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}
