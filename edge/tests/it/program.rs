//! The program: what it reports, how it reloads, how it stops.

use std::fs;
use std::io::{BufRead, BufReader, Lines, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::sync::LazyLock;
use std::time::Duration;

use tempfile::TempDir;
use tokio::net::TcpSocket;

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_calldock-edge"));
    command.env("RUST_LOG", "info").env("NO_PROXY", "127.0.0.1");
    command
}

fn output(arguments: &[&str]) -> Output {
    program().args(arguments).output().unwrap()
}

/// A running program; it ends with this value.
struct Edge {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    at: SocketAddr,
    operator: SocketAddr,
    file: PathBuf,
    _folder: TempDir,
}

impl Edge {
    fn start(lines: &str) -> Self {
        Self::start_with(lines, &[])
    }

    fn start_with(lines: &str, arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("calldock-edge.toml");
        fs::write(&file, settings(lines)).unwrap();
        let mut child = program()
            .arg("--config")
            .arg(&file)
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(fs::File::create(folder.path().join("log")).unwrap())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut address = |start: &str| -> SocketAddr {
            let line = lines.next().unwrap().unwrap();
            line.strip_prefix(start).unwrap_or_else(|| panic!("{line}")).parse().unwrap()
        };
        let at = address("listening on http://");
        let operator = address("operator listening on http://");
        Self { child, lines, at, operator, file, _folder: folder }
    }

    fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &id]).status().unwrap().success());
    }

    /// Waits until `/metrics` has a line.
    fn metrics_have(&self, line: &str) {
        let began = std::time::Instant::now();
        while !get(self.operator, "/metrics").contains(line) {
            assert!(began.elapsed() < Duration::from_secs(10), "{line}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Edge {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Bound, and nobody listens: no other program gets this port meanwhile.
fn nobody() -> SocketAddr {
    static NOBODY: LazyLock<TcpSocket> = LazyLock::new(|| {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        socket
    });
    NOBODY.local_addr().unwrap()
}

fn settings(lines: &str) -> String {
    let cec = nobody();
    format!(
        "[cec]\norigin = \"https://cec.invalid\"\nconnect_to = \"{cec}\"\n[operator]\naddress = \"127.0.0.1:0\"\n[listen]\naddress = \"127.0.0.1:0\"\n{lines}"
    )
}

fn get(at: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(at).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn check_reports_mistakes_without_starting() {
    let folder = tempfile::tempdir().unwrap();
    let write = |text: &str| {
        let file = folder.path().join("edge.toml");
        fs::write(&file, text).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let file = write(&settings(""));
    let output_of = output(&["check", &file]);
    let output_text = String::from_utf8_lossy(&output_of.stdout).into_owned();
    assert!(output_of.status.success() && output_text.contains("no mistakes"), "{output_text}");
    let file = write("[cec]\norigin = \"x\"\nport = 1\n");
    for arguments in [&["check", &file][..], &["--config", &file]] {
        let output_of = output(arguments);
        let output_text = String::from_utf8_lossy(&output_of.stderr).into_owned();
        assert_eq!(output_of.status.code(), Some(2), "{output_text}");
        assert!(
            output_text.contains("cec.origin") && output_text.contains("cec.port"),
            "{output_text}"
        );
    }
}

#[test]
fn the_demo_stays_on_this_machine() {
    for arguments in [
        &["--demo"][..],
        &["--demo", "--vendor", "http://cec.example:1"],
        &["--demo", "--vendor", "https://127.0.0.1:1"],
        &["--demo", "--vendor", "http://127.0.0.1:1", "--listen", "0.0.0.0:0"],
    ] {
        assert_eq!(output(arguments).status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn health_asks_the_operators_listener() {
    let edge = Edge::start("");
    let with_operator =
        settings("").replace("127.0.0.1:0\"\n[listen]", &format!("{}\"\n[listen]", edge.operator));
    fs::write(&edge.file, with_operator).unwrap();
    let ask = |file: &Path| output(&["health", "--config", file.to_str().unwrap()]).status.code();
    assert_eq!(ask(&edge.file), Some(0));
    // The rest of the file is not looked at: a mistake there does not make the running process unhealthy.
    let by_file = |address: &str| {
        fs::write(&edge.file, format!("[cec]\n[operator]\naddress = {address}\n[edge]\nx = 1\n"))
            .unwrap();
        output(&["health", "--config", edge.file.to_str().unwrap()])
    };
    let text = |output: Output| String::from_utf8_lossy(&output.stderr).into_owned();
    let port = edge.operator.port();
    assert_eq!(by_file(&format!("\"0.0.0.0:{port}\"")).status.code(), Some(0));
    assert!(text(by_file("\"off\"")).contains("operator.address is off"));
    assert!(text(by_file("8703")).contains("operator.address: expected IP:PORT"));
    // Without a file that can be read it is the default, whatever listens there.
    fs::write(&edge.file, "[operator\n").unwrap();
    let without = output(&["health", "--config", edge.file.to_str().unwrap()]);
    assert_ne!(without.status.code(), Some(2), "{}", text(without));
    let free = nobody();
    fs::write(
        &edge.file,
        settings("").replace("127.0.0.1:0\"\n[listen]", &format!("{free}\"\n[listen]")),
    )
    .unwrap();
    assert_eq!(ask(&edge.file), Some(1));
}

#[test]
fn a_reload_takes_all_or_nothing() {
    let edge = Edge::start("[edge]\nprefix = \"/before\"\n");
    // CEC cannot be reached, so what lies below the prefix is a 502 and everything else a 404.
    let serves = |path: &str| get(edge.at, &format!("{path}/service-cloud/x"));
    assert!(serves("/before").starts_with("HTTP/1.1 502"));
    fs::write(&edge.file, settings("[edge]\nprefix = \"/after\"\nstreams = 0\n")).unwrap();
    edge.signal("HUP");
    edge.metrics_have("calldock_edge_config_reload_success 0");
    assert!(serves("/before").starts_with("HTTP/1.1 502"), "nothing has changed");
    fs::write(&edge.file, settings("[edge]\nprefix = \"/after\"\n")).unwrap();
    edge.signal("HUP");
    edge.metrics_have("calldock_edge_config_reload_success 1");
    assert!(serves("/after").starts_with("HTTP/1.1 502"));
    assert!(serves("/before").starts_with("HTTP/1.1 404"));
}

#[test]
fn it_drains_before_it_stops() {
    let mut edge = Edge::start("drain = 4\ngrace = 4\n");
    assert!(get(edge.operator, "/readyz").starts_with("HTTP/1.1 200"));
    let began = std::time::Instant::now();
    edge.signal("TERM");
    while !get(edge.operator, "/readyz").starts_with("HTTP/1.1 503") {
        assert!(began.elapsed() < Duration::from_secs(4));
    }
    assert!(get(edge.at, "/x").starts_with("HTTP/1.1 404"), "still accepting while it drains");
    let status = edge.child.wait().unwrap();
    assert!(status.success() && began.elapsed() >= Duration::from_secs(4));
    assert!(edge.lines.next().is_none());
}

#[test]
fn a_reload_names_the_keys_that_need_a_restart_and_applies_how_it_stops() {
    let mut edge = Edge::start("drain = 300\n");
    let text =
        settings("drain = 0\nheader_bytes = 8192\nidle_deadline = 9\n[log]\nformat = \"json\"\n");
    fs::write(&edge.file, text).unwrap();
    edge.signal("HUP");
    let log = edge.file.with_file_name("log");
    let began = std::time::Instant::now();
    let mut said = String::new();
    while !said.contains("reloaded") {
        assert!(began.elapsed() < Duration::from_secs(20), "{said}");
        said = fs::read_to_string(&log).unwrap();
    }
    for key in ["listen.header_bytes", "listen.idle_deadline", "log.format"] {
        assert!(said.contains(key), "{key}: {said}");
    }
    for key in ["listen.drain", "listen.address", "operator.address", "listen.stall_deadline"] {
        assert!(!said.contains(key), "{key}: {said}");
    }
    edge.signal("TERM");
    assert!(edge.child.wait().unwrap().success());
    assert!(began.elapsed() < Duration::from_secs(200), "it does not drain for 300 s");
}

#[test]
fn a_reload_compares_with_what_is_in_force() {
    let edge = Edge::start_with("", &["--listen", "127.0.0.2:0"]);
    let log = edge.file.with_file_name("log");
    let reload = |lines: &str| {
        let before = fs::read_to_string(&log).unwrap().len();
        fs::write(&edge.file, settings(lines)).unwrap();
        edge.signal("HUP");
        let began = std::time::Instant::now();
        loop {
            let said = fs::read_to_string(&log).unwrap()[before..].to_owned();
            if said.contains("reloaded") {
                return said;
            }
            assert!(began.elapsed() < Duration::from_secs(20), "{said}");
        }
    };
    // Told each time while it differs, whatever the file before said, and no more once it is back.
    for (lines, needs) in
        [("header_bytes = 8192\n", true), ("header_bytes = 8192\n", true), ("", false)]
    {
        let said = reload(lines);
        assert_eq!(said.contains("listen.header_bytes"), needs, "{said}");
        assert!(!said.contains("listen.address"), "--listen stays in force: {said}");
    }
}

/// Replaces the settings by a pipe: who reads it waits for a writer.
fn pipe(edge: &Edge) {
    let pipe = edge.file.with_file_name("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    fs::rename(pipe, &edge.file).unwrap();
}

/// Opens the pipe once the program reads it.
fn writer(edge: &Edge) -> fs::File {
    fs::OpenOptions::new().write(true).open(&edge.file).unwrap()
}

#[test]
fn a_file_that_hangs_does_not_keep_it_from_stopping() {
    let mut edge = Edge::start("drain = 0\n");
    pipe(&edge);
    edge.signal("HUP");
    // Nothing is written and nothing closed: the program reads on.
    let _writer = writer(&edge);
    edge.signal("TERM");
    let began = std::time::Instant::now();
    let status = loop {
        if let Some(status) = edge.child.try_wait().unwrap() {
            break status;
        }
        assert!(began.elapsed() < Duration::from_secs(15), "it does not end");
        std::thread::sleep(Duration::from_millis(20));
    };
    assert!(status.success());
}

#[test]
fn a_signal_during_a_reload_makes_another_one() {
    let edge = Edge::start("");
    pipe(&edge);
    edge.signal("HUP");
    let mut first = writer(&edge);
    edge.signal("HUP");
    first.write_all(settings("[edge]\nstreams = 0\n").as_bytes()).unwrap();
    drop(first);
    edge.metrics_have("calldock_edge_config_reload_success 0");
    // The pipe is read once more, and what is there now is in force.
    let mut second = writer(&edge);
    second.write_all(settings("[edge]\nprefix = \"/after\"\n").as_bytes()).unwrap();
    drop(second);
    edge.metrics_have("calldock_edge_config_reload_success 1");
    assert!(get(edge.at, "/after/service-cloud/x").starts_with("HTTP/1.1 502"));
}
