//! A server without sockets, and a vendor whose response the test chooses.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::header::{CONTENT_TYPE, HOST};
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode};
use calldock_contract::Problem;
use calldock_server::address::PlainHttp;
use calldock_server::cec::settings::{LOGIN as CEC_PATH, VALIDATE};
use calldock_server::cec::{CecMode, CecSettings, Channel};
use calldock_server::config::Config;
use calldock_server::http::browser::BrowserPolicy;
use calldock_server::http::settings::{CallbackSettings, HttpSettings, usual_listen};
use calldock_server::http::{App, router};
use calldock_server::identity::{AgentId, AgentSettings, Visitor, VisitorSettings};
use calldock_server::observe::LogFormat;
use calldock_server::observe::audit::{AuditSettings, Target};
use calldock_server::queue::QueueSettings;
use calldock_server::start::Kept;
use calldock_server::store::settings::{INSTANCES, PREFIX, RedisSettings, StoreSettings, Topology};
use calldock_server::tccc::hosts::Hosts;
use calldock_server::tccc::transport::{Call, Reply, Sending, TransportError};
use calldock_server::tccc::{CredentialSource, Credentials, TcccSettings, Transport};
use calldock_service::settings::Listen;
use calldock_service::{Place, PublicOrigins};
use calldock_signing::auth_v2::Signer;
use http_body_util::BodyExt;
use serde_json::Value;
use tokio::sync::mpsc;
use tower::ServiceExt;

pub const SECRET_ID: &str = "AKIDEXAMPLE0123456789";
pub const SECRET_KEY: &str = "SECRETKEYEXAMPLE0123456789";
pub const SESSION: &str = "SESSIONTOKENEXAMPLE0123456789";
pub const LOGIN: &str = "/calldock/v1/tccc/login";

/// The vendor's response to a login.
pub const GOOD: &str = r#"{"Response":{"Token":"0123456789abcdef0123456789abcdef","ExpiredTime":1700000600,"SdkURL":"https://tccc.qcloud.com/sdk/tcccSdk.js?token=0123456789abcdef0123456789abcdef","RequestId":"eac6b301-a322-493a-8e36-83b295459397"}}"#;

/// What the vendor received in one call.
pub struct Seen {
    pub url: String,
    pub headers: HeaderMap,
    pub body: String,
}

/// A vendor with the same response to every call.
pub struct Vendor {
    answer: Result<Reply, TransportError>,
    seen: Mutex<Vec<Seen>>,
}

impl Vendor {
    pub fn answering(answer: Result<Reply, TransportError>) -> Arc<Self> {
        Arc::new(Self { answer, seen: Mutex::default() })
    }

    pub fn saying(body: &str) -> Arc<Self> {
        Self::answering(Ok(reply(200, "application/json", body)))
    }

    pub fn refusing(code: &str) -> Arc<Self> {
        Self::saying(&format!(
            r#"{{"Response":{{"Error":{{"Code":"{code}","Message":"free text with {SECRET_ID}"}},"RequestId":"eac6b301-a322-493a-8e36-83b295459397"}}}}"#
        ))
    }

    pub fn seen(&self) -> Vec<Seen> {
        std::mem::take(&mut self.seen.lock().unwrap())
    }
}

impl Transport for Vendor {
    fn send(&self, call: Call) -> Sending<'_> {
        let Call { url, headers, body, .. } = call;
        self.seen.lock().unwrap().push(Seen { url: url.into(), headers, body });
        Box::pin(async { self.answer.clone() })
    }
}

/// A vendor that never responds. The receiver gets a message for each call.
pub struct SilentVendor(mpsc::UnboundedSender<()>);

impl SilentVendor {
    pub fn new() -> (Arc<Self>, mpsc::UnboundedReceiver<()>) {
        let (called, calls) = mpsc::unbounded_channel();
        (Arc::new(Self(called)), calls)
    }
}

impl Transport for SilentVendor {
    fn send(&self, _: Call) -> Sending<'_> {
        self.0.send(()).unwrap();
        Box::pin(std::future::pending())
    }
}

pub fn reply(status: u16, content_type: &str, body: &str) -> Reply {
    let status = StatusCode::from_u16(status).unwrap();
    let headers = HeaderMap::from_iter([(CONTENT_TYPE, content_type.parse().unwrap())]);
    Reply { status, headers, body: body.into() }
}

/// A Redis at a port that nothing listens on.
pub fn unreachable_redis() -> RedisSettings {
    let topology = Topology::Single(redis::Client::open("redis://127.0.0.1:1").unwrap());
    let (prefix, instances) = (PREFIX.into(), INSTANCES);
    RedisSettings { topology, prefix, instances, in_the_clear: false }
}

pub fn credentials(token: Option<&str>) -> CredentialSource {
    CredentialSource::Fixed(Credentials {
        secret_id: SECRET_ID.into(),
        secret_key: SECRET_KEY.into(),
        token: token.map(Into::into),
    })
}

