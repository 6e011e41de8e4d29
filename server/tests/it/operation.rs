//! Health, readiness, metrics and request ids.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::Request;
use calldock_server::cec::settings::VALIDATE;
use calldock_server::config::Config;
use calldock_server::http::{operator, router};
use calldock_server::identity::gateway::header::Sender;
use calldock_server::identity::gateway::{HeaderSettings, NameEncoding};
use calldock_server::identity::{AgentSettings, AuthenticatorSettings, VisitorSettings};
use calldock_server::observe::audit::Target;
use calldock_server::observe::{Readiness, metrics};
use calldock_server::store::StoreSettings;
use calldock_service::{Gateways, network};
use metrics_exporter_prometheus::PrometheusRecorder;
use serde_json::json;

use crate::identity::provider::Provider;
use crate::support::{
    self, CEC_LOGIN, GOOD, LOGIN, Vendor, ask, cec, login, post, request, server, settings, tokens,
    tom,
};

/// Counts for this thread only; every test has its own recorder.
fn counting() -> (PrometheusRecorder, metrics_exporter_prometheus::PrometheusHandle) {
    let recorder = metrics::recorder().unwrap();
    let handle = recorder.handle();
    (recorder, handle)
}

fn operators(readiness: Readiness) -> Router {
    operator::router(readiness, counting().1, || {})
}

#[tokio::test]
async fn the_failed_check_is_shown_to_the_operator_only() {
    let mut app = support::app(settings(), Vendor::saying(GOOD));
    app.readiness.add("jwks", true, || async { false });
    let operators = operators(app.readiness.clone());
    let public = router(&app);
    let answer = ask(&operators, request("GET", "/readyz", &[])).await;
    assert_eq!(answer.status, 503);
    let checks = json!({"configuration": "ok", "running": "ok", "store": "ok", "jwks": "failed"});
    assert_eq!(answer.json(), json!({"status": "unready", "checks": checks}));
    let answer = ask(&public, request("GET", "/readyz", &[])).await;
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (503, "5"));
    assert!(!answer.text.contains("jwks"), "{}", answer.text);
    answer.problem();
}

/// Each kind is a check of its own: none hides another's failure.
#[tokio::test]
async fn every_authenticator_is_a_check_by_the_name_of_its_kind() {
    let provider = Provider::publishing(&[]).await;
    provider.fail();
    let jwt = AuthenticatorSettings::Jwt(provider.config());
    let gateway = AuthenticatorSettings::Header(HeaderSettings {
        header: "x-remote-user".parse().unwrap(),
        name_header: None,
        name_encoding: NameEncoding::Plain,
        sender: Sender::ListenGateways,
        secret: None,
    });
    let agents = AgentSettings::By(gateway);
    let visitors = VisitorSettings::By { authenticator: jwt, name: "Customer".into() };
    let config = Config { agents: Some(agents), ..cec(tokens(), visitors) };
    let app = support::app(config, Vendor::saying(GOOD));
    let answer = ask(&operators(app.readiness), request("GET", "/readyz", &[])).await;
    assert_eq!(answer.status, 503);
    let checks = &answer.json()["checks"];
    assert_eq!((&checks["jwt"], &checks["gateway"]), (&json!("failed"), &json!("ok")), "{checks}");
}

/// Redis fails for all instances at once: were they all taken out, none would be left for its share.
#[tokio::test]
async fn a_store_that_cannot_be_reached_is_shown_and_takes_no_instance_out() {
    let mut config = settings();
    config.store = StoreSettings::Redis(Box::new(support::unreachable_redis()));
    let app = support::app(config, Vendor::saying(GOOD));
    let operator = ask(&operators(app.readiness.clone()), request("GET", "/readyz", &[])).await;
    let checks = json!({"configuration": "ok", "running": "ok", "store": "failed"});
    assert_eq!(operator.json(), json!({"status": "ok", "checks": checks}));
    let public = ask(&router(&app), request("GET", "/readyz", &[])).await;
    assert_eq!((operator.status.as_u16(), public.status.as_u16()), (200, 200));
}

