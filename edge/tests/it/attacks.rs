//! Requests that aim at another place, or hide a second request.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::support::{edge, headers, raw};

type Heads = Arc<Mutex<Vec<String>>>;

/// CEC's stand-in: keeps the bytes of each request and responds with this.
async fn recording(answer: &'static str) -> (SocketAddr, Heads) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let heads = Heads::default();
    let written = Arc::clone(&heads);
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let written = Arc::clone(&written);
            tokio::spawn(async move {
                let mut asked = Vec::new();
                let mut buffer = [0; 4096];
                while let Ok(length @ 1..) = stream.read(&mut buffer).await {
                    asked.extend_from_slice(&buffer[..length]);
                    if whole(&asked) {
                        written.lock().unwrap().push(String::from_utf8_lossy(&asked).into_owned());
                        let _ = stream.write_all(answer.as_bytes()).await;
                        return;
                    }
                }
            });
        }
    });
    (address, heads)
}

/// A head, and a body where there is one.
fn whole(asked: &[u8]) -> bool {
    let text = String::from_utf8_lossy(asked);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    match head.lines().find_map(|line| line.strip_prefix("content-length: ")) {
        Some(length) => body.len() >= length.parse::<usize>().unwrap(),
        None if head.contains("transfer-encoding") => body.ends_with("0\r\n\r\n"),
        None => true,
    }
}

fn taken(heads: &Heads) -> Vec<String> {
    std::mem::take(&mut heads.lock().unwrap())
}

const FINE: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";

