//! Which pages may ask, and what every answer carries.

use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use calldock_server::http::browser::BrowserPolicy;
use calldock_server::http::router;
use calldock_server::http::settings::usual_listen;
use calldock_server::tccc::Transport;
use calldock_server::tccc::transport::{Call, Sending};

use crate::support::{
    self, GOOD, LOGIN, Vendor, ask, come_from, public, request, server, settings,
};

fn app(allowed_origins: &[&str]) -> Router {
    let mut config = settings();
    config.http.browser = BrowserPolicy {
        allowed_origins: allowed_origins.iter().map(|origin| (*origin).to_owned()).collect(),
        ..BrowserPolicy::default()
    };
    server(config, Vendor::saying(GOOD))
}

const CRM: &str = "https://crm.example.com";

#[tokio::test]
async fn a_page_of_another_site_is_refused_before_the_vendor_is_asked() {
    let vendor = Vendor::saying(GOOD);
    let app = server(settings(), vendor.clone());
    let table: [&[(&str, &str)]; 6] = [
        &[("sec-fetch-site", "cross-site"), ("origin", CRM)],
        &[("sec-fetch-site", "same-site"), ("origin", CRM)],
        &[("sec-fetch-site", "cross-site")],
        &[("origin", CRM), ("host", "calldock.example.com")],
        &[("origin", "null"), ("host", "calldock.example.com")],
        &[("origin", CRM)],
    ];
    for headers in table {
        let answer = ask(&app, request("POST", LOGIN, headers)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{headers:?}");
        assert_eq!(answer.problem().code, "ORIGIN_REFUSED");
        assert!(answer.problem().remedy.contains("browser.allowed_origins"));
        assert_eq!(answer.header("access-control-allow-origin"), "");
        assert!(!answer.text.contains("crm.example.com"), "no page's name is repeated");
    }
    assert!(vendor.seen().is_empty());
}

#[tokio::test]
async fn a_page_of_the_same_origin_is_let_in_without_cors() {
    let table: [&[(&str, &str)]; 3] = [
        &[("sec-fetch-site", "same-origin"), ("origin", CRM), ("host", "crm.example.com")],
        &[("origin", CRM), ("host", "crm.example.com")],
        &[("host", "crm.example.com")],
    ];
    let mut config = settings();
    public(&mut config, &[CRM]);
    let app = server(config, Vendor::saying(GOOD));
    for headers in table {
        let answer = ask(&app, request("POST", LOGIN, headers)).await;
        assert_eq!(answer.status, StatusCode::OK, "{headers:?}");
        assert_eq!(answer.header("access-control-allow-origin"), "");
    }
}

#[tokio::test]
async fn only_a_script_may_ask() {
    let table: [(&[(&str, &str)], StatusCode); 8] = [
        (&[("sec-fetch-mode", "cors"), ("sec-fetch-dest", "empty")], StatusCode::OK),
        (&[("sec-fetch-mode", "same-origin"), ("sec-fetch-dest", "empty")], StatusCode::OK),
        (&[("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")], StatusCode::FORBIDDEN),
        (&[("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe")], StatusCode::FORBIDDEN),
        (&[("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "image")], StatusCode::FORBIDDEN),
        (&[("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "empty")], StatusCode::FORBIDDEN),
        (&[("sec-fetch-mode", "cors"), ("sec-fetch-dest", "script")], StatusCode::FORBIDDEN),
        (&[("sec-fetch-mode", "websocket")], StatusCode::FORBIDDEN),
    ];
    for (mode, status) in table {
        let headers = [&[("sec-fetch-site", "same-origin")], mode].concat();
        let answer = ask(&app(&[]), request("POST", LOGIN, &headers)).await;
        assert_eq!(answer.status, status, "{headers:?}");
        if status != StatusCode::OK {
            assert_eq!(answer.problem().code, "ORIGIN_REFUSED");
        }
    }
}

#[tokio::test]
async fn a_listed_origin_may_ask_and_read() {
    let from_crm = [("sec-fetch-site", "cross-site"), ("origin", CRM)];
    let answer = ask(&app(&[CRM]), request("POST", LOGIN, &from_crm)).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("access-control-allow-origin"), CRM);
    assert_eq!(answer.header("access-control-allow-credentials"), "true");
    assert!(answer.header("vary").contains("origin"));
}

#[tokio::test]
async fn a_listed_origin_may_read_failures_too() {
    let mut config = settings();
    config.http.browser.allowed_origins = vec![CRM.into()];
    let app = server(config, Vendor::refusing("RequestLimitExceeded"));
    let answer = ask(&app, request("POST", LOGIN, &[("origin", CRM)])).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.header("access-control-allow-origin"), CRM);
    assert_eq!(answer.header("access-control-expose-headers"), "retry-after, x-request-id");
}

#[tokio::test]
async fn only_a_listed_origin_is_answered_a_preflight() {
    let preflight = |origin| {
        let headers = [
            ("origin", origin),
            ("sec-fetch-site", "cross-site"),
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", "content-type"),
        ];
        request("OPTIONS", LOGIN, &headers)
    };
    let answer = ask(&app(&[CRM]), preflight(CRM)).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!(answer.header("access-control-allow-origin"), CRM);
    assert_eq!(answer.header("access-control-allow-methods"), "GET, POST, PUT, PATCH, DELETE");
    let expected = "authorization, content-type, x-calldock-ticket";
    assert_eq!(answer.header("access-control-allow-headers"), expected);
    let answer = ask(&app(&[CRM]), preflight("https://evil.example.com")).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(answer.header("access-control-allow-origin"), "");
    answer.problem();
}

#[tokio::test]
async fn a_login_is_asked_for_by_post_only() {
    for method in ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"] {
        let answer = ask(&app(&[]), request(method, LOGIN, &[])).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
        assert_eq!(answer.header("allow"), "POST");
        assert_eq!(answer.problem().code, "INVALID_OPTION");
    }
    // HTTP gives an answer to HEAD no body.
    let answer = ask(&app(&[]), request("HEAD", LOGIN, &[])).await;
    assert_eq!((answer.status.as_u16(), answer.text.as_str()), (405, ""));
}

#[tokio::test]
async fn an_unknown_path_is_a_problem_in_the_callers_language() {
    let answer = ask(&app(&[]), request("GET", "/nothing", &[("accept-language", "zh")])).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.problem().remedy.contains("请求"));
    assert!(answer.header("vary").contains("accept-language"));
    for path in ["/", "/calldock/v1/tccc/login/", "/calldock/v1/tccc", "/demo.json", "//healthz"] {
        let answer = ask(&app(&[]), request("POST", path, &[])).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        answer.problem();
    }
}

#[tokio::test]
async fn health_is_told_to_anyone() {
    let answer = ask(&app(&[]), request("GET", "/healthz", &[("sec-fetch-site", "none")])).await;
    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::OK, r#"{"status":"ok"}"#));
    let answer = ask(&app(&[]), request("POST", "/healthz", &[])).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    answer.problem();
}

#[tokio::test]
async fn every_answer_carries_the_headers_that_keep_it_where_it_belongs() {
    for (method, path) in
        [("POST", LOGIN), ("GET", LOGIN), ("GET", "/healthz"), ("GET", "/nothing")]
    {
        let answer = ask(&app(&[]), request(method, path, &[])).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        let policy = "default-src 'none'; frame-ancestors 'none'";
        assert_eq!(answer.header("content-security-policy"), policy, "{path}");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
}

/// A vendor's client with a mistake.
struct Panicking;

impl Transport for Panicking {
    fn send(&self, _: Call) -> Sending<'_> {
        panic!("what nobody should read")
    }
}

#[tokio::test]
async fn a_panic_is_an_internal_problem_without_its_text() {
    let app = server(settings(), Arc::new(Panicking));
    let answer = ask(&app, request("POST", LOGIN, &[])).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(answer.problem().code, "INTERNAL");
    assert!(!answer.text.contains("nobody"));
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
}

/// Hole 15: what an unknown caller writes into `Host` was taken for the server's own origin.
#[tokio::test]
async fn a_host_that_an_unknown_caller_wrote_makes_no_page_the_servers_own() {
    let written = [("origin", "https://evil.example"), ("host", "evil.example")];
    let rebound = [written[0], written[1], ("sec-fetch-site", "same-origin")];
    let own = [("origin", CRM), ("host", "internal:8700")];
    let ask_as = async |origins: &[&str], headers: &[(&str, &str)]| {
        let mut config = settings();
        public(&mut config, origins);
        let app = server(config, Vendor::saying(GOOD));
        let mut request = request("POST", LOGIN, headers);
        come_from(&mut request, "203.0.113.9");
        ask(&app, request).await.status
    };
    assert_eq!(ask_as(&[], &written).await, StatusCode::FORBIDDEN);
    assert_eq!(ask_as(&[], &own).await, StatusCode::FORBIDDEN);
    assert_eq!(ask_as(&[CRM], &written).await, StatusCode::FORBIDDEN);
    assert_eq!(ask_as(&[CRM], &rebound).await, StatusCode::FORBIDDEN);
    assert_eq!(ask_as(&[CRM], &own).await, StatusCode::OK);
}

#[tokio::test]
async fn a_listed_page_reads_that_the_server_is_busy_or_has_failed() {
    let config = |origins: &[&str]| {
        let mut config = settings();
        config.http.browser.allowed_origins = origins.iter().map(|of| (*of).to_owned()).collect();
        config
    };
    let headers = [("sec-fetch-site", "cross-site"), ("origin", CRM)];
    let app = support::app(config(&[CRM]), Arc::new(Panicking));
    let routes = router(&app);
    let failed = ask(&routes, request("POST", LOGIN, &headers)).await;
    let total = usual_listen().connections.total;
    let addresses = (0..total / 2).map(|_| IpAddr::from([127, 0, 0, 9]));
    let _held: Vec<_> = addresses.map(|of| app.requests[0].take(Some(of)).unwrap()).collect();
    let busy = ask(&routes, request("POST", LOGIN, &headers)).await;
    for (answer, status) in [(failed, 500), (busy, 503)] {
        assert_eq!(answer.status.as_u16(), status);
        assert_eq!(answer.header("access-control-allow-origin"), CRM, "{status}");
        answer.problem();
    }
    // Health responds while the server is busy.
    for path in ["/healthz", "/readyz"] {
        assert_eq!(ask(&routes, request("GET", path, &[])).await.status, 200);
    }
}
