//! CEC's domain under ours, over real sockets.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use calldock_server::address::PlainHttp;
use calldock_server::caller::{self, Gateways};
use calldock_server::config::{Config, HostHeader, ProxyConfig};
use calldock_server::guard::BrowserPolicy;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use crate::support::{GOOD, Vendor, ask, cec, guests, request, server, signing};

pub const TIMEOUT: Duration = Duration::from_millis(500);

/// CEC, on a port of its own; it ends with the test's runtime.
pub async fn listen(routes: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = routes.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
    address
}

pub fn proxied(cec_at: SocketAddr, change: impl FnOnce(&mut Config)) -> Router {
    server(config_for(cec_at, change), Vendor::saying(GOOD))
}

pub fn config_for(cec_at: SocketAddr, change: impl FnOnce(&mut Config)) -> Config {
    let mut config = cec(signing(), guests());
    config.cec.as_mut().unwrap().proxy = Some(ProxyConfig {
        timeout: TIMEOUT,
        private_cookies: vec!["JSESSIONID".into()],
        plain_http: PlainHttp::OnLoopback,
        ..ProxyConfig::to(format!("http://{cec_at}/").parse().unwrap())
    });
    change(&mut config);
    config
}

pub fn proxy_of(config: &mut Config) -> &mut ProxyConfig {
    config.cec.as_mut().unwrap().proxy.as_mut().unwrap()
}

/// Answers what it saw.
async fn echo(request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let headers: Vec<_> = parts
        .headers
        .iter()
        .map(|(name, value)| json!([name.as_str(), String::from_utf8_lossy(value.as_bytes())]))
        .collect();
    let seen = json!({
        "method": parts.method.as_str(),
        "uri": parts.uri.to_string(),
        "headers": headers,
        "body": String::from_utf8_lossy(&body),
    });
    seen.to_string().into_response()
}

fn echoing() -> Router {
    Router::new().fallback(any(echo))
}

/// Sends a text as it stands and reads all that comes back. `{host}` is the server's own address.
pub async fn raw(at: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(at).await.unwrap();
    let request = request.replace("{host}", &at.to_string()).replace('\n', "\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let reading = stream.read_to_end(&mut answer);
    // Whether it ended well is for the test to see.
    let _ = tokio::time::timeout(Duration::from_secs(5), reading).await.expect("an end");
    String::from_utf8_lossy(&answer).into_owned()
}

fn seen(answer: &str) -> Value {
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
}

fn all<'a>(seen: &'a Value, name: &str) -> Vec<&'a str> {
    let headers = seen["headers"].as_array().unwrap().iter();
    headers.filter(|pair| pair[0] == name).map(|pair| pair[1].as_str().unwrap()).collect()
}

/// The values of a header of a raw answer.
pub fn headers<'a>(answer: &'a str, name: &str) -> Vec<&'a str> {
    let head = answer.split_once("\r\n\r\n").unwrap().0;
    let pairs = head.lines().filter_map(|line| line.split_once(": "));
    pairs.filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value).collect()
}

