//! The callback's own listener: TLS, callers' certificates, and no other route.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use calldock_server::cec::settings::VALIDATE;
use calldock_server::http::serve::{self, Routes};
use calldock_server::http::settings::{CallbackListener, usual_listen};
use calldock_server::http::tls::{self, Certificates};
use calldock_server::http::{router, validate_router};
use calldock_service::Limits;
use calldock_service::Serving;
use calldock_service::settings::Listen;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use serde_json::json;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::support::{self, CEC_LOGIN, GOOD, TENANT, Vendor, ask, cec, post, request, tokens, tom};

const VALID: &str = r#"{"retCode":0,"message":"validate success"}"#;
const INVALID: &str = r#"{"retCode":1,"message":"validate failed"}"#;

/// A certificate authority of a test.
struct Authority(CertifiedIssuer<'static, KeyPair>);

type Identity = (CertificateDer<'static>, KeyPair);

impl Authority {
    fn new() -> Self {
        let mut about = CertificateParams::new(Vec::new()).unwrap();
        about.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(about, KeyPair::generate().unwrap()).unwrap())
    }

    fn certifies(&self, name: &str) -> Identity {
        let key = KeyPair::generate().unwrap();
        let about = CertificateParams::new([name.to_owned()]).unwrap();
        (about.signed_by(&key, &self.0).unwrap().der().clone(), key)
    }

    /// Writes a server's certificate for this machine.
    fn serve_by(&self, folder: &Path) -> Vec<u8> {
        let key = KeyPair::generate().unwrap();
        let about = CertificateParams::new(["localhost".to_owned()]).unwrap();
        let certificate = about.signed_by(&key, &self.0).unwrap();
        std::fs::write(folder.join("callback.pem"), certificate.pem()).unwrap();
        std::fs::write(folder.join("callback.key"), key.serialize_pem()).unwrap();
        certificate.der().to_vec()
    }
}

struct Listening {
    address: SocketAddr,
    app: axum::Router,
    server: Authority,
    callers: Authority,
    certificates: Certificates,
    /// The server's first certificate.
    shown: Vec<u8>,
    folder: TempDir,
    _serving: Serving,
}

/// The certificates of a folder.
fn read(folder: &Path, mutual: bool) -> Result<Certificates, rustls::Error> {
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
    let chain = tls::certificates(&read("callback.pem")).unwrap();
    let key = tls::private_key(&read("callback.key")).unwrap();
    Certificates::new(chain, key, mutual.then(|| tls::authority(&read("ca.cer")).unwrap()))
}

/// The callback on a port of its own, for callers with a certificate if `mutual`.
async fn listening(mutual: bool) -> Listening {
    let folder = tempfile::tempdir().unwrap();
    let (server, callers) = (Authority::new(), Authority::new());
    let shown = server.serve_by(folder.path());
    std::fs::write(folder.path().join("ca.cer"), callers.0.der()).unwrap();
    let certificates = read(folder.path(), mutual).unwrap();
    let mut config = cec(tokens(), tom());
    config.http.callback.listener = Some(CallbackListener {
        address: "127.0.0.1:0".parse().unwrap(),
        certificates: certificates.clone(),
        mutual,
    });
    let listener = config.http.callback.listener.clone().unwrap();
    let app = support::app(config, Vendor::saying(GOOD));
    let routes = Routes::new(validate_router(&app).unwrap());
    // A failed handshake must free its connection.
    let connections = Limits { total: 1, per_address: 1 };
    let settings = Listen { connections, ..usual_listen() };
    let (serving, address) = serve::callback(&listener, &settings, &routes).unwrap();
    let app = router(&app);
    Listening { address, app, server, callers, certificates, shown, folder, _serving: serving }
}

impl Listening {
    /// Sends one request over TLS. Returns the server's certificate and the whole response.
    async fn said(
        &self,
        identity: Option<Identity>,
        request: &str,
    ) -> std::io::Result<(Vec<u8>, String)> {
        let mut roots = RootCertStore::empty();
        roots.add(self.server.0.der().clone()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots);
        let client = match identity {
            None => builder.with_no_client_auth(),
            Some((certificate, key)) => {
                let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
                builder.with_client_auth_cert(vec![certificate], key).unwrap()
            }
        };
        let connection = TcpStream::connect(self.address).await?;
        let name = ServerName::try_from("localhost").unwrap();
        let mut stream = TlsConnector::from(Arc::new(client)).connect(name, connection).await?;
        stream.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        let shown = stream.get_ref().1.peer_certificates().unwrap()[0].to_vec();
        Ok((shown, answer))
    }

    async fn question(&self) -> String {
        let login = ask(&self.app, request("POST", CEC_LOGIN, &[])).await.json();
        json!({
            "Token": login["token"], "userName": "Tom", "userId": "10010001", "tenantSpaceId": TENANT
        })
        .to_string()
    }
}

fn posted(path: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
}

#[tokio::test]
async fn a_caller_needs_a_certificate_of_the_right_authority() {
    let listening = listening(true).await;
    let question = listening.question().await;
    let asked = posted(VALIDATE, &question);
    assert!(listening.said(None, &asked).await.is_err(), "without a certificate");
    let unknown = Authority::new().certifies("cec.example.com");
    assert!(listening.said(Some(unknown), &asked).await.is_err(), "of a wrong authority");
    let own = rcgen::generate_simple_self_signed(["cec.example.com".to_owned()]).unwrap();
    let self_made = (own.cert.der().clone(), own.signing_key);
    assert!(listening.said(Some(self_made), &asked).await.is_err(), "of its own making");
    // The token is unused: none of them came as far as asking.
    // Where a certificate proves who asks, CEC may ask twice.
    for expected in [VALID, VALID, INVALID] {
        let right = listening.callers.certifies("cec.example.com");
        let (_, answer) = listening.said(Some(right), &asked).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with(expected), "{answer}");
    }
}