/// TCCC's login for one fixed agent.
pub fn settings() -> Config {
    let place = Place::Address("127.0.0.1:0".parse().unwrap());
    Config {
        http: HttpSettings {
            listen: Listen { address: place, ..usual_listen() },
            operator: None,
            browser: BrowserPolicy::default(),
            callback: CallbackSettings::default(),
        },
        log: LogFormat::Text,
        audit: AuditSettings { target: Target::Off, ..AuditSettings::default() },
        key: None,
        store: StoreSettings::Memory,
        queue: QueueSettings::default(),
        tccc: Some(TcccSettings {
            endpoint: "https://ccc.tencentcloudapi.com/".parse().unwrap(),
            region: None,
            sdk_app_id: 1_400_000_000,
            credentials: credentials(None),
            only_once: false,
            sdk_hosts: Hosts::default(),
            plain_http: PlainHttp::Refused,
        }),
        chat: None,
        cec: None,
        agents: Some(AgentSettings::Fixed(AgentId::parse("agent@example.com").unwrap())),
        visitors: None,
    }
}

/// Sets the server's own origins: the tests' requests come from no gateway.
pub fn public(config: &mut Config, origins: &[&str]) {
    let origins = origins.iter().map(|origin| (*origin).to_owned()).collect();
    config.http.browser.public_origins = PublicOrigins::new(origins);
}

/// What the routes need, for tests that change some of it.
pub fn app(config: Config, transport: Arc<dyn Transport>) -> App {
    Kept::new(&config, transport).unwrap().app(config).unwrap()
}

pub fn server(config: Config, transport: Arc<dyn Transport>) -> Router {
    router(&app(config, transport))
}

/// The part of a configuration that nearly every test changes.
pub fn tccc(config: &mut Config) -> &mut TcccSettings {
    config.tccc.as_mut().unwrap()
}

pub const CEC_LOGIN: &str = CEC_PATH;
pub const CHAT: &str = "/calldock/v1/tccc/chat";
pub const TENANT: &str = "202007159031";
pub const CHANNEL: &str = "817854979183314945";
pub const CEC_KEY: &str = "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfG";

pub fn tom() -> VisitorSettings {
    VisitorSettings::Fixed(Visitor { id: "10010001".into(), name: "Tom".into() })
}

pub fn guests() -> VisitorSettings {
    VisitorSettings::Guest { name: "Guest".into() }
}

pub fn signing() -> CecMode {
    signing_by(CEC_KEY)
}

pub fn signing_by(key: &str) -> CecMode {
    CecMode::Authorization(Box::new(Signer::new(CHANNEL.to_owned(), key.into())))
}

pub fn tokens() -> CecMode {
    CecMode::Token { lifetime: Duration::from_secs(120), uses: None }
}

/// CEC beside TCCC.
pub fn cec(mode: CecMode, visitors: VisitorSettings) -> Config {
    let channel = Channel { tenant: TENANT.into(), id: CHANNEL.into() };
    let cec = CecSettings { channel, path: CEC_LOGIN.into(), mode, validate_path: VALIDATE.into() };
    Config { cec: Some(cec), visitors: Some(visitors), ..settings() }
}

/// A request with a body in JSON.
pub fn post(path: &str, body: &str) -> Request<Body> {
    Request::post(path)
        .header("content-type", "application/json")
        .body(Body::from(body.to_owned()))
        .unwrap()
}

/// A response, read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The problem document it is, after checking its form.
    pub fn problem(&self) -> Problem {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text);
        let problem: Problem = serde_json::from_str(&self.text).unwrap();
        assert_eq!(problem.status, self.status.as_u16());
        assert_eq!(problem.title, self.status.canonical_reason().unwrap());
        assert!(calldock_contract::Code::from_name(&problem.code).is_some(), "{}", problem.code);
        assert!(!problem.detail.is_empty() && !problem.remedy.is_empty());
        problem
    }
}

/// Sends a request, from this machine if it does not contain its connection's address.
pub async fn ask(app: &Router, mut request: Request<Body>) -> Answer {
    if request.extensions().get::<ConnectInfo<SocketAddr>>().is_none() {
        come_from(&mut request, "127.0.0.1");
    }
    // A client of HTTP/1.1 sends one; without it the request is refused.
    request.headers_mut().entry(HOST).or_insert(HeaderValue::from_static("calldock.example.com"));
    let response = app.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    Answer {
        status: parts.status,
        headers: parts.headers,
        text: String::from_utf8(bytes.into()).unwrap(),
    }
}

/// Sets the address that a request's connection comes from.
pub fn come_from(request: &mut Request<Body>, address: &str) {
    let peer = SocketAddr::new(address.parse().unwrap(), 49152);
    request.extensions_mut().insert(ConnectInfo(peer));
}

/// A request with an empty body.
pub fn request(method: &str, path: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::empty()).unwrap()
}

pub async fn login(app: &Router) -> Answer {
    ask(app, request("POST", LOGIN, &[])).await
}

/// A program that ends with this value, also where an assertion fails.
pub struct Guard(pub std::process::Child);

impl Drop for Guard {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
