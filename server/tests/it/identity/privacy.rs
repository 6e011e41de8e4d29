//! No log contains what identifies a person.

use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use calldock_server::identity::AuthenticatorSettings;
use calldock_server::identity::gateway::header::Sender;
use calldock_server::identity::gateway::{AskSettings, HeaderSettings, NameEncoding};
use calldock_service::{Gateways, network};
use serde_json::json;
use tracing_subscriber::prelude::*;

use super::listen;
use super::local::{RIGHT, shop, sign_in};
use super::provider::{Key, Provider};
use super::{agent, app, visit};
use crate::logs::{Captured, logging};
use crate::support::ask;

/// All secrets of the people in this file.
const PRIVATE: [&str; 7] =
    ["cookiesecret", "10010001", "刘先生", "agent@example.com", "mistyped", "correct horse", "eyJ"];

fn by_header() -> AuthenticatorSettings {
    AuthenticatorSettings::Header(HeaderSettings {
        header: "x-remote-user".parse().unwrap(),
        name_header: Some("x-remote-name".parse().unwrap()),
        name_encoding: NameEncoding::Plain,
        sender: Sender::Addresses(Gateways::new([network("127.0.0.1").unwrap()])),
        secret: None,
    })
}

fn by_call_back(url: &str) -> AuthenticatorSettings {
    AuthenticatorSettings::Ask(AskSettings {
        url: url.parse().unwrap(),
        cookies: vec!["JSESSIONID".into()],
        id_member: "/id".into(),
        name_member: "/name".into(),
        cache: Duration::ZERO,
    })
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
    let (key, unknown) = (Key::ec("e"), Key::ec("e"));
    let provider = Provider::publishing(&[&key]).await;
    let by_token = app(&AuthenticatorSettings::Jwt(provider.config()));
    for (key, changes) in [
        (&key, json!({})),
        (&unknown, json!({})),
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
    for said in ["a token was refused", "a sign-in failed", "a sign-in is locked out", "twice"] {
        assert!(text.contains(said), "{said}");
    }
    for private in PRIVATE {
        let line = text.lines().find(|line| line.contains(private));
        assert!(line.is_none(), "{private}: {}", line.unwrap_or_default());
    }
}