#[tokio::test]
async fn the_listener_has_the_callback_and_no_other_has_it() {
    let listening = listening(false).await;
    let question = listening.question().await;
    for path in ["/healthz", "/readyz", CEC_LOGIN, "/service-cloud/x", "/"] {
        let (_, answer) = listening.said(None, &posted(path, "")).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
        assert!(answer.contains("application/problem+json"), "{answer}");
    }
    let elsewhere = ask(&listening.app, post(VALIDATE, &question)).await;
    assert_eq!(elsewhere.status, 404);
    let (_, answer) = listening.said(None, &posted(VALIDATE, &question)).await.unwrap();
    assert!(answer.ends_with(VALID), "{answer}");
}

#[tokio::test]
async fn certificates_are_exchanged_without_a_restart_and_bad_ones_are_not() {
    let listening = listening(true).await;
    let asked = posted(VALIDATE, "{}");
    let caller = || Some(listening.callers.certifies("cec.example.com"));
    let (shown, _) = listening.said(caller(), &asked).await.unwrap();
    assert_eq!(shown, listening.shown);
    let next = listening.server.serve_by(listening.folder.path());
    listening.certificates.replace(&read(listening.folder.path(), true).unwrap());
    let (shown, _) = listening.said(caller(), &asked).await.unwrap();
    assert!(shown == next && next != listening.shown);
    // A key of another certificate: the previous ones stay in use.
    let key = KeyPair::generate().unwrap().serialize_pem();
    std::fs::write(listening.folder.path().join("callback.key"), key).unwrap();
    assert!(read(listening.folder.path(), true).is_err());
    let (shown, _) = listening.said(caller(), &asked).await.unwrap();
    assert_eq!(shown, next);
    // The callers' authority is read again too.
    let others = Authority::new();
    listening.server.serve_by(listening.folder.path());
    std::fs::write(listening.folder.path().join("ca.cer"), others.0.der()).unwrap();
    listening.certificates.replace(&read(listening.folder.path(), true).unwrap());
    assert!(listening.said(caller(), &asked).await.is_err());
    let other = others.certifies("cec.example.com");
    assert!(listening.said(Some(other), &asked).await.is_ok());
}

#[tokio::test]
async fn plain_http_is_not_served() {
    let listening = listening(false).await;
    let question = listening.question().await;
    let mut stream = TcpStream::connect(listening.address).await.unwrap();
    stream.write_all(posted(VALIDATE, &question).as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    assert!(!String::from_utf8_lossy(&answer).contains("retCode"));
    let (_, answer) = listening.said(None, &posted(VALIDATE, &question)).await.unwrap();
    assert!(answer.ends_with(VALID), "{answer}");
}

#[tokio::test]
async fn the_program_has_both_listeners_and_ends_both() {
    let mut listening = listening(true).await;
    let config = r#"
        [listen]
        address = "127.0.0.1:0"
        connections_per_address = 8
        drain = 0
        [operator]
        address = "off"
        [visitor]
        kind = "guest"
        [cec]
        tenant_space_id = "202007159031"
        channel_config_id = "817854979183314945"
        mode = "token"
        [callback]
        address = "127.0.0.1:0"
        certificate_file = "callback.pem"
        key_file = "callback.key"
        client_ca_file = "ca.cer"
    "#;
    let path = listening.folder.path().join("calldock.toml");
    std::fs::write(&path, config).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_calldock-server"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CALLDOCK_") {
            command.env_remove(name);
        }
    }
    command.arg("--config").arg(&path).env_remove("RUST_LOG");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = crate::support::Guard(command.spawn().unwrap());
    let mut lines = BufReader::new(child.0.stderr.take().unwrap()).lines();
    let said = lines.by_ref().map_while(Result::ok).find_map(|line| {
        line.split_once("the callback's listener address=").map(|pair| pair.1.to_owned())
    });
    let (reloaded, reload) = std::sync::mpsc::channel();
    let rest = std::thread::spawn(move || {
        lines.map_while(Result::ok).filter(|line| line.contains("was reloaded")).for_each(|_| {
            let _ = reloaded.send(());
        });
    });
    listening.address = said.expect("it says where it listens").trim().parse().unwrap();
    let caller = listening.callers.certifies("cec.example.com");
    let again = listening.callers.certifies("cec.example.com");
    let (_, answer) = listening.said(Some(caller), &posted(VALIDATE, "{}")).await.unwrap();
    assert!(answer.ends_with(INVALID), "{answer}");
    assert!(listening.said(None, &posted(VALIDATE, "{}")).await.is_err());
    // A reload changes the bounds of this listener too: of one address more than 8 connections stay open.
    std::fs::write(&path, config.replace("per_address = 8", "per_address = 20")).unwrap();
    reload.recv_timeout(Duration::from_secs(20)).unwrap();
    let mut open = Vec::new();
    for _ in 0..16 {
        open.push(TcpStream::connect(listening.address).await.unwrap());
    }
    let (_, answer) = listening.said(Some(again), &posted(VALIDATE, "{}")).await.unwrap();
    assert!(answer.ends_with(INVALID), "{answer}");
    let mut byte = [0];
    let closed = tokio::time::timeout(Duration::from_millis(500), open[0].read(&mut byte)).await;
    assert!(closed.is_err(), "the first of 16 is still open");
    drop(open);
    let id = child.0.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    let start = Instant::now();
    assert!(child.0.wait().unwrap().success());
    assert!(start.elapsed() < Duration::from_secs(5), "no connection is open any more");
    rest.join().unwrap();
}