#[tokio::test]
async fn no_target_and_no_host_lead_elsewhere() {
    let (cec_at, heads) = recording(FINE).await;
    let (evil_at, elsewhere) = recording(FINE).await;
    let at = edge(cec_at, |_| {}).await;
    let evil = evil_at.to_string();
    let targets = [
        "/service-cloud/x",
        "http://{evil}/service-cloud/x",
        "http://{evil}/",
        "http://{evil}",
        "http://user:password@{evil}/service-cloud/x",
        "http://{host}@{evil}/service-cloud/x",
        "ws://{evil}/service-cloud/x",
        "file:///service-cloud/x",
        "//{evil}/service-cloud/x",
        "///{evil}/service-cloud/x",
        "\\\\{evil}\\service-cloud\\x",
        "/\\{evil}/service-cloud/x",
        "/service-cloud\\@{evil}/x",
        "/service-cloud@{evil}/x",
        "/service-cloud/@{evil}/x",
        "/service-cloud/%40{evil}/x",
        "/service-cloud/%2f%2f{evil}/x",
        "/service-cloud/%5c%5c{evil}/x",
        "/service-cloud/%252f%252f{evil}/x",
        "/service-cloud/..%2f..%2f{evil}/x",
        "/service-cloud/.%00./{evil}",
        "/service-cloud/x%00.{evil}",
        "/service-cloud/x%0d%0aHost:%20{evil}",
        "/service-cloud/x?y=%0d%0aHost:%20{evil}",
        "/service-cloud/x#@{evil}/",
        "/service-cloud/x?u=http://{evil}/",
        "/service-cloud:80@{evil}/x",
        "service-cloud/x",
        "{evil}",
        "@{evil}/service-cloud/x",
        ":@{evil}/service-cloud/x",
        "*",
        "?/service-cloud/x",
        "http://ｅｖｉｌ.example/service-cloud/x",
        "/service-cloud/\u{2025}/x",
        "/service-cloud/\u{ff0f}{evil}",
        "http://①②⑦.0.0.1/service-cloud/x",
        "http://[::ffff:127.0.0.1]/service-cloud/x",
    ];
    for target in targets {
        let target = target.replace("{evil}", &evil);
        for host in ["{host}", &evil, "evil.example", "ｅｖｉｌ.example", "a@b", "[::1", ""] {
            let request = format!("GET {target} HTTP/1.1\nHost: {host}\nConnection: close\n\n");
            let answer = raw(at, &request).await;
            let reached = taken(&heads);
            assert!(reached.len() <= 1, "{target}: {reached:?}");
            match reached.first() {
                // What goes on goes to CEC, below its base, under CEC's own name.
                Some(head) => {
                    assert!(head.starts_with("GET /service-cloud/"), "{target}: {head}");
                    let line = head.lines().next().unwrap();
                    assert!(line.split(' ').count() == 3 && !line.contains(".."), "{head}");
                    let hosts = head.matches("\r\nhost: ").count();
                    let ours = head.contains(&format!("\r\nhost: {cec_at}\r\n"));
                    assert!(hosts == 1 && ours, "{target}: {head}");
                    assert!(answer.starts_with("HTTP/1.1 200"), "{target}: {answer}");
                }
                None => assert!(
                    answer.is_empty() || answer.starts_with("HTTP/1.1 4"),
                    "{target}: {answer}"
                ),
            }
            assert!(taken(&elsewhere).is_empty(), "{target}");
        }
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    const AWAY: &str = "HTTP/1.1 307 Temporary Redirect\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    let (cec_at, heads) = recording(AWAY).await;
    let at = edge(cec_at, |_| {}).await;
    let answer =
        raw(at, "GET /service-cloud/x HTTP/1.1\nHost: {host}\nConnection: close\n\n").await;
    assert!(answer.starts_with("HTTP/1.1 307"), "{answer}");
    assert_eq!(
        headers(&answer, "location"),
        ["http://169.254.169.254/"],
        "the browser's to follow"
    );
    assert_eq!(taken(&heads).len(), 1);
}

/// Sends a request with this framing and body; gives what CEC got, and the answer.
async fn framed(framing: &str, body: &str) -> (Vec<String>, String) {
    let (cec_at, heads) = recording(FINE).await;
    // One of the bodies is cut, and ends by this.
    let at = edge(cec_at, |settings| settings.edge.timeout = Duration::from_secs(2)).await;
    let request = format!(
        "POST /service-cloud/x HTTP/1.1\nHost: {{host}}\nConnection: close\n{framing}\n\n{body}"
    );
    let answer = raw(at, &request).await;
    (taken(&heads), answer)
}

#[tokio::test]
async fn no_second_request_hides_in_a_body() {
    const HIDDEN: &str = "GET /service-cloud/hidden HTTP/1.1\nHost: h\n\n";
    for framing in [
        "Content-Length: 4\nContent-Length: 40",
        "Content-Length: 4, 40",
        "Content-Length: +4",
        "Content-Length: 0x4",
        "Content-Length: -1",
        "Content-Length: 4\nTransfer-Encoding: chunked, identity",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: identity",
        "Transfer-Encoding: chunked\nTransfer-Encoding: identity",
        "Transfer-Encoding : chunked",
        "Content-Length : 4",
        "X: y\n Content-Length: 4",
    ] {
        let (reached, answer) = framed(framing, HIDDEN).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{framing}: {answer}");
        assert!(reached.is_empty(), "{framing}: {reached:?}");
    }
    // Where both are there, everyone after us sees one framing only, and the chunks are it.
    let chunks = "3\none\n0\n\n";
    for framing in [
        "Content-Length: 4\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\nContent-Length: 4",
        "Transfer-Encoding: chunked\nContent-Length: 4\nConnection: transfer-encoding",
        "Content-Length: 400\nTransfer-Encoding: chunked",
    ] {
        let (reached, answer) = framed(framing, &format!("{chunks}{HIDDEN}")).await;
        assert!(answer.matches("HTTP/1.1 200").count() == 1, "{framing}: {answer}");
        let [head] = &reached[..] else { panic!("{framing}: {reached:?}") };
        assert!(!head.contains("content-length"), "{framing}: {head}");
        assert!(head.ends_with("\r\n\r\n3\r\none\r\n0\r\n\r\n"), "{framing}: {head}");
    }
    let (reached, _) = framed("Content-Length: 4\nContent-Length: 4", "four").await;
    assert_eq!(reached[0].matches("content-length").count(), 1, "{reached:?}");
    for (body, why) in [("4\nabc", "cut"), ("zz\nabc\n0\n\n", "no size"), ("-1\n\n", "minus")] {
        let (reached, answer) = framed("Transfer-Encoding: chunked", body).await;
        assert!(!answer.starts_with("HTTP/1.1 2") && reached.is_empty(), "{why}: {answer}");
    }
}

#[tokio::test]
async fn a_response_with_two_lengths_is_relayed_with_one() {
    for (answer, body) in [
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 40\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\none\r\n0\r\n\r\n",
            "3\r\none\r\n0\r\n\r\n",
        ),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\nConnection: close\r\n\r\n3\r\none\r\n0\r\n\r\n",
            "3\r\none\r\n0\r\n\r\n",
        ),
    ] {
        let (cec_at, _) = recording(answer).await;
        let at = edge(cec_at, |_| {}).await;
        let answer =
            raw(at, "GET /service-cloud/x HTTP/1.1\nHost: {host}\nConnection: close\n\n").await;
        assert_eq!(headers(&answer, "content-length"), Vec::<&str>::new(), "{answer}");
        assert_eq!(headers(&answer, "transfer-encoding"), ["chunked"], "{answer}");
        assert!(answer.ends_with(body), "{answer}");
    }
    for answer in [
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\nok",
        "HTTP/1.1 2000 OK\r\n\r\nok",
        "nothing of HTTP\r\n\r\n",
    ] {
        let (cec_at, _) = recording(answer).await;
        let at = edge(cec_at, |_| {}).await;
        let got =
            raw(at, "GET /service-cloud/x HTTP/1.1\nHost: {host}\nConnection: close\n\n").await;
        assert!(got.starts_with("HTTP/1.1 502"), "{answer}: {got}");
    }
}

