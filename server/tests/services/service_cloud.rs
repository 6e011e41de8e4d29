//! `deploy/nginx/service-cloud.conf` in Debian's nginx: CEC is found by the resolver, and judged by its
//! certificate. (What pages see of it is in `tests/e2e/cec-nginx.test.mjs`.)

use std::fs;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Request;
use axum::routing::any;
use tempfile::TempDir;
use tokio::net::UdpSocket;

use crate::authority::Authority;
use crate::cec_tls;
use crate::nginx_process::{Nginx, free};

const DEPLOYED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../deploy/nginx/service-cloud.conf");
const CEC: &str = "cec.test";
const MIB: usize = 1024 * 1024;

/// A resolver that knows one name, which is this machine; and the names it was asked for.
async fn resolver() -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let names = Arc::clone(&asked);
    tokio::spawn(async move {
        let mut question = [0; 512];
        loop {
            let (length, from) = socket.recv_from(&mut question).await.unwrap();
            let name = name_in(&question[12..length]);
            let found = name == CEC;
            names.lock().unwrap().push(name);
            // RFC 1035 §4.1: the same id and question, an answer that points back to its name.
            let mut answer = question[..length].to_vec();
            answer[2..4].copy_from_slice(&[0x81, if found { 0x80 } else { 0x83 }]);
            answer[7] = u8::from(found);
            if found {
                answer.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1]);
            }
            socket.send_to(&answer, from).await.unwrap();
        }
    });
    (address, asked)
}

fn name_in(mut labels: &[u8]) -> String {
    let mut name = Vec::new();
    while let [length, rest @ ..] = labels
        && *length > 0
    {
        let (label, rest) = rest.split_at(usize::from(*length));
        name.push(String::from_utf8_lossy(label).into_owned());
        labels = rest;
    }
    name.join(".")
}

/// nginx for pages. Its folder goes after it, since it is stopped by what is in there.
struct Pages {
    at: SocketAddr,
    _nginx: Nginx,
    _folder: TempDir,
}

/// nginx with the deployed file for this host.
fn front(host: &str, resolver: SocketAddr, cec: SocketAddr, authority: &Authority) -> Pages {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("ca.pem"), authority.pem()).unwrap();
    let mut text = fs::read_to_string(DEPLOYED).unwrap();
    for (theirs, ours) in [
        // What whoever deploys it changes …
        ("CEC_HOST;", format!("{host};")),
        ("resolver 127.0.0.53 ", format!("resolver {resolver} ")),
        ("/etc/ssl/certs/ca-certificates.crt", format!("{}/ca.pem", folder.path().display())),
        // … and the port, which only a test has.
        ("https://$cec_host;", format!("https://$cec_host:{};", cec.port())),
    ] {
        assert!(text.contains(theirs), "{DEPLOYED}: expected {theirs}");
        text = text.replace(theirs, &ours);
    }
    fs::write(folder.path().join("service-cloud.conf"), text).unwrap();
    let [at] = free();
    let server = format!("server {{ listen {at}; include service-cloud.conf; }}");
    Pages { at, _nginx: Nginx::start(folder.path(), &server), _folder: folder }
}

/// CEC, which says what it was told.
fn cec() -> Router {
    Router::new().fallback(any(async |request: Request| {
        let (parts, body) = request.into_parts();
        let said = |name: &str| {
            parts.headers.get(name).map_or("-", |value| value.to_str().unwrap()).to_owned()
        };
        let told = ["host", "x-real-ip", "x-forwarded-for", "x-forwarded-proto"].map(said);
        let length = axum::body::to_bytes(body, 64 * MIB).await.unwrap().len();
        format!("{} {} {length}", parts.uri, told.join(" "))
    }))
}

#[tokio::test]
async fn cec_is_found_by_name_and_told_who_asks() {
    let authority = Authority::new();
    let cec_at = cec_tls::serve(cec(), authority.certify(CEC)).await;
    let (resolver, asked) = resolver().await;
    let pages = front(CEC, resolver, cec_at, &authority);
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let asking = client.post(format!("http://{}/service-cloud/webclient/a.js?&t=1", pages.at));
    let asking = asking.header("x-forwarded-for", "203.0.113.9").header("x-real-ip", "203.0.113.9");
    let answer = asking.body(vec![7; 4 * MIB]).send().await.unwrap();
    assert_eq!(
        answer.text().await.unwrap(),
        format!("/service-cloud/webclient/a.js?&t=1 {CEC} 127.0.0.1 127.0.0.1 http {}", 4 * MIB)
    );
    assert!(asked.lock().unwrap().iter().all(|name| name == CEC));
    assert!(!asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn nginx_starts_without_cec_and_takes_nobody_else_for_it() {
    let authority = Authority::new();
    let cec_at = cec_tls::serve(cec(), authority.certify(CEC)).await;
    let (resolver, _) = resolver().await;
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    for (host, trusted) in [("away.test", &authority), (CEC, &Authority::new())] {
        let pages = front(host, resolver, cec_at, trusted);
        let answer =
            client.get(format!("http://{}/service-cloud/x", pages.at)).send().await.unwrap();
        assert_eq!(answer.status(), 502, "{host}");
    }
}