#[tokio::test]
async fn a_path_of_nobodys_is_answered_in_words_with_a_proxy_as_without() {
    let proxied = proxied("127.0.0.1:9".parse().unwrap(), |_| {});
    for app in [proxied, server(cec(signing(), guests()), Vendor::saying(GOOD))] {
        let answer = ask(&app, request("POST", "/calldock/v1/nowhere", &[])).await;
        assert_eq!(answer.status, 404);
        assert_eq!(answer.problem().code, "INVALID_OPTION");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
}

#[tokio::test]
async fn a_request_arrives_as_it_was_sent() {
    let cec_at = listen(echoing()).await;
    let at = listen(proxied(cec_at, |_| {})).await;
    let answer = raw(
        at,
        "POST /service-cloud/webclient/a.js?&t=1595993533588 HTTP/1.1\nHost: {host}\nConnection: close\nContent-Type: application/x-www-form-urlencoded; charset=UTF-8\nContent-Length: 12\nUser-Agent: a browser\nX-Own: 1\n\n{\"a\":\"\u{5f20}\"}x",
    )
    .await;
    let seen = seen(&answer);
    assert_eq!(seen["method"], "POST");
    assert_eq!(seen["uri"], "/service-cloud/webclient/a.js?&t=1595993533588");
    assert_eq!(seen["body"], "{\"a\":\"\u{5f20}\"}x");
    assert_eq!(all(&seen, "content-type"), ["application/x-www-form-urlencoded; charset=UTF-8"]);
    assert_eq!(all(&seen, "content-length"), ["12"]);
    assert_eq!(all(&seen, "user-agent"), ["a browser"]);
    assert_eq!(all(&seen, "x-own"), ["1"]);
    assert_eq!(all(&seen, "host"), [cec_at.to_string()]);
    assert_eq!(all(&seen, "transfer-encoding"), Vec::<&str>::new());
}

#[tokio::test]
async fn every_method_goes_on_but_those_that_speak_to_proxies() {
    let at = listen(proxied(listen(echoing()).await, |_| {})).await;
    for method in ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "REPORT"] {
        let text =
            format!("{method} /service-cloud/x HTTP/1.1\nHost: {{host}}\nConnection: close\n\n");
        let seen = seen(&raw(at, &text).await);
        assert_eq!(seen["method"], method);
        assert_eq!((seen["body"].as_str(), all(&seen, "transfer-encoding").len()), (Some(""), 0));
    }
    let head = raw(at, "HEAD /service-cloud/x HTTP/1.1\nHost: {host}\nConnection: close\n\n").await;
    assert!(head.starts_with("HTTP/1.1 200") && head.ends_with("\r\n\r\n"), "{head}");
    let trace =
        raw(at, "TRACE /service-cloud/x HTTP/1.1\nHost: {host}\nConnection: close\n\n").await;
    assert!(trace.starts_with("HTTP/1.1 405"), "{trace}");
    assert!(trace.contains("\r\nallow: GET, HEAD, POST"), "{trace}");
}

#[tokio::test]
async fn only_the_configured_host_and_base_are_ever_reached() {
    let (elsewhere, mut reached) = mpsc::unbounded_channel();
    let note = any(move |request: Request| async move {
        elsewhere.send(request.uri().to_string()).unwrap();
    });
    let other = listen(Router::new().fallback(note)).await;
    let cec_at = listen(echoing()).await;
    let at = listen(proxied(cec_at, |_| {})).await;
    let get = |target: String, host: &str| {
        format!("GET {target} HTTP/1.1\nHost: {host}\nConnection: close\n\n")
    };
    // The authority of an absolute address and the Host header are not where we go.
    for (target, host) in [
        (format!("http://{other}/service-cloud/x"), "{host}".to_owned()),
        (format!("http://{other}/service-cloud/x"), other.to_string()),
        ("/service-cloud/x".into(), other.to_string()),
        ("/service-cloud/x".into(), "evil.example".into()),
    ] {
        let seen = seen(&raw(at, &get(target.clone(), &host)).await);
        assert_eq!(seen["uri"], "/service-cloud/x", "{target} {host}");
        assert_eq!(all(&seen, "host"), [cec_at.to_string()]);
    }
    for target in [
        "/service-cloud/../admin".to_owned(),
        "/service-cloud/%2e%2e/admin".into(),
        "/service-cloud/..%2fadmin".into(),
        "/service-cloud/%252e%252e%252fadmin".into(),
        "/service-cloud/..;/admin".into(),
        "/service-cloud/..\\admin".into(),
        "/service-cloud/%5c..%5cadmin".into(),
        "/service-cloud/%c0%ae%c0%ae/admin".into(),
        format!("/service-cloud@{other}/x"),
        format!("//{other}/service-cloud/x"),
        format!("/service-cloud/../../{other}/"),
        "/admin".into(),
    ] {
        let answer = raw(at, &get(target.clone(), "{host}")).await;
        let status = &answer[9..12];
        assert!(matches!(status, "400" | "404"), "{target}: {answer}");
    }
    let connect =
        raw(at, &get(String::new(), "{host}").replace("GET ", &format!("CONNECT {other}"))).await;
    assert!(!connect.starts_with("HTTP/1.1 2"), "{connect}");
    assert!(reached.try_recv().is_err(), "nobody else was called");
}

