//! What is logged: one line a request, and no personal data or secret, whichever route fails and how.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use calldock_server::cec::settings::VALIDATE;
use calldock_server::config::Config;
use calldock_server::identity::{AgentId, AgentSettings, Visitor, VisitorSettings};
use calldock_server::observe::LogFormat;
use calldock_server::observe::log::Log;
use calldock_server::tccc::transport::TransportError;
use serde_json::Value;
use tracing::subscriber::DefaultGuard;
use tracing::{Dispatch, Subscriber};
use tracing_subscriber::prelude::*;

use crate::support::{
    CEC_KEY, CEC_LOGIN, CHAT, GOOD, LOGIN, SECRET_ID, SECRET_KEY, Vendor, ask, cec, reply, server,
    signing, tokens,
};

/// Secrets and personal data of requests, of the configuration and of the vendor's responses.
const PLANTED: [&str; 14] = [
    SECRET_ID,
    SECRET_KEY,
    CEC_KEY,
    "agent@example.com",
    "13800138000",
    "张三",
    "Tom",
    "203.0.113.77",
    "198.51.100.7",
    "cookiesecret",
    "bearersecret",
    "bodysecret",
    "querysecret",
    "0123456789abcdef0123456789abcdef",
];

/// What was logged.
#[derive(Clone, Default)]
pub struct Captured(Arc<Mutex<Vec<u8>>>);

impl io::Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Captured {
    pub fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

/// Has this thread log there until the answer is dropped.
///
/// With one subscriber alone, tracing asks the thread that first comes by a line whether anybody wants
/// it, and another test's thread wants nothing; with a second one beside it, it asks both.
pub fn logging(to: impl Subscriber + Send + Sync) -> (DefaultGuard, Dispatch) {
    let beside = Dispatch::new(tracing_subscriber::registry());
    (to.set_default(), beside)
}

fn config(token_mode: bool) -> Config {
    let zhang = VisitorSettings::Fixed(Visitor { id: "13800138000".into(), name: "张三".into() });
    let mode = if token_mode { tokens() } else { signing() };
    let mut config = cec(mode, zhang.clone());
    config.agents = Some(AgentSettings::Fixed(AgentId::parse("agent@example.com").unwrap()));
    config.chat = crate::chat::chat(zhang).chat;
    config.queue.failures = None;
    config
}

/// A request that carries something private everywhere, and gets wrong what can be got wrong.
fn request(path: &str, method: &str, wrong: usize) -> Request<Body> {
    let question =
        r#"{"Token":"bodysecret","userName":"Tom","userId":"13800138000","tenantSpaceId":"1"}"#;
    let fields = r#"{"fields":{"13800138000":"bodysecret 张三"}}"#;
    let (kind, body) = match wrong {
        0 => ("application/json", question.to_owned()),
        1 => ("application/json", fields.to_owned()),
        2 => ("text/plain", "bodysecret".to_owned()),
        3 => ("application/json", "bodysecret 张三 ".repeat(500)),
        _ => ("application/json", "{}".to_owned()),
    };
    let mut request = Request::builder()
        .method(method)
        .uri(format!("{path}?phone=13800138000&token=querysecret"))
        .header("content-type", kind)
        .header("cookie", "JSESSIONID=cookiesecret")
        .header("authorization", "Bearer bearersecret")
        .header("user-agent", "agent@example.com")
        .header("referer", "https://shop.example/?querysecret")
        .header("x-forwarded-for", "198.51.100.7")
        .header("x-request-id", "13800138000");
    if wrong == 4 {
        request = request.header("origin", "https://querysecret.example");
    }
    let mut request = request.body(Body::from(body)).unwrap();
    let peer: SocketAddr = "203.0.113.77:5000".parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(peer));
    request
}

/// Every route under every failure, and how many requests that was.
async fn everything() -> usize {
    let leak = PLANTED.join(" ");
    let vendors = [
        Vendor::saying(GOOD),
        Vendor::refusing("AuthFailure.SecretIdNotFound"),
        Vendor::refusing(&leak),
        Vendor::answering(Ok(reply(502, &leak, &format!("<html>{leak}")))),
        Vendor::saying(&format!(r#"{{"Response":{{"Token":["{leak}"],"UserSig":7}}}}"#)),
        Vendor::answering(Err(TransportError::Timeout)),
        Vendor::answering(Err(TransportError::Unreachable)),
    ];
    let mut asked = 0;
    for (number, vendor) in vendors.into_iter().enumerate() {
        let app = server(config(number % 2 == 0), vendor);
        let paths = [
            LOGIN,
            CHAT,
            CEC_LOGIN,
            VALIDATE,
            "/healthz",
            "/13800138000/querysecret",
            "/service-cloud/13800138000",
        ];
        for path in paths {
            for (method, wrong) in [
                ("POST", 0),
                ("POST", 1),
                ("POST", 2),
                ("POST", 3),
                ("POST", 4),
                ("POST", 5),
                ("GET", 5),
                ("TRACE", 5),
            ] {
                ask(&app, request(path, method, wrong)).await;
                asked += 1;
            }
        }
    }
    asked
}

fn holds_nothing(text: &str) {
    for planted in PLANTED {
        let line = text.lines().find(|line| line.contains(planted));
        assert!(line.is_none(), "{planted}: {}", line.unwrap_or_default());
    }
}

#[tokio::test]
async fn every_request_has_one_line_and_no_line_has_anything_private() {
    for format in [LogFormat::Text, LogFormat::Json] {
        let captured = Captured::default();
        let writer = captured.clone();
        let log = Log::new(format, move || writer.clone());
        let logging = logging(tracing_subscriber::registry().with(log));
        let asked = everything().await;
        drop(logging);
        let text = captured.text();
        let lines = text.lines().filter(|line| line.contains("calldock_server::request"));
        assert_eq!(lines.count(), asked);
        assert!(text.contains("203.0.113.0/24"), "{text}");
        holds_nothing(&text);
        if format == LogFormat::Json {
            for line in text.lines() {
                let said: Value = serde_json::from_str(line).unwrap();
                assert_eq!(said["request_id"].as_str().map(str::len), Some(32), "{line}");
            }
        }
    }
}

/// The mask is a net below all this; nothing may be in need of it.
#[tokio::test]
async fn nothing_private_is_logged_even_without_the_mask() {
    let captured = Captured::default();
    let writer = captured.clone();
    let bare =
        tracing_subscriber::fmt::layer().with_ansi(false).with_writer(move || writer.clone());
    let logging = logging(tracing_subscriber::registry().with(bare));
    everything().await;
    drop(logging);
    let text = captured.text();
    assert!(text.contains("no login") && text.contains("responded"), "{text}");
    holds_nothing(&text);
}
