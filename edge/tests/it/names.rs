//! Which headers and cookies pass: every case of this table, and that each refused name is counted.
//! The proxy before this crate failed most of it: it relayed everything but listed names.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue};
use axum::routing::any;
use calldock_edge::State;

use crate::support::{all, echo, edge, headers, listen, raw, seen, serve, settings_for};
use crate::table::{FROM_CEC, FROM_PAGE, SET_COOKIE};

/// CEC: responds with what it received, and with every header of the table.
fn cec() -> Router {
    Router::new().fallback(any(async |request: Request| {
        let mut response = echo(request).await;
        for (name, value, _) in FROM_CEC {
            response.headers_mut().append(*name, HeaderValue::from_static(value));
        }
        for (value, _) in SET_COOKIE {
            response.headers_mut().append("set-cookie", HeaderValue::from_static(value));
        }
        response
    }))
}

/// A request with every header of the table.
fn request(path: &str) -> String {
    let lines: String =
        FROM_PAGE.iter().map(|(name, value, _)| format!("{name}: {value}\n")).collect();
    format!("GET {path} HTTP/1.1\nHost: {{host}}\nConnection: close\n{lines}\n")
}

#[tokio::test]
async fn the_table_holds_in_both_directions() {
    let at = edge(listen(cec()).await, |_| {}).await;
    let answer = raw(at, &request("/service-cloud/x")).await;
    let seen = seen(&answer);
    for (name, value, arrives) in FROM_PAGE {
        let expected: Vec<_> = arrives.as_str(value).into_iter().collect();
        assert_eq!(all(&seen, name), expected, "{name}");
    }
    for (name, value, passes) in FROM_CEC {
        let expected: &[&str] = if *passes { &[value] } else { &[] };
        assert_eq!(headers(&answer, name), expected, "{name}");
    }
    let kept: Vec<_> = SET_COOKIE.iter().filter_map(|(_, kept)| *kept).collect();
    assert_eq!(headers(&answer, "set-cookie"), kept);
}

#[tokio::test]
async fn settings_let_names_pass() {
    let at = edge(listen(cec()).await, |settings| {
        settings.edge.headers = vec![HeaderName::from_static("x-own")];
        settings.edge.cookies = vec!["JSESSIONID".into()];
        settings.edge.prefix = "/demo".into();
    })
    .await;
    let answer = raw(
        at,
        "GET /demo/service-cloud/x HTTP/1.1\nHost: h\nConnection: close\nX-Own: 1\nX-Other: 2\nCookie: JSESSIONID=1; session=2\n\n",
    )
    .await;
    let seen = seen(&answer);
    assert_eq!(all(&seen, "x-own"), ["1"]);
    assert_eq!(all(&seen, "x-other"), Vec::<&str>::new());
    assert_eq!(all(&seen, "cookie"), ["JSESSIONID=1"]);
    let cookies = headers(&answer, "set-cookie");
    assert!(cookies.contains(&"JSESSIONID=cec; Path=/"), "Path=/ stays: {cookies:?}");
    assert!(cookies.contains(&"HWWAFSESID=waf; Path=/demo/service-cloud"), "{cookies:?}");
}

#[tokio::test]
async fn headers_of_one_connection_end_here() {
    let routes = Router::new().fallback(any(async |request: Request| {
        let mut response = echo(request).await;
        for (name, value) in [
            ("keep-alive", "timeout=5"),
            ("connection", "x-internal"),
            ("x-internal", "1"),
            ("proxy-authenticate", "Basic"),
            ("x-kept", "1"),
        ] {
            response.headers_mut().append(name, HeaderValue::from_static(value));
        }
        response
    }));
    let at = edge(listen(routes).await, |settings| {
        settings.edge.headers = vec![HeaderName::from_static("x-mine")];
    })
    .await;
    let answer = raw(at, "GET /service-cloud/x HTTP/1.1\nHost: h\nConnection: close, X-Mine\nX-Mine: 1\nKeep-Alive: 1\nTE: trailers\nProxy-Authorization: Basic eDp5\nProxy-Connection: close\n\n").await;
    let seen = seen(&answer);
    for name in
        ["x-mine", "keep-alive", "te", "proxy-authorization", "proxy-connection", "connection"]
    {
        assert_eq!(all(&seen, name), Vec::<&str>::new(), "{name}");
    }
    for name in ["keep-alive", "x-internal", "proxy-authenticate"] {
        assert_eq!(headers(&answer, name), Vec::<&str>::new(), "{name}");
    }
    assert_eq!(headers(&answer, "x-kept"), ["1"]);
}

