//! Health, readiness, metrics and request ids.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::Request;
use calldock_server::caller::{Gateways, network};
use calldock_server::observe::{Readiness, listener, metrics};
use calldock_server::{App, router};
use metrics_exporter_prometheus::PrometheusRecorder;
use serde_json::json;

use crate::support::{
    CEC_LOGIN, GOOD, LOGIN, Vendor, ask, cec, login, post, request, server, settings, tokens, tom,
};

/// Counts what this test's thread does; every test has one of its own.
fn counting() -> (PrometheusRecorder, metrics_exporter_prometheus::PrometheusHandle) {
    let recorder = metrics::recorder().unwrap();
    let handle = recorder.handle();
    (recorder, handle)
}

fn operators(readiness: Readiness) -> Router {
    listener::router(readiness, counting().1)
}

#[tokio::test]
async fn readiness_says_what_failed_to_the_operator_only() {
    let mut app = App::new(settings(), Vendor::saying(GOOD), None).unwrap();
    app.readiness.add("jwks", || async { false });
    let operators = operators(app.readiness.clone());
    let public = router(app);
    let answer = ask(&operators, request("GET", "/readyz", &[])).await;
    assert_eq!(answer.status, 503);
    let checks = json!({"configuration": "ok", "running": "ok", "store": "ok", "jwks": "failed"});
    assert_eq!(answer.json(), json!({"status": "unready", "checks": checks}));
    let answer = ask(&public, request("GET", "/readyz", &[])).await;
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (503, "5"));
    assert!(!answer.text.contains("jwks"), "{}", answer.text);
    answer.problem();
}

#[tokio::test]
async fn who_is_stopping_is_well_but_not_ready() {
    let app = App::new(settings(), Vendor::saying(GOOD), None).unwrap();
    let readiness = app.readiness.clone();
    let (operators, public) = (operators(readiness.clone()), router(app));
    for (ready, healthy) in [(200, 200), (503, 200)] {
        for app in [&operators, &public] {
            assert_eq!(ask(app, request("GET", "/readyz", &[])).await.status, ready);
            assert_eq!(ask(app, request("GET", "/healthz", &[])).await.status, healthy);
        }
        readiness.stop();
    }
}

#[tokio::test]
async fn metrics_are_for_the_operator_only() {
    let app = server(settings(), Vendor::saying(GOOD));
    for path in ["/metrics", "/openapi.json"] {
        assert_eq!(ask(&app, request("GET", path, &[])).await.status, 404, "{path}");
    }
    let answer = ask(&operators(Readiness::default()), request("GET", "/metrics", &[])).await;
    assert_eq!(answer.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
}

#[tokio::test]
async fn requests_are_counted_by_the_template_of_their_route() {
    let (recorder, handle) = counting();
    let _counting = ::metrics::set_default_local_recorder(&recorder);
    let app = server(cec(tokens(), tom()), Vendor::saying(GOOD));
    login(&app).await;
    ask(&app, request("POST", "/nothing/13800138000?phone=13800138000", &[])).await;
    ask(&app, request("AGENT-13800138000", "/healthz", &[])).await;
    ask(&app, request("POST", CEC_LOGIN, &[])).await;
    ask(&app, post(calldock_server::config::VALIDATE, "{}")).await;
    let text = handle.render();
    for series in [
        "http_requests_total{route=\"/calldock/v1/tccc/login\",method=\"POST\",status=\"200\"} 1",
        "http_requests_total{route=\"unmatched\",method=\"POST\",status=\"404\"} 1",
        "http_requests_total{route=\"/healthz\",method=\"other\",status=\"405\"} 1",
        "http_request_duration_seconds_count{route=\"/calldock/v1/tccc/login\"} 1",
        "http_requests_in_flight 0",
        "vendor_calls_total{action=\"CreateSDKLoginToken\",outcome=\"ok\"} 1",
        "vendor_queue_depth 0",
        "cec_tokens_minted_total 1",
        "cec_validations_total{verdict=\"invalid\"} 1",
    ] {
        assert!(text.contains(series), "{series}\n{text}");
    }
    assert!(!text.contains("13800138000"), "{text}");
}

#[tokio::test]
async fn a_caller_that_leaves_is_counted_as_gone() {
    let (recorder, handle) = counting();
    let _counting = ::metrics::set_default_local_recorder(&recorder);
    let app = server(settings(), Vendor::saying(GOOD));
    let body = axum::body::Body::from_stream(futures_never());
    let asking = ask(&app, Request::post(LOGIN).body(body).unwrap());
    let left = tokio::time::timeout(std::time::Duration::from_millis(1), asking).await;
    assert!(left.is_err());
    let text = handle.render();
    assert!(text.contains("status=\"aborted\"} 1"), "{text}");
    assert!(text.contains("http_requests_in_flight 0"), "{text}");
}

/// A body whose sender stays silent.
fn futures_never()
-> http_body_util::BodyDataStream<http_body_util::channel::Channel<axum::body::Bytes>> {
    let (sender, body) = http_body_util::channel::Channel::new(1);
    std::mem::forget(sender);
    http_body_util::BodyDataStream::new(body)
}

fn named(peer: &str, id: &str) -> Request<axum::body::Body> {
    let mut request = request("GET", "/healthz", &[("x-request-id", id)]);
    let peer: SocketAddr = peer.parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(peer));
    request
}

#[tokio::test]
async fn a_gateway_names_requests_and_nobody_else_does() {
    let mut config = settings();
    config.gateways = Gateways::new([network("10.0.0.0/8").unwrap()]);
    let app = server(config, Vendor::saying(GOOD));
    let given = ask(&app, named("10.0.0.1:1", "gw-7.A_1")).await;
    assert_eq!(given.header("x-request-id"), "gw-7.A_1");
    for (peer, id) in
        [("203.0.113.1:1", "gw-7.A_1"), ("10.0.0.1:1", "agent@example.com"), ("10.0.0.1:1", "a b")]
    {
        let own = ask(&app, named(peer, id)).await;
        let own = own.header("x-request-id");
        assert_eq!(own.len(), 32, "{own}");
        assert!(own.bytes().all(|byte| byte.is_ascii_hexdigit()));
    }
    let failed = ask(&app, request("GET", "/nothing", &[])).await;
    assert_eq!((failed.status.as_u16(), failed.header("x-request-id").len()), (404, 32));
}