#[tokio::test]
async fn the_connection_header_removes_nothing_that_edge_writes() {
    let (cec_at, heads) = recording(
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close, content-length, vary, access-control-allow-origin\r\nSet-Cookie: JSESSIONID=stolen\r\n\r\nok",
    )
    .await;
    let at = edge(cec_at, |settings| {
        settings.edge.allowed_origins = vec!["https://crm.example".into()];
    })
    .await;
    let answer = raw(
        at,
        "POST /service-cloud/x HTTP/1.1\nHost: shop.example\nOrigin: https://crm.example\nSec-Fetch-Site: cross-site\nCookie: JSESSIONID=shop; ccmessaging-token=b\nX-Forwarded-For: 203.0.113.9\nContent-Length: 2\nConnection: close, cookie, x-forwarded-for, x-real-ip, x-forwarded-host, x-forwarded-proto, origin, sec-fetch-site, content-length, host, set-cookie\n\nok",
    )
    .await;
    let [head] = &taken(&heads)[..] else { panic!("one request") };
    for expected in [
        "x-forwarded-for: 127.0.0.1",
        "x-real-ip: 127.0.0.1",
        "x-forwarded-proto: http",
        "x-forwarded-host: shop.example",
    ] {
        assert!(head.contains(&format!("\r\n{expected}\r\n")), "{expected}: {head}");
    }
    assert!(head.contains(&format!("\r\nhost: {cec_at}\r\n")), "{head}");
    assert!(!head.contains("JSESSIONID") && !head.contains("203.0.113.9"), "{head}");
    assert_eq!(headers(&answer, "access-control-allow-origin"), ["https://crm.example"]);
    assert_eq!(headers(&answer, "vary"), ["origin, sec-fetch-site"]);
    assert_eq!(headers(&answer, "set-cookie"), Vec::<&str>::new());
    // Judged before anything is dropped: a page cannot hide where it comes from.
    let evil = raw(
        at,
        "POST /service-cloud/x HTTP/1.1\nHost: shop.example\nOrigin: https://evil.example\nConnection: close, origin\nContent-Length: 0\n\n",
    )
    .await;
    assert!(evil.starts_with("HTTP/1.1 403"), "{evil}");
    assert!(taken(&heads).is_empty());
}
