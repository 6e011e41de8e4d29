//! Calls to the vendor over a real socket: what is sent arrives whole and signed, and no response can block the
//! server.

use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::post;
use calldock_server::address::PlainHttp;
use calldock_server::tccc::HttpTransport;
use calldock_signing::tc3::{Request, sign};
use tokio::net::{TcpListener, TcpSocket};

use crate::support::{Answer, GOOD, SECRET_ID, SECRET_KEY, login, server, settings, tccc};

/// The vendor's deadline where it is not the test's matter.
const PATIENCE: Duration = Duration::from_secs(20);

/// Starts a vendor on a port of its own; it ends with the test's runtime.
async fn vendor(routes: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
    format!("http://{address}/")
}

async fn login_from(endpoint: &str) -> Answer {
    login_within(PATIENCE, endpoint).await
}

async fn login_within(deadline: Duration, endpoint: &str) -> Answer {
    let mut config = settings();
    tccc(&mut config).endpoint = endpoint.parse().unwrap();
    tccc(&mut config).plain_http = PlainHttp::OnLoopback;
    let transport = HttpTransport::new(PlainHttp::OnLoopback, deadline).unwrap();
    login(&server(config, std::sync::Arc::new(transport))).await
}

/// The vendor's own check, on the bytes that arrived.
async fn verified(headers: HeaderMap, body: Bytes) -> impl IntoResponse {
    let header = |name: &str| headers[name].to_str().unwrap();
    let request = Request {
        timestamp: header("x-tc-timestamp").parse().unwrap(),
        service: "ccc",
        host: header("host"),
        content_type: header("content-type"),
        body: std::str::from_utf8(&body).unwrap(),
    };
    let expected = sign(&SECRET_ID.into(), &SECRET_KEY.into(), &request).unwrap();
    assert_eq!(header("authorization"), expected.authorization);
    assert_eq!(headers.get_all(header::CONTENT_TYPE).iter().count(), 1);
    GOOD
}

#[tokio::test]
async fn what_is_signed_is_what_arrives() {
    let endpoint = vendor(Router::new().route("/", post(verified))).await;
    let answer = login_from(&endpoint).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.json()["userId"], "agent@example.com");
}

#[tokio::test]
async fn a_vendor_that_hangs_is_given_up_at_the_deadline() {
    let hang = post(async || std::future::pending::<&str>().await);
    let endpoint = vendor(Router::new().route("/", hang)).await;
    let answer = login_within(Duration::from_millis(500), &endpoint).await;
    assert_eq!((answer.status.as_u16(), answer.problem().code.as_str()), (504, "TIMEOUT"));
}

#[tokio::test]
async fn an_answer_without_end_is_cut_off() {
    let flood = || async { "x".repeat(10 * 1024 * 1024) };
    let answer = login_from(&vendor(Router::new().route("/", post(flood))).await).await;
    assert_eq!((answer.status.as_u16(), answer.problem().code.as_str()), (502, "LOGIN_FAILED"));
    assert!(answer.text.contains("longer response"), "{}", answer.text);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = || async { (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, "/good")]) };
    let routes = Router::new().route("/", post(elsewhere)).route("/good", post(|| async { GOOD }));
    let answer = login_from(&vendor(routes).await).await;
    assert_eq!(answer.problem().code, "LOGIN_FAILED");
    assert!(answer.text.contains("a redirect"), "{}", answer.text);
}

#[tokio::test]
async fn a_vendor_that_is_not_there_is_a_network_failure() {
    // Bound, and nobody listens: no other program gets this port meanwhile.
    let nobody = TcpSocket::new_v4().unwrap();
    nobody.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let endpoint = format!("http://{}/", nobody.local_addr().unwrap());
    assert_eq!(login_from(&endpoint).await.problem().code, "NETWORK");
}

#[tokio::test]
async fn outside_the_demo_nothing_is_sent_in_the_clear() {
    let endpoint = vendor(Router::new().route("/", post(|| async { GOOD }))).await;
    let mut config = settings();
    tccc(&mut config).endpoint = endpoint.parse().unwrap();
    let transport = HttpTransport::new(PlainHttp::Refused, PATIENCE).unwrap();
    let answer = login(&server(config, std::sync::Arc::new(transport))).await;
    assert_eq!(answer.problem().code, "NETWORK");
}
