//! How often one address and one person may ask.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use calldock_server::caller::{Gateways, network};
use calldock_server::config::Config;
use calldock_server::limits::{LimitsConfig, Rate};

use crate::support::{
    Answer, CEC_LOGIN, GOOD, LOGIN, Vendor, ask, cec, come_from, guests, request, server, settings,
    signing,
};

fn limited(mut config: Config, address: &str, identity: &str) -> Router {
    let rate = |text| Rate::parse(text).ok();
    config.limits = LimitsConfig { per_address: rate(address), per_identity: rate(identity) };
    config.gateways = Gateways::new([network("10.0.0.0/8").unwrap()]);
    server(config, Vendor::saying(GOOD))
}

fn from(peer: &str, forwarded: Option<&str>, path: &str) -> Request<Body> {
    let mut request = request("POST", path, &[]);
    come_from(&mut request, peer);
    if let Some(forwarded) = forwarded {
        request.headers_mut().insert("x-forwarded-for", forwarded.parse().unwrap());
    }
    request
}

fn assert_too_often(answer: &Answer, least: u32, most: u32) {
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{}", answer.text);
    assert_eq!(answer.problem().code, "LOGIN_FAILED");
    let seconds: u32 = answer.header("retry-after").parse().unwrap();
    assert!((least..=most).contains(&seconds), "{seconds}");
}

#[tokio::test(start_paused = true)]
async fn an_address_that_asks_too_often_is_told_when_to_come_back() {
    let app = limited(settings(), "2/m", "off");
    for _ in 0..2 {
        assert_eq!(ask(&app, from("203.0.113.9", None, LOGIN)).await.status, StatusCode::OK);
    }
    let refused = ask(&app, from("203.0.113.9", None, LOGIN)).await;
    assert_too_often(&refused, 30, 30);
    assert!(!refused.text.contains("203.0.113.9"));
    assert_eq!(ask(&app, from("203.0.113.10", None, LOGIN)).await.status, StatusCode::OK);
    tokio::time::advance(std::time::Duration::from_secs(30)).await;
    assert_eq!(ask(&app, from("203.0.113.9", None, LOGIN)).await.status, StatusCode::OK);
}

#[tokio::test(start_paused = true)]
async fn a_strangers_word_about_its_address_changes_nothing() {
    let app = limited(settings(), "2/m", "off");
    for number in 0..2 {
        let forged = format!("198.51.100.{number}");
        assert_eq!(
            ask(&app, from("203.0.113.9", Some(&forged), LOGIN)).await.status,
            StatusCode::OK
        );
    }
    assert_too_often(&ask(&app, from("203.0.113.9", Some("198.51.100.9"), LOGIN)).await, 1, 60);
    // Through the gateway it is the same caller, whatever it writes before the gateway's word.
    let forged = "198.51.100.7, 203.0.113.9";
    assert_too_often(&ask(&app, from("10.0.0.1", Some(forged), LOGIN)).await, 1, 60);
    let another = ask(&app, from("10.0.0.1", Some("203.0.113.10"), LOGIN)).await;
    assert_eq!(another.status, StatusCode::OK, "the gateway itself is not counted");
}

#[tokio::test(start_paused = true)]
async fn a_network_of_ipv6_is_one_caller() {
    let app = limited(settings(), "1/m", "off");
    assert_eq!(ask(&app, from("2001:db8::1", None, LOGIN)).await.status, StatusCode::OK);
    assert_too_often(&ask(&app, from("2001:db8::2:9", None, LOGIN)).await, 1, 60);
    assert_eq!(ask(&app, from("2001:db8:0:1::1", None, LOGIN)).await.status, StatusCode::OK);
}

#[tokio::test(start_paused = true)]
async fn a_person_is_counted_wherever_it_comes_from() {
    let app = limited(cec(signing(), guests()), "off", "2/m");
    let first = ask(&app, from("203.0.113.1", None, CEC_LOGIN)).await;
    let cookie = first.header("set-cookie").split(';').next().unwrap().to_owned();
    let again = |peer: &str| {
        let mut request = from(peer, None, CEC_LOGIN);
        request.headers_mut().insert("cookie", cookie.parse().unwrap());
        request
    };
    assert_eq!(ask(&app, again("203.0.113.2")).await.status, StatusCode::OK);
    assert_too_often(&ask(&app, again("203.0.113.3")).await, 1, 60);
    let other = ask(&app, from("203.0.113.3", None, CEC_LOGIN)).await;
    assert_eq!(other.status, StatusCode::OK, "another guest");
}

#[tokio::test(start_paused = true)]
async fn a_fixed_person_stands_for_many_and_is_not_counted() {
    let app = limited(settings(), "off", "1/m");
    for _ in 0..3 {
        assert_eq!(ask(&app, from("203.0.113.9", None, LOGIN)).await.status, StatusCode::OK);
    }
}

#[tokio::test(start_paused = true)]
async fn a_listed_page_may_read_when_to_come_back_and_others_are_not_counted() {
    let mut config = settings();
    config.browser.allowed_origins = vec!["https://crm.example.com".into()];
    let app = limited(config, "1/m", "off");
    let of = |origin: &'static str| {
        let mut request = from("203.0.113.9", None, LOGIN);
        request.headers_mut().insert("origin", origin.parse().unwrap());
        request
    };
    let evil = ask(&app, of("https://evil.example")).await;
    assert_eq!(evil.status, StatusCode::FORBIDDEN);
    assert_eq!(ask(&app, of("https://crm.example.com")).await.status, StatusCode::OK);
    let refused = ask(&app, of("https://crm.example.com")).await;
    assert_too_often(&refused, 1, 60);
    assert_eq!(refused.header("access-control-allow-origin"), "https://crm.example.com");
    assert_eq!(refused.header("access-control-expose-headers"), "retry-after");
}

#[tokio::test]
async fn a_request_from_nowhere_is_refused() {
    use tower::ServiceExt;
    let app = limited(settings(), "off", "off");
    let response = app.oneshot(request("POST", LOGIN, &[])).await.unwrap();
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
}
