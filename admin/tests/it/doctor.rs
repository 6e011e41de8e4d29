//! `doctor`: certificates, authenticators and the edge's refused names. `tests/services/` has the rest.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use calldock_admin::doctor::edge::Edge;
use calldock_admin::doctor::network_error::{NetworkError, Tls};
use calldock_admin::doctor::{Context, Options, Part, Report, checks, http};
use calldock_server::config::Config;
use calldock_server::problem::Language;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::PrivateKeyDer;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

type Issuer = CertifiedIssuer<'static, KeyPair>;

const NAME: &str = "servicestage.besclouds.test";

fn authority() -> Issuer {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

fn named(name: &str) -> CertificateParams {
    CertificateParams::new(vec![name.to_owned()]).unwrap()
}

/// A TLS configuration with this certificate; with callers' authorities it requires client certificates.
fn tls(params: CertificateParams, authority: &Issuer, callers: Option<&Issuer>) -> TlsAcceptor {
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, authority).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .unwrap();
    let builder = match callers {
        None => builder.with_no_client_auth(),
        Some(callers) => {
            let mut roots = RootCertStore::empty();
            roots.add(callers.der().clone()).unwrap();
            let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider);
            builder.with_client_cert_verifier(verifier.build().unwrap())
        }
    };
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = builder.with_single_cert(vec![certificate.der().clone()], key).unwrap();
    TlsAcceptor::from(Arc::new(config))
}

/// Serves one short response per connection.
async fn serve_tls(acceptor: TlsAcceptor) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            // A client that does not trust the certificate closes the connection.
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let _ = stream.read(&mut [0; 4096]).await;
            let response = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
            let _ = stream.write_all(response).await;
            let _ = stream.shutdown().await;
        }
    });
    address
}

async fn serve(routes: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
    address
}

/// Loads a configuration for CEC in Token mode with this identity.
fn config(identity: &str) -> Config {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("calldock.toml");
    let text = format!(
        "{identity}\n[cec]\ntenant_space_id = \"1\"\nchannel_config_id = \"2\"\nmode = \"token\"\n"
    );
    std::fs::write(&file, text).unwrap();
    Config::load(Some(&file), []).unwrap()
}

const GUESTS: &str = "[visitor]\nkind = \"guest\"";

/// An edge whose CEC has this name at this address, and trusts this authority.
fn edge(at: SocketAddr, trusted: Option<&Issuer>) -> Edge {
    let trusted = trusted.map(|issuer| reqwest::Certificate::from_der(issuer.der()).unwrap());
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().tls_certs_only(trusted).resolve(NAME, at);
    let client = client.build().unwrap();
    let origin = format!("https://{NAME}:{}/", at.port()).parse().unwrap();
    Edge { origin, client, operator: None }
}

async fn check(config: Config, edge: Option<Edge>) -> Vec<Value> {
    let options = Options { only: Some(Part::Cec), ..Options::default() };
    let context = Context::new(config, edge, options).await.unwrap();
    let report = Report::of_checks(checks::run(&context).await).json(Language::English);
    report["checks"].as_array().unwrap().clone()
}

fn row<'a>(rows: &'a [Value], check: &str) -> &'a Value {
    rows.iter().find(|row| row["check"] == check).unwrap_or_else(|| panic!("{rows:#?}"))
}

#[tokio::test]
async fn an_invalid_certificate_is_described() {
    let (ca, other) = (authority(), authority());
    let mut expired = named(NAME);
    expired.not_before = date_time_ymd(2020, 1, 1);
    expired.not_after = date_time_ymd(2021, 1, 1);
    let mut early = named(NAME);
    early.not_before = date_time_ymd(2999, 1, 1);
    early.not_after = date_time_ymd(3000, 1, 1);
    for (params, trusted, found, remedy) in [
        (named("another.besclouds.test"), Some(&ca), "for another name", "a host name that"),
        (named(NAME), Some(&other), "does not trust", "complete chain"),
        (named(NAME), None, "does not trust", "complete chain"),
        (expired, Some(&ca), "has expired", "Renew"),
        (early, Some(&ca), "not valid yet", "clock"),
    ] {
        let at = serve_tls(tls(params, &ca, None)).await;
        let rows = check(config(GUESTS), Some(edge(at, trusted))).await;
        let failed: Vec<_> = rows.iter().filter(|row| row["verdict"] == "failed").collect();
        let [row] = failed[..] else { panic!("{found}: {rows:#?}") };
        let names = (row["check"].as_str(), row["of"].as_str());
        assert_eq!(names, (Some("reach"), Some("cec.origin")));
        assert!(row["found"].as_str().unwrap().contains(found), "{row:#}");
        assert!(row["remedy"].as_str().unwrap().contains(remedy), "{row:#}");
    }
}

