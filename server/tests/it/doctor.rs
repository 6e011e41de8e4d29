//! The doctor's eye for certificates, and for whatever knows who is asking; `tests/services/doctor.rs` has
//! the rest.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use calldock_server::config::{Config, ProxyConfig};
use calldock_server::doctor::examination::Asked;
use calldock_server::doctor::trouble::{Tls, Trouble};
use calldock_server::doctor::{Examination, Part, Report, http};
use calldock_server::identity::KnownBy;
use calldock_server::identity::gateway::{CallBackConfig, GatewayConfig};
use calldock_server::problem::Language;
use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::identity::known_by;
use crate::identity::provider::{Key, Provider};
use crate::proxy::listen;
use crate::proxy_tls::{Issuer, authority, cec_with};
use crate::support::{cec, guests, signing};

const NAME: &str = "servicestage.besclouds.test";

/// CEC of this name at this address, trusted if its authority is this one.
fn config(at: SocketAddr, trusted: Option<&Issuer>) -> Config {
    let mut config = cec(signing(), guests());
    let mut proxy = ProxyConfig::to(format!("https://{NAME}/").parse().unwrap());
    proxy.connect_to = Some(at);
    proxy.authorities = trusted
        .map(|issuer| CertificateDer::from_pem_slice(issuer.pem().as_bytes()).unwrap())
        .into_iter()
        .collect();
    config.cec.as_mut().unwrap().proxy = Some(proxy);
    config
}

async fn examined(config: Config) -> Vec<Value> {
    let asked = Asked { only: Some(Part::Cec), ..Asked::default() };
    let exam = Examination::begin(config, asked).await.unwrap();
    let report = Report::of_checks(exam.run().await).json(Language::English);
    report["checks"].as_array().unwrap().clone()
}

fn named(name: &str) -> CertificateParams {
    CertificateParams::new(vec![name.to_owned()]).unwrap()
}

#[tokio::test]
async fn what_is_wrong_with_a_certificate_is_named() {
    let (ca, other) = (authority(), authority());
    let mut expired = named(NAME);
    expired.not_before = date_time_ymd(2020, 1, 1);
    expired.not_after = date_time_ymd(2021, 1, 1);
    let mut early = named(NAME);
    early.not_before = date_time_ymd(2999, 1, 1);
    early.not_after = date_time_ymd(3000, 1, 1);
    for (params, trusted, found, remedy) in [
        (
            named("another.besclouds.test"),
            Some(&ca),
            "for another name",
            "a name its certificate has",
        ),
        (named(NAME), Some(&other), "does not trust", "chain sent whole"),
        (named(NAME), None, "does not trust", "chain sent whole"),
        (expired, Some(&ca), "has expired", "Renew"),
        (early, Some(&ca), "not valid yet", "clock"),
    ] {
        let (at, _) = cec_with(params, &ca).await;
        let rows = examined(config(at, trusted)).await;
        let failed: Vec<_> = rows.iter().filter(|row| row["verdict"] == "failed").collect();
        let [row] = failed[..] else { panic!("{found}: {rows:#?}") };
        assert_eq!(
            (row["check"].as_str(), row["of"].as_str()),
            (Some("reach"), Some("cec.origin"))
        );
        assert!(row["found"].as_str().unwrap().contains(found), "{row:#}");
        assert!(row["remedy"].as_str().unwrap().contains(remedy), "{row:#}");
    }
}

#[tokio::test]
async fn a_certificate_that_holds_is_no_matter_and_no_tls_is_told() {
    let ca = authority();
    let (at, _) = cec_with(named(NAME), &ca).await;
    let rows = examined(config(at, Some(&ca))).await;
    let reach = rows.iter().find(|row| row["check"] == "reach").unwrap();
    assert_eq!(reach["verdict"], "good", "{rows:#?}");
    // Its answers have no Date header, and are no script.
    let clock = rows.iter().find(|row| row["check"] == "clock").unwrap();
    assert_eq!(clock["verdict"], "warning");
    let plain = listen(Router::new()).await;
    let rows = examined(config(plain, Some(&ca))).await;
    let reach = rows.iter().find(|row| row["check"] == "reach").unwrap();
    assert!(reach["found"].as_str().unwrap().contains("no TLS this machine speaks"), "{reach:#}");
}

/// The one row about who is asking: what it is of, how it ended, and how to mend it.
async fn known(by: KnownBy) -> [String; 3] {
    let rows = examined(known_by(&by)).await;
    let rows: Vec<_> = rows.iter().filter(|row| row["check"] == "identity").collect();
    let [row] = rows[..] else { panic!("{rows:#?}") };
    ["of", "verdict", "remedy"].map(|member| row[member].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn a_providers_keys_are_fetched_or_missed() {
    let provider = Provider::publishing(&[&Key::ec("1")]).await;
    let [of, verdict, _] = known(KnownBy::Jwt(provider.config())).await;
    assert_eq!([of.as_str(), &verdict], ["jwt.issuer", "good"]);
    assert_eq!(provider.asked(), 1);
    provider.fail();
    let [_, verdict, remedy] = known(KnownBy::Jwt(provider.config())).await;
    assert_eq!(verdict, "failed");
    assert!(remedy.contains("jwt."), "{remedy}");
}

#[tokio::test]
async fn an_application_must_know_nobody_by_a_made_up_cookie() {
    for (status, body, expected, word) in [
        (401, "", "good", ""),
        (500, "", "failed", "gateway.url"),
        (200, "<html>", "failed", "gateway.url"),
        (200, r#"{"id":"10010001","name":"Tom"}"#, "failed", "out of service"),
    ] {
        let status = StatusCode::from_u16(status).unwrap();
        let answer = get(move || async move { (status, body) });
        let at = listen(Router::new().route("/whoami", answer)).await;
        let config = CallBackConfig {
            url: format!("http://{at}/whoami").parse().unwrap(),
            cookies: vec!["JSESSIONID".into()],
            id_member: "/id".into(),
            name_member: "/name".into(),
            cache: Duration::from_secs(5),
        };
        let [of, verdict, remedy] = known(KnownBy::Gateway(GatewayConfig::CallBack(config))).await;
        assert_eq!([of.as_str(), &verdict], ["gateway.url", expected], "{status} {body}");
        assert!(remedy.contains(word), "{remedy}");
    }
}

#[tokio::test]
async fn a_listener_that_wants_a_certificate_of_its_caller_is_recognised() {
    let (ca, key) = (authority(), KeyPair::generate().unwrap());
    let certificate = named("localhost").signed_by(&key, &ca).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = rustls::RootCertStore::empty();
    roots.add(ca.der().clone()).unwrap();
    let callers = WebPkiClientVerifier::builder_with_provider(roots.into(), provider.clone());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(callers.build().unwrap())
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        )
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        assert!(acceptor.accept(stream).await.is_err(), "nobody gets in");
    });
    let trusted = reqwest::Certificate::from_der(ca.der()).unwrap();
    let client = reqwest::Client::builder().no_proxy().tls_certs_only([trusted]).build().unwrap();
    let url = format!("https://localhost:{}/", at.port()).parse().unwrap();
    let trouble = http::send(&client, http::get(&url)).await.unwrap_err();
    assert_eq!(trouble, Trouble::Tls(Tls::Refused));
}
