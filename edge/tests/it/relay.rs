//! Requests and responses as they pass.

use std::io::ErrorKind;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::any;
use calldock_edge::State;
use calldock_edge::settings::Host;
use calldock_service::{Gateways, Place, network};
use serde_json::Value;
use tokio::net::UnixStream;
use tokio::sync::mpsc;

use crate::support::{
    all, echoing, edge, headers, listen, raw, raw_over, seen, serve_at, settings_for,
};
use crate::table::{LOCATIONS, PATHS};

#[tokio::test]
async fn nothing_but_service_cloud_is_served() {
    let (noted, mut reached) = mpsc::unbounded_channel();
    let note = any(move |request: Request| async move {
        noted.send(request.uri().to_string()).unwrap();
    });
    let cec_at = listen(Router::new().fallback(note)).await;
    let at = edge(cec_at, |settings| settings.edge.prefix = "/demo".into()).await;
    for path in ["/calldock/v1/cec/login", "/", "/service-cloud/x", "/demo/calldock", "/healthz"] {
        for method in ["GET", "POST"] {
            let text = format!("{method} {path} HTTP/1.1\nHost: {{host}}\nConnection: close\n\n");
            let answer = raw(at, &text).await;
            assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
            assert!(answer.contains("application/problem+json"), "{answer}");
        }
    }
    assert!(reached.try_recv().is_err());
}

#[tokio::test]
async fn a_request_arrives_as_it_was_sent() {
    let cec_at = listen(echoing()).await;
    let at = edge(cec_at, |_| {}).await;
    let answer = raw(
        at,
        "POST /service-cloud/webclient/a.js?&t=1595993533588 HTTP/1.1\nHost: {host}\nConnection: close\nContent-Type: application/x-www-form-urlencoded; charset=UTF-8\nContent-Length: 12\nUser-Agent: a browser\n\n{\"a\":\"\u{5f20}\"}x",
    )
    .await;
    let seen = seen(&answer);
    assert_eq!(seen["method"], "POST");
    assert_eq!(seen["uri"], "/service-cloud/webclient/a.js?&t=1595993533588");
    assert_eq!(seen["body"], "{\"a\":\"\u{5f20}\"}x");
    assert_eq!(all(&seen, "content-type"), ["application/x-www-form-urlencoded; charset=UTF-8"]);
    assert_eq!(all(&seen, "content-length"), ["12"]);
    assert_eq!(all(&seen, "user-agent"), ["a browser"]);
    assert_eq!(all(&seen, "host"), [cec_at.to_string()]);
    assert_eq!(all(&seen, "transfer-encoding"), Vec::<&str>::new());
}