#[tokio::test]
async fn a_valid_certificate_is_good_and_plain_http_is_described() {
    let ca = authority();
    let at = serve_tls(tls(named(NAME), &ca, None)).await;
    let rows = check(config(GUESTS), Some(edge(at, Some(&ca)))).await;
    assert_eq!(row(&rows, "reach")["verdict"], "good", "{rows:#?}");
    // The response has no Date header.
    assert_eq!(row(&rows, "clock")["verdict"], "warning");
    let plain = serve(Router::new()).await;
    let rows = check(config(GUESTS), Some(edge(plain, Some(&ca)))).await;
    let found = row(&rows, "reach")["found"].as_str().unwrap();
    assert!(found.contains("no TLS that this machine supports"), "{found}");
}

#[tokio::test]
async fn a_listener_that_requires_a_client_certificate_is_recognised() {
    let ca = authority();
    let at = serve_tls(tls(named("localhost"), &ca, Some(&ca))).await;
    let trusted = reqwest::Certificate::from_der(ca.der()).unwrap();
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().tls_certs_only([trusted]).build().unwrap();
    let url = format!("https://localhost:{}/", at.port());
    let error = http::send(client.get(url)).await.unwrap_err();
    assert_eq!(error, NetworkError::Tls(Tls::Refused));
}

#[tokio::test]
async fn an_application_must_refuse_a_made_up_cookie() {
    for (status, body, verdict, remedy) in [
        (401, "", "good", ""),
        (500, "", "failed", "gateway.url"),
        (200, "<html>", "failed", "gateway.url"),
        (200, r#"{"id":"10010001","name":"Tom"}"#, "failed", "out of service"),
    ] {
        let status = StatusCode::from_u16(status).unwrap();
        let at =
            serve(Router::new().route("/whoami", get(move || async move { (status, body) }))).await;
        let identity = format!(
            "[visitor]\nkind = \"gateway\"\n[gateway]\nurl = \"http://{at}/whoami\"\ncookies = [\"JSESSIONID\"]\nid_member = \"/id\"\nname_member = \"/name\""
        );
        let rows = check(config(&identity), None).await;
        let row = row(&rows, "identity");
        assert_eq!((&row["of"], &row["verdict"]), (&"gateway.url".into(), &verdict.into()));
        assert!(row["remedy"].as_str().unwrap_or_default().contains(remedy), "{row:#}");
    }
}

#[tokio::test]
async fn a_provider_that_cannot_be_reached_is_a_failure() {
    let identity = "[visitor]\nkind = \"jwt\"\n[jwt]\nissuer = \"https://127.0.0.1:1\"\naudience = \"shop\"\njwks_url = \"https://127.0.0.1:1/keys\"";
    let rows = check(config(identity), None).await;
    let row = row(&rows, "identity");
    assert_eq!((&row["of"], &row["verdict"]), (&"jwt.issuer".into(), &"failed".into()));
    assert!(row["remedy"].as_str().unwrap().contains("jwt."), "{row:#}");
}

#[tokio::test]
async fn names_that_the_edge_refused_come_with_the_line_to_add() {
    let ca = authority();
    let at = serve_tls(tls(named(NAME), &ca, None)).await;
    for (body, verdict, remedy) in [
        (r#"{"add":["headers = [\"x-own\"]"]}"#, "warning", r#": headers = ["x-own"]"#),
        (r#"{"add":[]}"#, "good", ""),
        (r#"{"responseCookies":[{"name":"sid","count":1}],"add":[]}"#, "warning", "edge.cookies"),
        ("<html>", "skipped", "calldock-edge"),
    ] {
        let operator =
            serve(Router::new().route("/refused", get(move || async move { body }))).await;
        let edge = Edge { operator: Some(operator), ..edge(at, Some(&ca)) };
        let rows = check(config(GUESTS), Some(edge)).await;
        let row = row(&rows, "edge");
        assert_eq!(row["verdict"], verdict, "{row:#}");
        assert!(row["remedy"].as_str().unwrap_or_default().contains(remedy), "{row:#}");
    }
}