#[tokio::test]
async fn refused_names_are_counted_and_suggested_without_their_values() {
    let state = Arc::new(State::new(settings_for(listen(cec()).await, |_| {})).unwrap());
    let at = serve(Arc::clone(&state)).await;
    for _ in 0..2 {
        raw(at, "GET /service-cloud/x HTTP/1.1\nHost: h\nConnection: close\nX-Own: SECRET\nAuthorization: Bearer SECRET\nDNT: 1\nCookie: session=SECRET\n\n").await;
    }
    let report = serde_json::to_value(state.refused_names()).unwrap();
    assert_eq!(
        report["requestHeaders"],
        serde_json::json!([{"name": "authorization", "count": 2}, {"name": "x-own", "count": 2}])
    );
    assert_eq!(report["requestCookies"][0]["name"], "session");
    let add = report["add"].as_array().unwrap();
    assert_eq!(add[0], "headers = [\"x-own\"]");
    assert!(report["responseHeaders"].to_string().contains("x-accel-redirect"));
    assert!(!report.to_string().contains("SECRET"), "{report}");
    assert!(
        state
            .metrics_text(0)
            .contains("calldock_edge_names_not_relayed_total{kind=\"request_header\"} 4")
    );
}

#[tokio::test]
async fn what_every_gateway_adds_is_not_listed() {
    let state = Arc::new(State::new(settings_for(listen(cec()).await, |_| {})).unwrap());
    let at = serve(Arc::clone(&state)).await;
    let added = "X-Forwarded-Server: a\nX-Forwarded-User: a\nX-Original-URI: /\nX-Scheme: https\nX-B3-TraceId: 1\nTracestate: a=1\nX-Amzn-Trace-Id: Root=1\nCF-Ray: 1\nX-Envoy-Attempt-Count: 1\nVia: 1.1 a\nForwarded: for=a\nX-Real-IP: 1.2.3.4\n";
    let answer = raw(
        at,
        &format!("GET /service-cloud/x HTTP/1.1\nHost: h\nConnection: close\nX-Own: 1\n{added}\n"),
    )
    .await;
    assert_eq!(all(&seen(&answer), "x-amzn-trace-id"), Vec::<&str>::new());
    let names: Vec<_> =
        state.refused_names().request_headers.into_iter().map(|refused| refused.name).collect();
    assert_eq!(names, ["x-own"]);
}

#[tokio::test]
async fn a_name_that_the_settings_decide_about_is_no_longer_listed() {
    let at_cec = listen(cec()).await;
    let state = Arc::new(State::new(settings_for(at_cec, |_| {})).unwrap());
    let at = serve(Arc::clone(&state)).await;
    raw(at, "GET /service-cloud/x HTTP/1.1\nHost: h\nConnection: close\nX-Own: 1\nX-Tenant: 1\nX-Other: 1\n\n").await;
    let listed = || serde_json::to_string(&state.refused_names()).unwrap();
    for name in ["x-own", "x-tenant", "x-other", "JSESSIONID"] {
        assert!(listed().contains(&format!("\"{name}\"")), "{name}: {}", listed());
    }
    // Without another request, as after a reload.
    let decided = settings_for(at_cec, |settings| {
        settings.edge.headers = vec![HeaderName::from_static("x-own")];
        settings.edge.cookies = vec!["jsessionid".into()];
        settings.edge.ignored = vec!["X-Tenant".into()];
    });
    state.replace(decided).unwrap();
    for name in ["x-own", "x-tenant"] {
        assert!(!listed().contains(&format!("\"{name}\"")), "{name}: {}", listed());
    }
    assert_eq!(state.refused_names().add[0], "headers = [\"x-own\", \"x-other\"]");
    assert!(listed().contains("JSESSIONID"), "a cookie's name is as it is: {}", listed());
}