#[tokio::test]
async fn hop_by_hop_headers_end_here_in_both_directions() {
    let routes = Router::new().fallback(any(async |request: Request| {
        let mut response = echo(request).await;
        for (name, value) in [
            ("keep-alive", "timeout=5"),
            ("connection", "x-internal"),
            ("x-internal", "1"),
            ("proxy-authenticate", "Basic"),
            ("alt-svc", "h3=\":443\""),
            ("strict-transport-security", "max-age=1"),
            ("clear-site-data", "\"*\""),
            ("service-worker-allowed", "/"),
            ("access-control-allow-origin", "*"),
            ("x-kept", "1"),
        ] {
            response.headers_mut().append(name, value.parse().unwrap());
        }
        response
    }));
    let at = listen(proxied(listen(routes).await, |_| {})).await;
    let answer = raw(at, "GET /service-cloud/x HTTP/1.1\nHost: {host}\nConnection: close, X-Mine, x-other\nX-Mine: 1\nX-Other: 2\nKeep-Alive: 1\nTE: trailers\nProxy-Authorization: Basic eDp5\nProxy-Connection: close\nAuthorization: Basic eDp5\nX-Kept: 1\n\n").await;
    let seen = seen(&answer);
    for name in [
        "x-mine",
        "x-other",
        "keep-alive",
        "te",
        "proxy-authorization",
        "proxy-connection",
        "authorization",
        "connection",
    ] {
        assert_eq!(all(&seen, name), Vec::<&str>::new(), "{name}");
    }
    assert_eq!(all(&seen, "x-kept"), ["1"]);
    for name in [
        "keep-alive",
        "x-internal",
        "proxy-authenticate",
        "alt-svc",
        "strict-transport-security",
        "clear-site-data",
        "service-worker-allowed",
        "access-control-allow-origin",
    ] {
        assert_eq!(headers(&answer, name), Vec::<&str>::new(), "{name}");
    }
    assert_eq!(headers(&answer, "x-kept"), ["1"]);
    for ours in ["cross-origin-resource-policy", "referrer-policy"] {
        assert_eq!(headers(&answer, ours), Vec::<&str>::new(), "CEC's answer is CEC's");
    }
}

#[tokio::test]
async fn cookies_become_the_pages_own_and_the_sites_own_stay_at_home() {
    let routes = Router::new().fallback(any(async |request: Request| {
        let mut response = echo(request).await;
        for cookie in [
            "ccmessaging-token=abc; Domain=.besclouds.com; Path=/; HttpOnly",
            "route=1; Path=/service-cloud",
            "JSESSIONID=stolen; Path=/",
            "calldock-guest=stolen",
        ] {
            response.headers_mut().append("set-cookie", cookie.parse().unwrap());
        }
        response
    }));
    let at = listen(proxied(listen(routes).await, |config| {
        proxy_of(config).prefix = "/demo".into();
    }))
    .await;
    let answer = raw(at, "GET /demo/service-cloud/x HTTP/1.1\nHost: {host}\nConnection: close\nCookie: JSESSIONID=shop; ccmessaging-token=abc; calldock-guest=g; __Host-calldock-guest=h\n\n").await;
    assert_eq!(all(&seen(&answer), "cookie"), ["ccmessaging-token=abc"]);
    assert_eq!(seen(&answer)["uri"], "/service-cloud/x");
    assert_eq!(
        headers(&answer, "set-cookie"),
        ["ccmessaging-token=abc; Path=/; HttpOnly", "route=1; Path=/demo/service-cloud"]
    );
}

#[tokio::test]
async fn cec_is_told_who_calls_and_a_strangers_word_about_it_is_not_taken() {
    let cec_at = listen(echoing()).await;
    let request = "GET /service-cloud/x HTTP/1.1\nHost: shop.example\nConnection: close\nX-Forwarded-For: 203.0.113.9, 198.51.100.7\nX-Real-IP: 203.0.113.9\nX-Forwarded-Host: planted.example\nX-Forwarded-Proto: https\nForwarded: for=203.0.113.9\n\n";
    let told = |seen: &Value| {
        ["x-real-ip", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "forwarded"]
            .map(|name| all(seen, name).join("|"))
    };
    let at = listen(proxied(cec_at, |_| {})).await;
    assert_eq!(
        told(&seen(&raw(at, request).await)),
        ["127.0.0.1", "127.0.0.1", "shop.example", "http", ""]
    );
    let at = listen(proxied(cec_at, |config| {
        config.gateways = Gateways::new([caller::network("127.0.0.0/8").unwrap()]);
    }))
    .await;
    assert_eq!(
        told(&seen(&raw(at, request).await)),
        ["198.51.100.7", "203.0.113.9, 198.51.100.7, 127.0.0.1", "planted.example", "https", ""]
    );
}

#[tokio::test]
async fn the_pages_host_is_passed_where_configured() {
    let at = listen(proxied(listen(echoing()).await, |config| {
        proxy_of(config).host = HostHeader::Pass;
    }))
    .await;
    let text = "GET /service-cloud/x HTTP/1.1\nHost: shop.example\nConnection: close\n\n";
    assert_eq!(all(&seen(&raw(at, text).await), "host"), ["shop.example"]);
}

