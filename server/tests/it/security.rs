//! Attacks of `docs/en/security.md`, one test for each hole that was found and closed.

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Request, StatusCode};
use calldock_server::cec::settings::VALIDATE;
use calldock_server::identity::{Visitor, VisitorSettings};
use calldock_service::{Gateways, network};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::listener::{Served, listen};
use crate::support::{
    CEC_LOGIN, CHAT, GOOD, Vendor, ask, cec, come_from, guests, post, request, server, signing,
    tokens,
};

const INVALID: &str = r#"{"retCode":1,"message":"validate failed"}"#;

#[tokio::test]
async fn a_page_over_plain_http_is_another_site_where_the_own_site_is_encrypted() {
    let mut config = cec(signing(), guests());
    config.http.listen.gateways = Gateways::new([network("10.0.0.1").unwrap()]);
    let app = server(config, Vendor::saying(GOOD));
    let ask_as = async |origin: &str, scheme: &str| {
        let headers = [("host", "shop.example"), ("origin", origin), ("x-forwarded-proto", scheme)];
        let mut request = request("POST", CEC_LOGIN, &headers);
        come_from(&mut request, "10.0.0.1");
        ask(&app, request).await
    };
    for scheme in ["https", "wss"] {
        let refused = ask_as("http://shop.example", scheme).await;
        assert_eq!((refused.status, refused.header("set-cookie")), (StatusCode::FORBIDDEN, ""));
        assert_eq!(refused.problem().code, "ORIGIN_REFUSED");
    }
    assert_eq!(ask_as("https://shop.example", "https").await.status, StatusCode::OK);
    assert_eq!(ask_as("http://shop.example", "http").await.status, StatusCode::OK);
}

/// Hole 5: a caller that is not listed used to be waited for, 5 s for each connection.
#[tokio::test]
async fn a_caller_that_is_not_listed_is_refused_before_its_body() {
    let mut config = cec(tokens(), guests());
    config.http.callback.callers = Some(Gateways::new([network("198.51.100.0/24").unwrap()]));
    let served = Served::start(server(config, Vendor::saying(GOOD)), listen()).await;
    let mut stream = TcpStream::connect(served.at).await.unwrap();
    let head = format!("POST {VALIDATE} HTTP/1.1\r\nHost: x\r\nContent-Length: 4000\r\n\r\n{{");
    let started = Instant::now();
    stream.write_all(head.as_bytes()).await.unwrap();
    // The connection ends too: the rest of the body is not read.
    let mut response = String::new();
    let reading = stream.read_to_string(&mut response);
    tokio::time::timeout(Duration::from_secs(20), reading).await.expect("an end").unwrap();
    assert!(response.starts_with("HTTP/1.1 200") && response.ends_with(INVALID), "{response}");
    assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
}

/// Hole 5: a body that never ends used to keep its connection for as long as the client liked.
#[tokio::test(start_paused = true)]
async fn every_route_with_a_body_has_a_deadline_for_it() {
    let mut config = crate::chat::chat(guests());
    config.cec = cec(tokens(), guests()).cec;
    let app = server(config, Vendor::saying(GOOD));
    for path in [crate::support::LOGIN, CHAT, CEC_LOGIN, VALIDATE] {
        let (sender, body) = http_body_util::channel::Channel::<axum::body::Bytes>::new(1);
        let start = tokio::time::Instant::now();
        let request = Request::post(path).body(Body::new(body)).unwrap();
        let answer = ask(&app, request).await;
        assert_eq!(answer.status, StatusCode::REQUEST_TIMEOUT, "{path}");
        assert!(start.elapsed() <= Duration::from_secs(6), "{path}: {:?}", start.elapsed());
        drop(sender);
    }
}

/// Hole 15: U+202E shows the rest of a text backwards, in an agent's workbench too.
#[tokio::test]
async fn characters_that_change_how_a_text_is_shown_are_refused_in_fields() {
    let customer = VisitorSettings::Fixed(Visitor { id: "1".into(), name: "Tom".into() });
    let vendor = Vendor::saying(r#"{"Response":{"UserSig":"sig","RequestId":"r"}}"#);
    let app = server(crate::chat::chat(customer), vendor.clone());
    for character in [
        '\u{202e}', '\u{202a}', '\u{2066}', '\u{200f}', '\u{61c}', '\u{2028}', '\u{0}', '\u{7f}',
        '\u{85}',
    ] {
        let body =
            serde_json::json!({"fields": {"extra_page": format!("a{character}b")}}).to_string();
        let answer = ask(&app, post(CHAT, &body)).await;
        assert_eq!(answer.status.as_u16(), 422, "U+{:04X}: {}", u32::from(character), answer.text);
        assert!(
            Visitor::part(&format!("a{character}b")).is_err(),
            "U+{:04X}",
            u32::from(character)
        );
    }
    assert!(vendor.seen().is_empty());
}
