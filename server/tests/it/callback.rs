//! Who may ask about tokens, and how often. A caller that is not listed gets the response of a wrong token.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode};
use calldock_server::cec::settings::VALIDATE;
use calldock_server::config::Config;
use calldock_server::http::{router, validate_router};
use calldock_server::queue::Rate;
use calldock_service::{Gateways, network};
use serde_json::json;

use crate::support::{
    self, Answer, CEC_LOGIN, GOOD, TENANT, Vendor, ask, cec, request, server, tokens, tom,
};

const VALID: &str = r#"{"retCode":0,"message":"validate success"}"#;
const INVALID: &str = r#"{"retCode":1,"message":"validate failed"}"#;

fn networks(texts: &[&str]) -> Gateways {
    Gateways::new(texts.iter().map(|text| network(text).unwrap()))
}

fn app(change: impl FnOnce(&mut Config)) -> Router {
    let mut config = cec(tokens(), tom());
    change(&mut config);
    server(config, Vendor::saying(GOOD))
}

fn listed() -> Router {
    app(|config| {
        config.http.callback.callers = Some(networks(&["198.51.100.0/24", "2001:db8::7"]));
        config.http.listen.gateways = networks(&["127.0.0.1"]);
    })
}

async fn token(app: &Router) -> String {
    let answer = ask(app, request("POST", CEC_LOGIN, &[])).await;
    answer.json()["token"].as_str().unwrap().to_owned()
}

fn question(token: &str) -> String {
    json!({"Token": token, "userName": "Tom", "userId": "10010001", "tenantSpaceId": TENANT})
        .to_string()
}

/// A question that comes from this address, through a gateway that names that one.
async fn from(app: &Router, peer: &str, forwarded: Option<&str>, body: impl Into<Body>) -> Answer {
    let mut request = Request::post(VALIDATE);
    if let Some(address) = forwarded {
        request = request.header("x-forwarded-for", address);
    }
    let mut request = request.body(body.into()).unwrap();
    let peer = SocketAddr::new(peer.parse().unwrap(), 4711);
    request.extensions_mut().insert(ConnectInfo(peer));
    ask(app, request).await
}

#[tokio::test]
async fn a_caller_that_is_not_listed_gets_the_response_of_a_wrong_token_and_uses_no_token_up() {
    let app = listed();
    let token = token(&app).await;
    let wrong = from(&app, "198.51.100.7", None, question(&"x".repeat(43))).await;
    assert_eq!((wrong.status, wrong.text.as_str()), (StatusCode::OK, INVALID));
    for (peer, forwarded) in [
        ("203.0.113.9", None),
        // X-Forwarded-For counts from a gateway only.
        ("203.0.113.9", Some("198.51.100.7")),
        ("127.0.0.1", Some("203.0.113.9")),
        ("127.0.0.1", Some("198.51.100.7, 203.0.113.9")),
        ("127.0.0.1", None),
        ("2001:db8::8", None),
    ] {
        let unknown = from(&app, peer, forwarded, question(&token)).await;
        assert_eq!((unknown.status, &unknown.text), (wrong.status, &wrong.text), "{peer}");
        let names = |answer: &Answer| answer.headers.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&unknown), names(&wrong), "{peer}");
    }
    // From the gateway itself, without X-Forwarded-For.
    let unknown = Request::post(VALIDATE).body(question(&token).into()).unwrap();
    assert_eq!(ask(&app, unknown).await.text, INVALID);
    assert_eq!(from(&app, "198.51.100.7", None, question(&token)).await.text, VALID);
}

/// CEC comes to that listener itself: a gateway of the pages' listener speaks for no one there.
#[tokio::test]
async fn the_callbacks_own_listener_ignores_x_forwarded_for() {
    let mut config = cec(tokens(), tom());
    config.http.callback.callers = Some(networks(&["198.51.100.0/24"]));
    config.http.listen.gateways = networks(&["127.0.0.1"]);
    let mut app = support::app(config, Vendor::saying(GOOD));
    app.validate_apart = true;
    let (pages, question_only) = (router(&app), validate_router(&app).unwrap());
    let body = question(&token(&pages).await);
    let forwarded = from(&question_only, "127.0.0.1", Some("198.51.100.7"), body.clone()).await;
    assert_eq!(forwarded.text, INVALID);
    let itself = from(&question_only, "198.51.100.7", Some("203.0.113.9"), body).await;
    assert_eq!(itself.text, VALID);
}

#[tokio::test]
async fn a_listed_caller_is_accepted_directly_and_through_a_gateway() {
    let app = listed();
    for (peer, forwarded) in [
        ("198.51.100.255", None),
        ("::ffff:198.51.100.1", None),
        ("2001:db8::7", None),
        ("127.0.0.1", Some("198.51.100.7")),
        ("127.0.0.1", Some("203.0.113.9, 198.51.100.7")),
    ] {
        let token = token(&app).await;
        let answer = from(&app, peer, forwarded, question(&token)).await;
        assert_eq!(answer.text, VALID, "{peer} {forwarded:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn one_address_asks_so_often_and_others_are_not_held_up() {
    let app = app(|config| config.http.callback.rate = Rate::parse("5/s").ok());
    let mine = token(&app).await;
    for _ in 0..5 {
        let answer = from(&app, "203.0.113.9", None, question("x")).await;
        assert_eq!(answer.text, INVALID);
    }
    for body in [question("x"), question(&mine[1..]), "x".repeat(500)] {
        let answer = from(&app, "203.0.113.9", None, body).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(answer.header("retry-after"), "1");
        assert!(answer.problem().remedy.contains("callback.rate"));
    }
    // CEC asks about what strangers invent too: a valid token is neither counted nor held up; a used one is.
    assert_eq!(from(&app, "203.0.113.9", None, question(&mine)).await.text, VALID);
    assert_eq!(from(&app, "203.0.113.9", None, question(&mine)).await.status, 429);
    tokio::time::advance(Duration::from_millis(200)).await;
    assert_eq!(from(&app, "203.0.113.9", None, question("x")).await.text, INVALID);
    assert_eq!(from(&app, "203.0.113.9", None, question("x")).await.status, 429);
    // The addresses of one IPv6 /64 share a bucket.
    for number in 0..5 {
        let answer = from(&app, &format!("2001:db8::{number}"), None, question("x")).await;
        assert_eq!(answer.status, 200);
    }
    assert_eq!(from(&app, "2001:db8::ffff", None, question("x")).await.status, 429);
    assert_eq!(from(&app, "2001:db8:0:1::1", None, question("x")).await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_never_ends_is_given_up_and_spends_nothing() {
    let app = app(|_| {});
    let token = token(&app).await;
    let (mut sender, body) = http_body_util::channel::Channel::<axum::body::Bytes>::new(1);
    let whole = question(&token);
    sender.send_data(whole.clone().into()).await.unwrap();
    let answer = from(&app, "198.51.100.7", None, Body::new(body)).await;
    assert_eq!(answer.status, StatusCode::REQUEST_TIMEOUT);
    answer.problem();
    drop(sender);
    assert_eq!(from(&app, "198.51.100.7", None, whole).await.text, VALID);
}

#[tokio::test(start_paused = true)]
async fn listed_callers_have_no_rate() {
    let app = app(|config| {
        config.http.callback.rate = Rate::parse("5/s").ok();
        config.http.callback.callers = Some(networks(&["198.51.100.0/24"]));
    });
    for _ in 0..50 {
        let token = token(&app).await;
        assert_eq!(from(&app, "198.51.100.7", None, question(&token)).await.text, VALID);
    }
}
