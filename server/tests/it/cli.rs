//! The built program: `check`, `--demo`, configuration errors, its end.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Output, Stdio};

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_calldock-server"));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CALLDOCK_") {
            command.env_remove(name);
        }
    }
    command
}

#[test]
fn the_openapi_document_comes_from_the_program_too() {
    let output = run(&["openapi"], "");
    assert!(output.status.success());
    assert_eq!(output.stdout, calldock_server::http::openapi::json().into_bytes());
}

pub fn run(arguments: &[&str], input: &str) -> Output {
    let mut child = program().args(arguments).spawn().unwrap();
    // A program that ends before it reads is judged by its status.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

pub fn error(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn check_lists_every_mistake_and_starts_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("calldock.toml");
    let check = |text: &str| {
        std::fs::write(&file, text).unwrap();
        run(&["check", file.to_str().unwrap()], "")
    };
    let identity = "[identity]\nkind = \"local\"\n";
    let tccc =
        "[tccc]\nsdk_app_id = 1\nsecret_id = \"AKIDEXAMPLE\"\nsecret_key = \"SECRETKEYEXAMPLE\"\n";
    let valid = check(&format!("{tccc}{identity}"));
    assert!(valid.status.success(), "{valid:?}");
    assert_eq!(valid.stdout, b"the configuration is valid\n");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no database is created");
    let mistakes = error(&check("[tccc]\nsdk_app_id = 0\nsecret_key = \"SECRETKEYEXAMPLE\"\n"));
    for key in ["tccc.sdk_app_id", "tccc.secret_id", "identity.kind"] {
        assert!(mistakes.contains(key), "{mistakes}");
    }
    assert!(!mistakes.contains("EXAMPLE"), "{mistakes}");
}

#[test]
fn a_command_of_the_operators_tool_runs_calldock_admin_or_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let server = folder.path().join("calldock-server");
    std::fs::copy(env!("CARGO_BIN_EXE_calldock-server"), &server).unwrap();
    let sign = || {
        let mut command = Command::new(&server);
        command.args(["sign", "cec"]).env("PATH", "").output().unwrap()
    };
    let missing = error(&sign());
    assert!(missing.contains("calldock-admin") && missing.contains("install it"), "{missing}");
    let admin = folder.path().join("calldock-admin");
    std::fs::write(&admin, "#!/bin/sh\necho \"admin $*\"\nexit 7\n").unwrap();
    std::fs::set_permissions(&admin, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let run = sign();
    assert_eq!((run.status.code(), &*run.stdout), (Some(7), &b"admin sign cec\n"[..]));
}

#[test]
fn the_demo_has_both_modes_of_cec() {
    let server = Running::start(&["--demo", "--listen", "127.0.0.1:0"]);
    let tom = r#""thirdUserId":"10010001","thirdUserName":"Tom""#;
    let guest = r#""thirdUserId":"guest-"#;
    let channel = r#""tenantSpaceId":"202007159031","channelConfigId":"817854979183314945""#;
    for (path, mode, visitor) in [
        ("/calldock/v1/cec/login", "authorization", guest),
        ("/calldock/v1/cec/login/authorization", "authorization", guest),
        ("/calldock/v1/cec/login/token", "token", tom),
        ("/calldock/v1/cec/login/token/liu", "token", r#""thirdUserName":"刘先生""#),
        (
            "/calldock/v1/cec/login/authorization/nasty",
            "authorization",
            r#"O'Brien \"x\" </script>"#,
        ),
    ] {
        let answer = server.ask("POST", path);
        for part in [&format!(r#"{{"mode":"{mode}""#), visitor, channel] {
            assert!(answer.contains(part), "{answer}");
        }
    }
}

#[test]
fn without_secrets_the_server_does_not_start() {
    for arguments in [&[][..], &["serve"], &["serve", "--config", "/nonexistent/calldock.toml"]] {
        let said = error(&run(arguments, ""));
        assert!(said.starts_with("calldock-server: "), "{said}");
        assert!(said.contains("in the configuration:"), "{said}");
    }
}

#[test]
fn the_demos_own_flags_need_the_demo_and_the_demo_stays_on_this_machine() {
    let table: [&[&str]; 6] = [
        &["--vendor", "http://127.0.0.1:1"],
        &["--site", "."],
        &["--demo", "--config", "calldock.toml"],
        &["--demo", "--listen", "0.0.0.0:0"],
        &["--demo", "--listen", "127.0.0.1:0", "--vendor", "https://example.com"],
        &["--demo", "--listen", "nowhere"],
    ];
    for arguments in table {
        error(&run(arguments, ""));
    }
}

/// A running server, ended with the test whatever happens.
pub struct Running {
    pub child: Child,
    stdout: BufReader<std::process::ChildStdout>,
    pub address: String,
}

impl Running {
    pub fn start(arguments: &[&str]) -> Self {
        let mut child = program().args(arguments).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let address = line.trim_end().strip_prefix("listening on http://").unwrap().to_owned();
        Self { child, stdout, address }
    }

    fn get(&self, path: &str) -> String {
        self.ask("GET", path)
    }

    pub fn ask(&self, method: &str, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
            self.address
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_demo_says_one_line_answers_and_ends_at_a_signal() {
    for signal in ["-TERM", "-INT"] {
        let mut server = Running::start(&["--demo", "--listen", "127.0.0.1:0"]);
        assert!(server.address.starts_with("127.0.0.1:") && !server.address.ends_with(":0"));
        assert!(server.get("/healthz").ends_with(r#"{"status":"ok"}"#));
        assert!(server.get("/demo.json").starts_with("HTTP/1.1 404"), "the server serves no site");
        let idle = TcpStream::connect(&server.address).unwrap();
        let id = server.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        assert!(server.child.wait().unwrap().success());
        let mut rest = String::new();
        server.stdout.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "");
        drop(idle);
    }
}

#[test]
fn health_asks_the_operators_listener_of_this_machine() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("calldock.toml");
    let text = "[operator]\naddress = \"127.0.0.1:0\"\n[visitor]\nkind = \"guest\"\n[cec]\nmode = \"token\"\ntenant_space_id = \"1\"\nchannel_config_id = \"2\"\n";
    std::fs::write(&file, text).unwrap();
    let mut server =
        Running::start(&["--config", file.to_str().unwrap(), "--listen", "127.0.0.1:0"]);
    let mut log = BufReader::new(server.child.stderr.take().unwrap()).lines();
    let address = log.by_ref().map_while(Result::ok).find_map(|line| {
        line.split_once("the operator's listener address=").map(|(_, address)| address.to_owned())
    });
    let address = address.expect("it says where the operator's listener is");
    let port = address.rsplit(':').next().unwrap();
    let ask = |arguments: &[&str]| run(arguments, "").status.code();
    assert_eq!(ask(&["health", &address]), Some(0));
    let by_variable = |value: &str| {
        let mut health = program();
        health.arg("health").env("CALLDOCK_OPERATOR_ADDRESS", value);
        health.status().unwrap().code()
    };
    assert_eq!(by_variable(&format!("0.0.0.0:{port}")), Some(0));
    assert_eq!(by_variable("everywhere"), Some(2));
    // The address of the mounted file; the rest of it is not looked at.
    let by_file = |address: &str| {
        std::fs::write(&file, format!("[operator]\naddress = {address}\n[nothing]\nkey = 1\n"))
            .unwrap();
        run(&["health", "--config", file.to_str().unwrap()], "")
    };
    assert_eq!(by_file(&format!("\"0.0.0.0:{port}\"")).status.code(), Some(0));
    assert!(error(&by_file("\"off\"")).contains("operator.address is off"));
    assert!(error(&by_file("8702")).contains("operator.address: expected IP:PORT"));
    // A file that cannot be read leaves the variable, or the default.
    std::fs::write(&file, "[operator\n").unwrap();
    let mut health = Command::new(env!("CARGO_BIN_EXE_calldock-server"));
    health.args(["health", "--config", file.to_str().unwrap()]);
    health.env("CALLDOCK_OPERATOR_ADDRESS", format!("127.0.0.1:{port}"));
    let health = health.output().unwrap();
    assert_eq!(health.status.code(), Some(0), "{health:?}");
    assert!(String::from_utf8_lossy(&health.stderr).contains("calldock.toml"), "{health:?}");
    drop(server);
    // Bound, and nobody listens: no other program gets this port meanwhile.
    let nobody = tokio::net::TcpSocket::new_v4().unwrap();
    nobody.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let free = nobody.local_addr().unwrap().to_string();
    assert_eq!(ask(&["health", &free]), Some(1));
    let other = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = other.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        let (mut stream, _) = other.accept().unwrap();
        let _ = stream.read(&mut [0; 1024]);
        let _ = stream.write_all(b"HTTP/1.1 503 Service Unavailable\r\n\r\n");
    });
    assert_eq!(ask(&["health", &address]), Some(1));
}

#[test]
fn a_configured_server_starts_and_the_command_line_says_where() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("calldock.toml");
    let text = "[tccc]\nsdk_app_id = 1\nsecret_id = \"AKIDEXAMPLE\"\nsecret_key = \"SECRETKEYEXAMPLE\"\n[identity]\nkind = \"fixed\"\nuser_id = \"agent@example.com\"\n[operator]\naddress = \"off\"\n";
    std::fs::write(&file, text).unwrap();
    let server = Running::start(&["--config", file.to_str().unwrap(), "--listen", "127.0.0.1:0"]);
    assert!(server.get("/healthz").starts_with("HTTP/1.1 200"));
}