#[tokio::test]
async fn failures_of_cecs_pass_as_they_are() {
    let routes = Router::new()
        .route(
            "/service-cloud/403",
            any(async || (StatusCode::FORBIDDEN, "unauthorized,validate failed")),
        )
        .route(
            "/service-cloud/500",
            any(async || {
                (StatusCode::INTERNAL_SERVER_ERROR, [("content-type", "text/html")], "<html>")
            }),
        );
    let at = listen(proxied(listen(routes).await, |_| {})).await;
    for (path, end) in
        [("403", "unauthorized,validate failed"), ("500", "<html>"), ("404", "\r\n\r\n")]
    {
        let answer = raw(
            at,
            &format!("GET /service-cloud/{path} HTTP/1.1\nHost: {{host}}\nConnection: close\n\n"),
        )
        .await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {path}")) && answer.ends_with(end),
            "{answer}"
        );
        assert!(!answer.contains("problem+json"), "{answer}");
    }
}

#[tokio::test]
async fn a_redirect_is_the_pages_to_follow_and_stays_on_the_page() {
    let routes = Router::new().fallback(any(async |headers: HeaderMap| {
        let to = headers["x-to"].to_str().unwrap().to_owned();
        (StatusCode::FOUND, [("location", to)])
    }));
    let cec_at = listen(routes).await;
    let at = listen(proxied(cec_at, |config| proxy_of(config).prefix = "/demo".into())).await;
    for (to, expected) in [
        (
            format!("http://{cec_at}/service-cloud/b?c=d#e"),
            "/demo/service-cloud/b?c=d#e".to_owned(),
        ),
        ("/service-cloud/b".into(), "/demo/service-cloud/b".into()),
        ("b/../c".into(), "/demo/service-cloud/a/c".into()),
        ("/login".into(), format!("http://{cec_at}/login")),
        ("https://elsewhere.example/x".into(), "https://elsewhere.example/x".into()),
    ] {
        let answer = raw(at, &format!("GET /demo/service-cloud/a/x HTTP/1.1\nHost: {{host}}\nConnection: close\nX-To: {to}\n\n")).await;
        assert!(answer.starts_with("HTTP/1.1 302"), "{answer}");
        assert_eq!(headers(&answer, "location"), [expected.as_str()], "{to}");
    }
}

#[tokio::test]
async fn pages_of_other_sites_may_link_and_not_change() {
    const CRM: &str = "https://crm.example";
    let allow = any(async || [("access-control-allow-origin", "https://evil.example")]);
    let at = listen(proxied(listen(Router::new().fallback(allow)).await, |config| {
        config.browser.allowed_origins = vec![CRM.into()];
    }))
    .await;
    let ask = |method: &str, origin: &str| {
        format!(
            "{method} /service-cloud/x HTTP/1.1\nHost: {{host}}\nConnection: close\nOrigin: {origin}\nSec-Fetch-Site: cross-site\n\n"
        )
    };
    let read_by = |answer: &str| headers(answer, "access-control-allow-origin").join("|");
    let evil = raw(at, &ask("POST", "https://evil.example")).await;
    assert!(evil.starts_with("HTTP/1.1 403") && evil.contains("ORIGIN_REFUSED"), "{evil}");
    let evil = raw(at, &ask("GET", "https://evil.example")).await;
    assert!(evil.starts_with("HTTP/1.1 200"), "{evil}");
    assert_eq!(read_by(&evil), "", "linked, not read");
    for method in ["GET", "POST"] {
        let listed = raw(at, &ask(method, CRM)).await;
        assert!(listed.starts_with("HTTP/1.1 200"), "{listed}");
        assert_eq!(read_by(&listed), CRM);
    }
}

#[tokio::test]
async fn the_demos_proxy_answers_to_this_machines_names_only() {
    let at = listen(proxied(listen(echoing()).await, |config| {
        config.browser = BrowserPolicy { loopback_names_only: true, ..BrowserPolicy::default() };
    }))
    .await;
    for (host, status) in [("{host}", "200"), ("localhost", "200"), ("rebound.example", "403")] {
        let text = format!("GET /service-cloud/x HTTP/1.1\nHost: {host}\nConnection: close\n\n");
        let answer = raw(at, &text).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{host}: {answer}");
    }
}
