//! What makes somebody known stays here: not in the log, not at CEC.

use std::time::Duration;

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{any, get};
use calldock_server::address::PlainHttp;
use calldock_server::caller::{Gateways, network};
use calldock_server::config::ProxyConfig;
use calldock_server::identity::KnownBy;
use calldock_server::identity::gateway::{
    CallBackConfig, GatewayConfig, HeaderConfig, NameEncoding,
};
use calldock_server::identity::local::LocalConfig;
use serde_json::json;
use tracing_subscriber::prelude::*;

use super::local::{RIGHT, shop, sign_in};
use super::provider::{Key, Provider};
use super::{agent, app, known_by, visit};
use crate::logs::{Captured, logging};
use crate::proxy::listen;
use crate::support::{GOOD, Vendor, ask, request, server};

/// All secrets of the people in this file.
const PRIVATE: [&str; 7] =
    ["cookiesecret", "10010001", "刘先生", "agent@example.com", "mistyped", "correct horse", "eyJ"];

fn by_header() -> KnownBy {
    KnownBy::Gateway(GatewayConfig::Header(HeaderConfig {
        header: "x-remote-user".parse().unwrap(),
        name_header: Some("x-remote-name".parse().unwrap()),
        name_encoding: NameEncoding::Plain,
        trusted: Gateways::new([network("127.0.0.1").unwrap()]),
    }))
}

fn by_call_back(url: &str) -> KnownBy {
    KnownBy::Gateway(GatewayConfig::CallBack(CallBackConfig {
        url: url.parse().unwrap(),
        cookies: vec!["JSESSIONID".into()],
        id_member: "/id".into(),
        name_member: "/name".into(),
        cache: Duration::ZERO,
    }))
}

/// Each kind as it should be and as it should not.
async fn everything() {
    let cookie = [("cookie", "JSESSIONID=cookiesecret")];
    for (status, body) in [
        (200, r#"{"id":"10010001","name":"刘先生"}"#),
        (200, r#"{"id":"10010001\n"}"#),
        (200, "10010001 cookiesecret"),
        (401, "10010001"),
        (500, "10010001"),
    ] {
        let answer = move || async move { (StatusCode::from_u16(status).unwrap(), body) };
        let at = listen(Router::new().route("/who", get(answer))).await;
        visit(&app(&by_call_back(&format!("http://{at}/who"))), &cookie).await;
    }
    visit(&app(&by_call_back("http://127.0.0.1:9/who?key=cookiesecret")), &cookie).await;
    let by_header = app(&by_header());
    for id in ["10010001", "刘先生, 10010001", "10010001 刘先生"] {
        let headers = [("x-remote-user", id), ("x-remote-name", "刘先生")];
        visit(&by_header, &headers).await;
        agent(&by_header, &headers).await;
        agent(&by_header, &[headers[0], headers[0]]).await;
    }
    let (key, stranger) = (Key::ec("e"), Key::ec("e"));
    let provider = Provider::publishing(&[&key]).await;
    let by_token = app(&KnownBy::Jwt(provider.config()));
    for (key, changes) in [
        (&key, json!({})),
        (&stranger, json!({})),
        (&key, json!({ "exp": 1 })),
        (&key, json!({ "sub": "10010001\n刘先生" })),
    ] {
        let token = format!("Bearer {}", key.token(&provider.claims(&changes)));
        visit(&by_token, &[("authorization", &token)]).await;
        agent(&by_token, &[("authorization", &token)]).await;
    }
    let shop = shop();
    for password in [RIGHT, "mistyped", "mistyped", "mistyped", "mistyped", "mistyped", RIGHT] {
        ask(&shop.app, sign_in("agent@example.com", password)).await;
        ask(&shop.app, sign_in("10010001", password)).await;
    }
}

#[tokio::test]
async fn no_log_has_a_cookie_a_token_a_password_or_a_person() {
    let captured = Captured::default();
    let writer = captured.clone();
    let all = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(move || writer.clone());
    let logging = logging(tracing_subscriber::registry().with(all));
    everything().await;
    drop(logging);
    let text = captured.text();
    for said in ["a token is not believed", "a sign-in failed", "a sign-in is locked out", "twice"]
    {
        assert!(text.contains(said), "{said}");
    }
    for private in PRIVATE {
        let line = text.lines().find(|line| line.contains(private));
        assert!(line.is_none(), "{private}: {}", line.unwrap_or_default());
    }
}

#[tokio::test]
async fn what_makes_somebody_known_does_not_go_on_to_cec() {
    let echo = any(|headers: HeaderMap| async move { format!("{headers:?}") });
    let cec_at = listen(Router::new().fallback(echo)).await;
    let folder = tempfile::tempdir().unwrap();
    let local = LocalConfig {
        database: folder.path().join("accounts.sqlite3"),
        session_lifetime: Duration::from_secs(3600),
    };
    let key = Key::ec("e");
    let provider = Provider::publishing(&[&key]).await;
    let mut by_cookie = provider.config();
    by_cookie.cookie = Some("id_token".into());
    for by in [
        by_header(),
        by_call_back("http://127.0.0.1:9/"),
        KnownBy::Jwt(by_cookie),
        KnownBy::Local(local),
    ] {
        let mut config = known_by(&by);
        let cec = format!("http://{cec_at}/").parse().unwrap();
        config.cec.as_mut().unwrap().proxy =
            Some(ProxyConfig { plain_http: PlainHttp::OnLoopback, ..ProxyConfig::to(cec) });
        let headers: &[(&str, &str)] = match by {
            KnownBy::Gateway(GatewayConfig::Header(_)) => {
                &[("x-remote-user", "private"), ("x-remote-name", "private")]
            }
            KnownBy::Gateway(_) => &[("cookie", "a=b; JSESSIONID=private")],
            KnownBy::Jwt(_) => &[("cookie", "a=b; id_token=private")],
            KnownBy::Local(_) => {
                &[("cookie", "a=b; __Host-calldock-session=private; calldock-session=private")]
            }
        };
        let app = server(config, Vendor::saying(GOOD));
        let answer = ask(&app, request("GET", "/service-cloud/a.js", headers)).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
        assert!(!answer.text.contains("private"), "{}", answer.text);
    }
}