#[tokio::test]
async fn a_stopping_server_is_healthy_but_not_ready() {
    let app = support::app(settings(), Vendor::saying(GOOD));
    let readiness = app.readiness.clone();
    let (operators, public) = (operators(readiness.clone()), router(&app));
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
async fn a_login_that_is_not_passed_on_is_counted_as_unusable() {
    let (recorder, handle) = counting();
    let _counting = ::metrics::set_default_local_recorder(&recorder);
    let plain = GOOD.replace("https://tccc", "http://tccc");
    assert_eq!(login(&server(settings(), Vendor::saying(&plain))).await.status, 502);
    let text = handle.render();
    let calls = "calldock_vendor_calls_total{action=\"CreateSDKLoginToken\",outcome=";
    assert!(text.contains(&format!("{calls}\"unusable\"}} 1")), "{text}");
    assert!(!text.contains(&format!("{calls}\"ok\"}}")), "{text}");
}

#[tokio::test]
async fn every_failed_operation_of_redis_is_counted() {
    let (recorder, handle) = counting();
    let _counting = ::metrics::set_default_local_recorder(&recorder);
    // Bound, and nobody listens.
    let nobody = tokio::net::TcpSocket::new_v4().unwrap();
    nobody.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let url = format!("redis://{}", nobody.local_addr().unwrap());
    let text =
        "[key]\nsecret = \"0123456789abcdef0123456789abcdef0123456789\"\n[store]\nkind = \"redis\"";
    let config = crate::config::load(
        &format!("{}\n{text}", crate::config::WHOLE),
        &[("CALLDOCK_STORE_URL", &url)],
    );
    let store = calldock_server::store::Store::open(&config.unwrap().store);
    assert!(store.ready().await.is_err());
    assert!(store.is_ticket_spent(&[0; 32]).await.is_err());
    let text = handle.render();
    assert!(text.contains("calldock_store_errors_total 2"), "{text}");
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
    ask(&app, post(VALIDATE, "{}")).await;
    let text = handle.render();
    for series in [
        "calldock_http_requests_total{route=\"/calldock/v1/tccc/login\",method=\"POST\",status=\"200\"} 1",
        "calldock_http_requests_total{route=\"unmatched\",method=\"POST\",status=\"404\"} 1",
        "calldock_http_requests_total{route=\"/healthz\",method=\"other\",status=\"405\"} 1",
        "calldock_http_request_duration_seconds_count{route=\"/calldock/v1/tccc/login\"} 1",
        "calldock_http_requests_in_flight 0",
        "calldock_vendor_calls_total{action=\"CreateSDKLoginToken\",outcome=\"ok\"} 1",
        "calldock_vendor_call_duration_seconds_count{action=\"CreateSDKLoginToken\"} 1",
        "calldock_queue_wait_seconds_count{budget=\"CreateSDKLoginToken\"} 1",
        "calldock_queue_wait_seconds_count{budget=\"cec\"} 1",
        "calldock_cec_tokens_minted_total 1",
        "calldock_cec_validations_total{verdict=\"invalid\"} 1",
    ] {
        assert!(text.contains(series), "{series}\n{text}");
    }
    assert!(!text.contains("13800138000"), "{text}");
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        assert!(line.starts_with("calldock_"), "{line}");
    }
}

#[tokio::test]
async fn a_token_that_the_audit_refuses_is_not_counted() {
    let (recorder, handle) = counting();
    let _counting = ::metrics::set_default_local_recorder(&recorder);
    let mut config = cec(tokens(), tom());
    // Takes no line, so that they fill the queue.
    config.audit.target = Target::File("/dev/full".into());
    let app = server(config, Vendor::saying(GOOD));
    let mut granted = 0;
    let refused = loop {
        let response = ask(&app, request("POST", CEC_LOGIN, &[])).await;
        if response.status.as_u16() != 200 || granted > 10_000 {
            break response;
        }
        granted += 1;
    };
    assert_eq!(refused.status.as_u16(), 503, "{}", refused.text);
    assert!(refused.text.contains("audit"), "{}", refused.text);
    let text = handle.render();
    assert!(text.contains(&format!("calldock_cec_tokens_minted_total {granted}\n")), "{text}");
}

#[tokio::test]
async fn a_client_that_disconnects_first_is_counted_as_aborted() {
    let (recorder, handle) = counting();
    let _counting = ::metrics::set_default_local_recorder(&recorder);
    let app = server(settings(), Vendor::saying(GOOD));
    let body = axum::body::Body::from_stream(futures_never());
    let asking = ask(&app, Request::post(LOGIN).body(body).unwrap());
    let left = tokio::time::timeout(std::time::Duration::from_millis(1), asking).await;
    assert!(left.is_err());
    let text = handle.render();
    assert!(text.contains("status=\"aborted\"} 1"), "{text}");
    assert!(text.contains("calldock_http_requests_in_flight 0"), "{text}");
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
async fn only_a_gateway_may_set_the_request_id() {
    let mut config = settings();
    config.http.listen.gateways = Gateways::new([network("10.0.0.0/8").unwrap()]);
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
