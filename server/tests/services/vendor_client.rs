//! The vendor's own client is the judge: of the doubles, which must take what it sends, and of what this
//! server sends, which its own TC3 function must sign the same.

use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::routing::post;
use calldock_server::address::PlainHttp;
use calldock_server::identity::AgentId;
use calldock_server::tccc::hosts::Hosts;
use calldock_server::tccc::{Api, CredentialSource, Credentials, HttpTransport, TcccSettings};
use calldock_signing::{UserSig, tc3};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::doubles::Process;

/// The demo's key, which the doubles know.
const SECRET: (&str, &str) = ("AKIDdemo-calldock-not-a-secret", "demo-calldock-not-a-secret");

/// Asks the client; see vendor_client.py.
fn python(asked: &Value) -> Value {
    let program = std::env::var_os("CALLDOCK_PYTHON")
        .expect("`cargo xtask test services` says where Python is");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/services/vendor_client.py");
    let mut child = Command::new(program)
        .args(["-W", "ignore", script])
        // A proxy of this machine's is not for this machine.
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(asked.to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "the client failed");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn call(doubles: &Process, secret: (&str, &str), action: &str, mut parameters: Value) -> Value {
    parameters["SdkAppId"] = 1_400_000_000.into();
    python(&json!({
        "task": "call", "endpoint": doubles.base.strip_prefix("http://").unwrap(),
        "secretId": secret.0, "secretKey": secret.1, "region": "ap-singapore",
        "action": action, "parameters": parameters,
    }))
}

#[test]
fn the_vendors_client_is_accepted_by_the_doubles() {
    let doubles = Process::doubles();
    let ask = |action: &str, parameters| call(&doubles, SECRET, action, parameters);
    let login =
        ask("CreateSDKLoginToken", json!({ "SeatUserId": "agent@example.com", "OnlyOnce": true }));
    assert_eq!(login["Token"].as_str().map(str::len), Some(32), "{login}");
    assert!(login["SdkURL"].as_str().unwrap().starts_with(&doubles.base), "{login}");
    let client_data = r#"{"peerSource":"XX商城","nickName":"张三","uid":"zhangsan"}"#;
    let signed = ask(
        "CreateUserSig",
        json!({ "Uid": "zhangsan", "ClientData": client_data, "ExpiredTime": 3600 }),
    );
    let sig = UserSig::decode(signed["UserSig"].as_str().unwrap()).ok().unwrap();
    assert_eq!(sig.client_data().as_deref(), Some(client_data));
    let staffs = json!([
        { "Name": "张三", "Mail": "zhangsan@example.com", "Phone": "008613800000000", "Role": 3 },
        { "Name": "Tom", "Mail": "AGENT@example.com" },
    ]);
    let created = ask("CreateStaff", json!({ "Staffs": staffs }));
    assert_eq!(created["ErrorStaffList"].as_array().map(Vec::len), Some(1), "{created}");
    assert_eq!(created["ErrorStaffList"][0]["Code"], "FailedOperation.DuplicatedAccount");
    let listed = ask("DescribeStaffInfoList", json!({ "PageSize": 2, "PageNumber": 1 }));
    assert_eq!(listed["TotalCount"], 3);
    assert_eq!(listed["StaffList"][0]["Mail"], "zhangsan@example.com");
}

#[test]
fn the_vendors_client_with_a_wrong_key_is_refused() {
    let doubles = Process::doubles();
    let parameters = json!({ "SeatUserId": "agent@example.com" });
    for (secret, code) in [
        ((SECRET.0, "another-key-of-nobody"), "AuthFailure.SignatureFailure"),
        (("AKIDof-nobody", SECRET.1), "AuthFailure.SecretIdNotFound"),
    ] {
        let answer = call(&doubles, secret, "CreateSDKLoginToken", parameters.clone());
        assert_eq!(answer, json!({ "code": code }));
    }
}

/// What arrived, byte by byte.
#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<(HeaderMap, Bytes)>>>);

/// A vendor on loopback that notes every request and answers well enough to go on.
async fn capture() -> (String, Captured) {
    let captured = Captured::default();
    let kept = captured.clone();
    let answer = move |headers: HeaderMap, body: Bytes| async move {
        kept.0.lock().unwrap().push((headers, body));
        json!({ "Response": {
            "Token": "0123456789abcdef0123456789abcdef", "ExpiredTime": 1_700_000_600,
            "SdkURL": "http://127.0.0.1/sdk.js", "UserSig": "sig", "TotalCount": 0,
            "StaffList": [], "ErrorStaffList": [], "RequestId": "r-1",
        } })
        .to_string()
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let routes = Router::new().route("/", post(answer));
    tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
    (base, captured)
}

impl Captured {
    /// Has the client sign each again; answers the actions.
    async fn judged(&self, secret: (&'static str, &'static str)) -> Vec<String> {
        let captured = std::mem::take(&mut *self.0.lock().unwrap());
        let mut actions = Vec::new();
        for (headers, body) in captured {
            let sent = |name: &str| headers[name].to_str().unwrap().to_owned();
            let asked = json!({
                "task": "authorize", "endpoint": sent("host"),
                "secretId": secret.0, "secretKey": secret.1,
                "header": {
                    "Content-Type": sent("content-type"), "Host": sent("host"),
                    "X-TC-Timestamp": sent("x-tc-timestamp"),
                },
                "body": std::str::from_utf8(&body).unwrap(),
            });
            let said = tokio::task::spawn_blocking(move || python(&asked)).await.unwrap();
            assert_eq!(said["authorization"], sent("authorization"));
            assert_eq!(sent("x-tc-version"), "2020-02-10");
            actions.push(sent("x-tc-action"));
        }
        actions
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_program_sends_is_signed_as_the_vendors_client_signs_it() {
    let (vendor, captured) = capture().await;
    let base = vendor.clone();
    let work = move || {
        let running = Process::demo(&base);
        for path in ["/calldock/v1/tccc/login", "/calldock/v1/tccc/chat"] {
            let said = running.control("POST", path, "");
            assert!(said.contains(" 200 OK\r\n"), "{said}");
        }
    };
    tokio::task::spawn_blocking(work).await.unwrap();
    assert_eq!(captured.judged(SECRET).await, ["CreateSDKLoginToken", "CreateUserSig"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn temporary_credentials_and_a_region_are_sent_as_the_vendors_client_sends_them() {
    const TEMPORARY: (&str, &str) = ("AKIDEXAMPLE0123456789", "SECRETKEYEXAMPLE0123456789");
    let (vendor, captured) = capture().await;
    let settings = TcccSettings {
        endpoint: vendor.parse().unwrap(),
        region: Some("ap-singapore".into()),
        sdk_app_id: 1_400_000_000,
        credentials: CredentialSource::Fixed(Credentials {
            secret_id: TEMPORARY.0.into(),
            secret_key: TEMPORARY.1.into(),
            token: Some("SESSIONTOKENEXAMPLE".into()),
        }),
        only_once: true,
        sdk_hosts: Hosts::default(),
        plain_http: PlainHttp::OnLoopback,
    };
    let transport = HttpTransport::new(PlainHttp::OnLoopback, Duration::from_secs(5)).unwrap();
    let agent = AgentId::parse("客服@example.com").unwrap();
    Api::new(settings, Arc::new(transport)).login(&agent).await.unwrap();
    {
        let captured = captured.0.lock().unwrap();
        assert_eq!(captured[0].0["x-tc-token"], "SESSIONTOKENEXAMPLE");
        assert_eq!(captured[0].0["x-tc-region"], "ap-singapore");
    }
    assert_eq!(captured.judged(TEMPORARY).await, ["CreateSDKLoginToken"]);
}

/// Texts in which encodings, quotes and line ends could differ.
const PIECES: [&str; 14] =
    ["a", "Z", "0", " ", "+", "%", "\"", "\\", "\n", "\t", "张", "é", "\u{1f600}", "{\"a\":1}"];

#[test]
fn a_thousand_requests_are_signed_as_the_vendors_client_signs_them() {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut below = move |limit: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % limit
    };
    let mut requests = Vec::new();
    let mut expected = Vec::new();
    for number in 0..1000 {
        let count = below(24);
        let body: String =
            (0..count).map(|_| PIECES[below(PIECES.len() as u64) as usize]).collect();
        // Midnights among them, where the scope changes.
        let day = below(2_932_896) as i64 * 86_400;
        let timestamp = if number % 3 == 0 { day } else { day + below(86_400) as i64 };
        let (id, key) = (format!("AKID{number}"), format!("key-{}-é", below(1 << 40)));
        let request = tc3::Request {
            timestamp,
            service: "ccc",
            host: "ccc.tencentcloudapi.com",
            content_type: "application/json; charset=utf-8",
            body: &body,
        };
        let signed = tc3::sign(&id.as_str().into(), &key.as_str().into(), &request).unwrap();
        expected.push(Value::from(signed.authorization));
        requests.push(json!({
            "endpoint": request.host, "secretId": id, "secretKey": key,
            "header": {
                "Content-Type": request.content_type, "Host": request.host,
                "X-TC-Timestamp": timestamp.to_string(),
            },
            "body": body,
        }));
    }
    let said = python(&json!({ "task": "authorizeAll", "requests": requests }));
    assert_eq!(said["authorizations"], Value::from(expected));
}