#[tokio::test]
async fn every_method_is_relayed_but_trace_and_connect() {
    let at = edge(listen(echoing()).await, |_| {}).await;
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
    let at = edge(cec_at, |_| {}).await;
    let get = |target: String, host: &str| {
        format!("GET {target} HTTP/1.1\nHost: {host}\nConnection: close\n\n")
    };
    // The authority of an absolute address and the Host header are not where we go.
    for (target, host) in [
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
    for (path, passes) in PATHS {
        let answer = raw(at, &get((*path).to_owned(), "{host}")).await;
        match passes {
            true => assert_eq!(seen(&answer)["uri"], *path),
            false => assert!(matches!(&answer[9..12], "400" | "404"), "{path}: {answer}"),
        }
    }
    let connect =
        raw(at, &get(String::new(), "{host}").replace("GET ", &format!("CONNECT {other}"))).await;
    assert!(!connect.starts_with("HTTP/1.1 2"), "{connect}");
    assert!(reached.try_recv().is_err(), "nothing else was reached");
}

#[tokio::test]
async fn cec_receives_the_callers_address_and_unknown_callers_cannot_forge_it() {
    let cec_at = listen(echoing()).await;
    let request = "GET /service-cloud/x HTTP/1.1\nHost: shop.example\nConnection: close\nX-Forwarded-For: 203.0.113.9, 198.51.100.7\nX-Real-IP: 203.0.113.9\nX-Forwarded-Host: planted.example\nX-Forwarded-Proto: https\nForwarded: for=203.0.113.9\n\n";
    let described = |seen: &Value| {
        ["x-real-ip", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "forwarded"]
            .map(|name| all(seen, name).join("|"))
    };
    let at = edge(cec_at, |_| {}).await;
    assert_eq!(
        described(&seen(&raw(at, request).await)),
        ["127.0.0.1", "127.0.0.1", "shop.example", "http", ""]
    );
    let at = edge(cec_at, |settings| {
        settings.listen.gateways = Gateways::new([network("127.0.0.0/8").unwrap()]);
    })
    .await;
    assert_eq!(
        described(&seen(&raw(at, request).await)),
        ["198.51.100.7", "198.51.100.7, 127.0.0.1", "planted.example", "https", ""]
    );
    // As Traefik says of a WebSocket.
    let encrypted = request.replace("Proto: https", "Proto: wss");
    assert_eq!(described(&seen(&raw(at, &encrypted).await))[3], "https");
    // Over a unix socket the caller is a gateway: only programs that its permissions allow can connect.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("edge.sock");
    // A socket that a killed process has left is replaced.
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    let (bound, place) = Place::Socket(path.clone()).bind().unwrap();
    assert_eq!(place.to_string(), format!("unix:{}", path.display()));
    serve_at(bound, Arc::new(State::new(settings_for(cec_at, |_| {})).unwrap()));
    let stream = UnixStream::connect(&path).await.unwrap();
    assert_eq!(
        described(&seen(&raw_over(stream, request).await)),
        ["198.51.100.7", "198.51.100.7, 127.0.0.1", "planted.example", "https", ""]
    );
    let used = Place::Socket(path).bind().err().map(|error| error.kind());
    assert_eq!(used, Some(ErrorKind::AddrInUse), "a process that still serves keeps its socket");
}

#[tokio::test]
async fn the_pages_host_is_sent_where_configured() {
    let at = edge(listen(echoing()).await, |settings| {
        settings.cec.host = Host::Page;
    })
    .await;
    let text = "GET /service-cloud/x HTTP/1.1\nHost: shop.example\nConnection: close\n\n";
    assert_eq!(all(&seen(&raw(at, text).await), "host"), ["shop.example"]);
}

#[tokio::test]
async fn failures_of_cec_pass_unchanged() {
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
    let at = edge(listen(routes).await, |_| {}).await;
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
async fn redirects_within_cec_stay_on_the_page() {
    let routes = Router::new().fallback(any(async |headers: HeaderMap| {
        let to = headers["x-requested-with"].to_str().unwrap().to_owned();
        (StatusCode::FOUND, [("location", to)])
    }));
    let cec_at = listen(routes).await;
    let at = edge(cec_at, |settings| settings.edge.prefix = "/demo".into()).await;
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
        let answer = raw(at, &format!("GET /demo/service-cloud/a/x HTTP/1.1\nHost: {{host}}\nConnection: close\nX-Requested-With: {to}\n\n")).await;
        assert!(answer.starts_with("HTTP/1.1 302"), "{answer}");
        assert_eq!(headers(&answer, "location"), [expected.as_str()], "{to}");
    }
    let at = edge(cec_at, |_| {}).await;
    let page = url::Url::parse("https://shop.example/service-cloud/a/x").unwrap();
    for (sent, place) in LOCATIONS {
        let [sent, place] =
            [sent, place].map(|text| text.replace("{cec}", &format!("http://{cec_at}")));
        let answer = raw(at, &format!("GET /service-cloud/a/x HTTP/1.1\nHost: {{host}}\nConnection: close\nX-Requested-With: {sent}\n\n")).await;
        let found = headers(&answer, "location")[0];
        assert_eq!(page.join(found), page.join(&place), "{sent}: {found}");
    }
}

#[tokio::test]
async fn pages_of_other_sites_may_link_but_not_change() {
    const CRM: &str = "https://crm.example";
    let allow = any(async || [("access-control-allow-origin", "https://evil.example")]);
    let at = edge(listen(Router::new().fallback(allow)).await, |settings| {
        settings.edge.allowed_origins = vec![CRM.into()];
        settings.edge.headers = vec!["x-own".parse().unwrap()];
    })
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
    let asked = ask("OPTIONS", CRM).replace("\n\n", "\nAccess-Control-Request-Method: PUT\n\n");
    let may = raw(at, &asked).await;
    assert_eq!(headers(&may, "access-control-allow-methods"), ["GET, POST, PUT, PATCH, DELETE"]);
    assert!(headers(&may, "access-control-allow-headers").join("").contains("x-own"), "{may}");
    for method in ["GET", "POST"] {
        let listed = raw(at, &ask(method, CRM)).await;
        assert!(listed.starts_with("HTTP/1.1 200"), "{listed}");
        assert_eq!(read_by(&listed), CRM);
    }
}

#[tokio::test]
async fn the_demo_serves_the_names_of_this_machine_only() {
    let at = edge(listen(echoing()).await, |settings| {
        settings.edge.loopback_names_only = true;
    })
    .await;
    for (host, status) in [("{host}", "200"), ("localhost", "200"), ("rebound.example", "400")] {
        let text = format!("GET /service-cloud/x HTTP/1.1\nHost: {host}\nConnection: close\n\n");
        let answer = raw(at, &text).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{host}: {answer}");
    }
}

#[tokio::test]
async fn behind_a_gateway_the_page_is_the_one_that_it_names() {
    let routes = Router::new().fallback(any(async |headers: HeaderMap| {
        let to = headers["x-requested-with"].to_str().unwrap().to_owned();
        let host = headers["host"].clone();
        (StatusCode::FOUND, [("location", to.parse().unwrap()), ("x-host", host)])
    }));
    let at = edge(listen(routes).await, |settings| {
        settings.listen.gateways = Gateways::new([network("127.0.0.1").unwrap()]);
        settings.cec.host = Host::Page;
    })
    .await;
    for (to, expected) in [
        ("https://shop.example/admin", None),
        ("https://shop.example/service-cloud/b", Some("/service-cloud/b")),
        ("https://inner.example/b", Some("https://inner.example/b")),
    ] {
        let answer = raw(at, &format!("GET /service-cloud/x HTTP/1.1\nHost: inner.example\nX-Forwarded-Host: shop.example\nConnection: close\nX-Requested-With: {to}\n\n")).await;
        assert!(answer.starts_with("HTTP/1.1 302"), "{answer}");
        assert_eq!(headers(&answer, "location").first().copied(), expected, "{to}");
        assert_eq!(headers(&answer, "x-host"), ["shop.example"]);
    }
}
