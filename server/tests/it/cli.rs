//! The built program: `sign`, `--demo`, configuration errors, its end.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value, json};

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
    assert_eq!(output.stdout, calldock_server::operation::openapi::json().into_bytes());
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

fn vector() -> Value {
    json!({
        "secretId": "AKIDEXAMPLE",
        "secretKey": "SECRETKEYEXAMPLE",
        "timestamp": 1_700_000_000,
        "host": "ccc.tencentcloudapi.com",
        "contentType": "application/json",
        "service": "ccc",
        "body": r#"{"SdkAppId":1400000000,"SeatUserId":"agent@example.com"}"#
    })
}

#[test]
fn sign_tc3_prints_the_vendors_vector() {
    let output = run(&["sign", "tc3"], &vector().to_string());
    assert!(output.status.success(), "{output:?}");
    let signed: Value = serde_json::from_slice(&output.stdout).unwrap();
    let signature = "16dc45a0329ee1961b63c4816be7faa24f784489f46b1cc71b8eddcde5641926";
    assert_eq!(
        signed,
        json!({
            "canonicalRequest": "POST\n/\n\ncontent-type:application/json\nhost:ccc.tencentcloudapi.com\n\ncontent-type;host\n210f75dd6fd627c179c1859d9e6c20c7870147cfa2f76fe15f92cd43778b2262",
            "stringToSign": "TC3-HMAC-SHA256\n1700000000\n2023-11-14/ccc/tc3_request\n8f160900c24a62fdf1d22e0c75e0423df29fb582728c3b469af32386761df2f2",
            "signature": signature,
            "authorization": format!("TC3-HMAC-SHA256 Credential=AKIDEXAMPLE/2023-11-14/ccc/tc3_request, SignedHeaders=content-type;host, Signature={signature}"),
        })
    );
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 1);
}

#[test]
fn sign_tc3_tells_a_mistake_in_one_sentence_without_the_input() {
    let with = |name: &str, value: Value| {
        let mut input = vector();
        input[name] = value;
        input.to_string()
    };
    let table = [
        (String::new(), "standard input"),
        ("SECRETKEYEXAMPLE".into(), "standard input"),
        ("[\"SECRETKEYEXAMPLE\"]".into(), "standard input"),
        (vector().to_string() + "SECRETKEYEXAMPLE", "standard input"),
        (with("SECRETKEYEXAMPLE", json!(1)), "unknown member"),
        (with("timestamp", json!("SECRETKEYEXAMPLE")), "timestamp"),
        (with("timestamp", json!(-1)), "timestamp"),
        (with("timestamp", json!(1.5)), "timestamp"),
        (with("secretKey", json!(["SECRETKEYEXAMPLE"])), "secretKey"),
        (with("secretKey", json!("SECRETKEYEXAMPLE\n")), "secretKey"),
        (with("secretId", json!("")), "secretId"),
        (with("host", json!("h\ncontent-type:x")), "host"),
        (with("contentType", Value::Null), "contentType"),
        (with("service", json!("客服")), "service"),
        (with("body", json!({})), "body"),
    ];
    for (input, names) in table {
        let said = error(&run(&["sign", "tc3"], &input));
        assert!(said.contains(names), "{input}: {said}");
        assert_eq!(said.lines().count(), 1, "{said}");
        assert!(!said.contains("EXAMPLE"), "{said}");
    }
}

/// Seed 000's.
const USER_SIG: &str = include_str!("../fixtures/seed-000-user-sig.txt");

