//! CEC's certificate, its name and where it really is.

use std::fs;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use calldock_edge::{Settings, settings};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::support::{edge, raw};

pub type Issuer = CertifiedIssuer<'static, KeyPair>;

/// A private authority.
pub fn authority() -> Issuer {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// What a caller asked for: the name in TLS, and the request.
pub type SeenRequests = Arc<Mutex<Vec<(Option<String>, String)>>>;

/// CEC behind TLS, under this name, by this authority.
async fn cec_named(name: &str, authority: &Issuer) -> (SocketAddr, SeenRequests) {
    cec_with(CertificateParams::new(vec![name.to_owned()]).unwrap(), authority).await
}

/// The same with whatever else a certificate says.
pub async fn cec_with(params: CertificateParams, authority: &Issuer) -> (SocketAddr, SeenRequests) {
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, authority).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        )
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let asked = SeenRequests::default();
    let seen = Arc::clone(&asked);
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            // A caller that does not trust the certificate goes away.
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let name = stream.get_ref().1.server_name().map(str::to_owned);
            let mut head = [0; 4096];
            let length = stream.read(&mut head).await.unwrap();
            let head = String::from_utf8_lossy(&head[..length]).into_owned();
            seen.lock().unwrap().push((name, head));
            let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
            stream.write_all(answer).await.unwrap();
            let _ = stream.shutdown().await;
        }
    });
    (address, asked)
}

/// An edge to `https://<name>/`, which is at this address and signed by this authority.
fn to(name: &'static str, at: SocketAddr, authority: &Issuer) -> impl FnOnce(&mut Settings) {
    let certificate = CertificateDer::from_pem_slice(authority.pem().as_bytes()).unwrap();
    move |settings| {
        settings.cec.origin = format!("https://{name}/").parse().unwrap();
        settings.cec.connect_to = Some(at);
        settings.cec.authorities = vec![certificate];
        settings.cec.plain = false;
    }
}

const GET: &str = "GET /service-cloud/x HTTP/1.1\nHost: shop.example\nConnection: close\n\n";

#[tokio::test]
async fn cec_is_reached_at_the_configured_address_under_its_own_name() {
    let ca = authority();
    let (cec_at, asked) = cec_named("servicestage.besclouds.test", &ca).await;
    let at = edge(cec_at, to("servicestage.besclouds.test", cec_at, &ca)).await;
    let answer = raw(at, GET).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("ok"), "{answer}");
    let [(name, head)] = &asked.lock().unwrap()[..] else { panic!("one request") };
    assert_eq!(name.as_deref(), Some("servicestage.besclouds.test"));
    assert!(head.contains("\r\nhost: servicestage.besclouds.test\r\n"), "{head}");
}

#[tokio::test]
async fn another_name_or_another_authority_is_not_accepted() {
    let (ca, other) = (authority(), authority());
    let (cec_at, asked) = cec_named("servicestage.besclouds.test", &ca).await;
    for (name, trusted) in
        [("another.besclouds.test", &ca), ("servicestage.besclouds.test", &other)]
    {
        let at = edge(cec_at, to(name, cec_at, trusted)).await;
        let answer = raw(at, GET).await;
        assert!(answer.starts_with("HTTP/1.1 502"), "{name}: {answer}");
    }
    // And without a file, only the system's authorities are trusted.
    let at = edge(cec_at, |settings| {
        to("servicestage.besclouds.test", cec_at, &ca)(settings);
        settings.cec.authorities.clear();
    })
    .await;
    assert!(raw(at, GET).await.starts_with("HTTP/1.1 502"));
    assert!(asked.lock().unwrap().is_empty(), "nothing was asked over what is not trusted");
}

#[test]
fn the_file_of_authorities_and_the_address_are_read_and_checked() {
    let folder = tempfile::tempdir().unwrap();
    let load = |lines: &str| {
        let path = folder.path().join("calldock-edge.toml");
        fs::write(&path, format!("[cec]\n{lines}")).unwrap();
        settings::load(&path)
    };
    fs::write(folder.path().join("ca.pem"), authority().pem() + &authority().pem()).unwrap();
    fs::write(folder.path().join("empty.pem"), "no certificate").unwrap();
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    fs::write(folder.path().join("broken.pem"), broken).unwrap();
    let origin = "origin = \"https://cec.example\"\n";
    let cec = load(&format!("{origin}ca_file = \"ca.pem\"\nconnect_to = \"10.0.0.5:8443\"\n"));
    let cec = cec.unwrap().cec;
    assert_eq!(cec.authorities.len(), 2);
    assert_eq!(cec.connect_to, Some("10.0.0.5:8443".parse().unwrap()));
    for (lines, key, says) in [
        ("ca_file = \"away.pem\"", "cec.ca_file", "cannot be read"),
        ("ca_file = \"empty.pem\"", "cec.ca_file", "PEM"),
        ("ca_file = \"broken.pem\"", "cec.ca_file", "PEM"),
        ("connect_to = \"cec.example:443\"", "cec.connect_to", "IP:PORT"),
        ("connect_to = \"10.0.0.5\"", "cec.connect_to", "IP:PORT"),
    ] {
        let mistakes = load(&format!("{origin}{lines}\n")).unwrap_err();
        let [mistake] = &mistakes.0[..] else { panic!("{lines}: {mistakes}") };
        assert!(mistake.key == key && mistake.what.contains(says), "{lines}: {mistakes}");
    }
    for (origin, says) in [
        ("https://cec.example:8443", "the port that cec.origin names"),
        ("https://192.0.2.1", "a name in cec.origin"),
    ] {
        let lines = format!("origin = \"{origin}\"\nconnect_to = \"10.0.0.5:443\"\n");
        let mistakes = load(&lines).unwrap_err();
        assert!(mistakes.to_string().contains(says), "{mistakes}");
    }
}
