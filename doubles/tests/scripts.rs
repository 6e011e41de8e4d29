//! The real binary: its scripts run by Node over a small stand-in for a page, and its end.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// A running double, ended with the test.
struct Doubles {
    process: Child,
    base: String,
}

impl Doubles {
    fn start() -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_calldock-doubles"))
            .args(["--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the double starts");
        let mut line = String::new();
        let stdout = process.stdout.take().expect("stdout is piped");
        BufReader::new(stdout).read_line(&mut line).expect("the double says where it listens");
        let base =
            line.trim().strip_prefix("listening on ").expect("one line, as agreed").to_owned();
        Self { process, base }
    }
}

impl Drop for Doubles {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Runs a file of Node's tests against a double of its own.
fn node(file: &str) {
    let doubles = Doubles::start();
    let output = Command::new("node")
        .args(["--test", "--test-timeout=30000"])
        .arg(format!("{}/tests/{file}", env!("CARGO_MANIFEST_DIR")))
        .env("DOUBLES", &doubles.base)
        .output()
        .expect("Node.js runs this test: install it and put `node` on the PATH");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(!said.contains("# tests 0"), "no test ran: {said}");
}

#[test]
fn the_agent_script_does_what_its_options_say() {
    node("agent-script/options.test.mjs");
}

#[test]
fn the_chat_scripts_want_what_the_guide_says() {
    node("chat-script/page.test.mjs");
}

#[test]
#[cfg(unix)]
fn sigterm_ends_it_at_once_with_a_stream_and_an_idle_connection_open() {
    let mut doubles = Doubles::start();
    let address = doubles.base.strip_prefix("http://").expect("an http address");
    let idle = TcpStream::connect(address).expect("connects");
    let mut stream = TcpStream::connect(address).expect("connects");
    let request = format!("GET /workbench/events HTTP/1.1\r\nhost: {address}\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("asks for events");
    let mut first = [0u8; 15];
    stream.read_exact(&mut first).expect("the stream begins");
    assert_eq!(&first, b"HTTP/1.1 200 OK");

    let began = Instant::now();
    let pid = doubles.process.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().expect("kill runs").success());
    let ended = doubles.process.wait().expect("the process ends");
    assert!(ended.success(), "{ended}");
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    drop(idle);
}