#[test]
fn sign_user_sig_says_that_the_guides_sample_is_late_and_for_another() {
    let client_data = r#"{"peerSource":"XX商城","nickName":"张三","uid":"zhangsan","extra_phoneNumber":"15813812110","extra_ID":"611551555111XXX","extra_questionGroup":"投诉"}"#;
    let decoded = |input: &Value| -> Value {
        let output = run(&["sign", "user-sig"], &input.to_string());
        assert!(output.status.success(), "{output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let said = decoded(&json!({"userSig": USER_SIG.trim(), "clientData": client_data}));
    assert_eq!(
        said,
        json!({
            "version": "2.0",
            "sdkAppId": 1_400_264_214,
            "identifier": "TCCC-EXTRA-UID-3KAq6hXP-xxxxxxxx",
            "uid": "xxxxxxxx",
            "time": 1_626_075_929,
            "expire": 3600,
            "expiresAt": 1_626_079_529,
            "expired": true,
            "clientData": r#"{"peerSource":"同创荟","nickName":"张三","uid":"xxxxxxxx","extra_phoneNumber":"13813812113","extra_ID":"611551555111XXX","extra_questionGroup":"投保"}"#,
            "sigBytes": 32,
            "forThisClientData": false,
            "forThisUid": false,
        })
    );
    let said = decoded(
        &json!({"userSig": USER_SIG, "clientData": said["clientData"], "now": 1_626_079_528}),
    );
    assert_eq!(
        (&said["expired"], &said["forThisClientData"], &said["forThisUid"]),
        (&json!(false), &json!(true), &json!(true))
    );
}

#[test]
fn sign_user_sig_tells_a_mistake_in_one_sentence_without_the_input() {
    for (input, names) in [
        (json!({"userSig": "EXAMPLE!"}), "userSig: expected base64"),
        (json!({"userSig": ["EXAMPLE"]}), "userSig: expected a text"),
        (json!({"EXAMPLE": 1}), "unknown member"),
        (json!({"userSig": USER_SIG, "now": "EXAMPLE"}), "now"),
        (json!({"userSig": USER_SIG, "clientData": {"uid": "EXAMPLE"}}), "clientData"),
        (json!({"userSig": USER_SIG, "uid": 1}), "uid"),
    ] {
        let said = error(&run(&["sign", "user-sig"], &input.to_string()));
        assert!(said.contains(names) && said.lines().count() == 1, "{said}");
        assert!(!said.contains("EXAMPLE"), "{said}");
    }
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
    let table: [&[&str]; 7] = [
        &["--vendor", "http://127.0.0.1:1"],
        &["--site", "."],
        &["--demo", "--config", "calldock.toml"],
        &["--demo", "--listen", "0.0.0.0:0"],
        &["--demo", "--listen", "127.0.0.1:0", "--vendor", "https://example.com"],
        &["--demo", "--listen", "127.0.0.1:0", "--site", "/nonexistent"],
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
        assert!(server.get("/demo.json").starts_with("HTTP/1.1 404"), "only with --site");
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
fn health_asks_the_server_on_this_machine() {
    let server = Running::start(&["--demo", "--listen", "127.0.0.1:0"]);
    let address = server.address.clone();
    let ask = |arguments: &[&str]| run(arguments, "").status.code();
    assert_eq!(ask(&["health", "--address", &address]), Some(0));
    let port = address.rsplit(':').next().unwrap();
    let mut everywhere = program();
    everywhere.arg("health").env("CALLDOCK_LISTEN_ADDRESS", format!("0.0.0.0:{port}"));
    assert_eq!(everywhere.status().unwrap().code(), Some(0));
    let mut wrong = program();
    wrong.arg("health").env("CALLDOCK_LISTEN_ADDRESS", "everywhere");
    assert_eq!(wrong.status().unwrap().code(), Some(2));
    drop(server);
    assert_eq!(ask(&["health", "--address", &address]), Some(1));
    let other = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = other.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        let (mut stream, _) = other.accept().unwrap();
        let _ = stream.read(&mut [0; 1024]);
        let _ = stream.write_all(b"HTTP/1.1 503 Service Unavailable\r\n\r\n");
    });
    assert_eq!(ask(&["health", "--address", &address]), Some(1));
}

#[test]
fn a_configured_server_starts_and_the_command_line_says_where() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("calldock.toml");
    let text = "[tccc]\nsdk_app_id = 1\nsecret_id = \"AKIDEXAMPLE\"\nsecret_key = \"SECRETKEYEXAMPLE\"\n[identity]\nkind = \"fixed\"\nuser_id = \"agent@example.com\"\n";
    std::fs::write(&file, text).unwrap();
    let server = Running::start(&["--config", file.to_str().unwrap(), "--listen", "127.0.0.1:0"]);
    assert!(server.get("/healthz").starts_with("HTTP/1.1 200"));
}
