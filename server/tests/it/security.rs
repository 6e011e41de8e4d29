//! What a stranger tried (`docs/security.md`), one test for each hole that was found and closed.

use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::any;
use calldock_server::App;
use calldock_server::caller::{Gateways, network};
use calldock_server::identity::gateway::{GatewayConfig, HeaderConfig, NameEncoding};
use calldock_server::identity::local::accounts::Accounts;
use calldock_server::identity::local::{LocalConfig, passwords};
use calldock_server::identity::{Identity, KnownBy, Person, Visitor, Visitors};
use calldock_server::limits::{LimitsConfig, Rate};
use calldock_server::store::Store;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::proxy::{headers, listen, proxied, proxy_of, raw};
use crate::support::{
    CEC_LOGIN, GOOD, LOGIN, Vendor, ask, cec, come_from, guests, post, request, server, signing,
};

/// A rate of so many a minute for a person.
fn per_person(rate: &str) -> LimitsConfig {
    LimitsConfig { per_address: None, per_identity: Some(Rate::parse(rate).unwrap()) }
}

#[tokio::test]
async fn a_visitor_with_an_agents_id_uses_up_nothing_of_the_agents() {
    let agents = KnownBy::Gateway(GatewayConfig::Header(HeaderConfig {
        header: "x-agent".parse().unwrap(),
        name_header: None,
        name_encoding: NameEncoding::Plain,
        trusted: Gateways::new([network("127.0.0.1").unwrap()]),
    }));
    let mut config = cec(signing(), Visitors::Known { by: agents.clone(), name: "Tom".into() });
    config.identity = Some(Identity::Known(agents));
    config.limits = per_person("2/m");
    let app = server(config, Vendor::saying(GOOD));
    let mine = [("x-agent", "agent@example.com")];
    for expected in [200, 200, 429] {
        let answer = ask(&app, request("POST", CEC_LOGIN, &mine)).await;
        assert_eq!(answer.status.as_u16(), expected, "{}", answer.text);
    }
    for expected in [200, 200, 429] {
        let answer = ask(&app, request("POST", LOGIN, &mine)).await;
        assert_eq!(answer.status.as_u16(), expected, "{}", answer.text);
    }
}

#[tokio::test]
async fn one_account_cannot_fill_the_store_with_sessions() {
    const RIGHT: &str = "correct horse battery";
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("accounts.sqlite3");
    let accounts = Accounts::open(&database).unwrap();
    for user in ["agent@example.com", "other@example.com"] {
        let hash = passwords::hash(&RIGHT.into()).unwrap();
        accounts.add(&Person::new(user, None).unwrap(), &hash).unwrap();
    }
    let by = KnownBy::Local(LocalConfig { database, session_lifetime: Duration::from_secs(3600) });
    let mut config = cec(signing(), Visitors::Known { by, name: "Tom".into() });
    config.limits = per_person("3/m");
    let store = Store::memory();
    let app = App::with_store(config, store.clone(), Vendor::saying(GOOD), None).unwrap();
    let app = calldock_server::router(app);
    let sign_in = async |user: &str| {
        let body = json!({ "user": user, "password": RIGHT }).to_string();
        ask(&app, post("/calldock/v1/session", &body)).await.status.as_u16()
    };
    for expected in [204, 204, 204, 429, 429] {
        assert_eq!(sign_in("Agent@example.com").await, expected);
    }
    assert!(format!("{store:?}").contains("sessions: 3"), "{store:?}");
    assert_eq!(sign_in("other@example.com").await, 204, "nobody else is held up");
}

#[tokio::test]
async fn a_page_in_the_clear_is_a_stranger_where_the_site_is_encrypted() {
    let mut config = cec(signing(), guests());
    config.gateways = Gateways::new([network("10.0.0.1").unwrap()]);
    let app = server(config, Vendor::saying(GOOD));
    let ask_as = async |origin: &str, scheme: &str| {
        let said = [("host", "shop.example"), ("origin", origin), ("x-forwarded-proto", scheme)];
        let mut request = request("POST", CEC_LOGIN, &said);
        come_from(&mut request, "10.0.0.1");
        ask(&app, request).await
    };
    let refused = ask_as("http://shop.example", "https").await;
    assert_eq!((refused.status, refused.header("set-cookie")), (StatusCode::FORBIDDEN, ""));
    assert_eq!(refused.problem().code, "ORIGIN_REFUSED");
    assert_eq!(ask_as("https://shop.example", "https").await.status, StatusCode::OK);
    assert_eq!(ask_as("http://shop.example", "http").await.status, StatusCode::OK);
}

#[tokio::test]
async fn cec_makes_no_rules_for_the_whole_site() {
    let theirs = [
        ("nel", r#"{"report_to":"x","max_age":2592000,"include_subdomains":true}"#),
        ("report-to", r#"{"group":"x","max_age":1,"endpoints":[{"url":"https://cec.example/r"}]}"#),
        ("accept-ch", "Sec-CH-UA-Full-Version-List"),
        ("clear-site-data", "\"cookies\""),
        ("strict-transport-security", "max-age=63072000; includeSubDomains"),
        ("service-worker-allowed", "/"),
        ("set-login", "logged-out"),
        ("origin-agent-cluster", "?0"),
    ];
    let routes = Router::new().fallback(any(async move || {
        let mut response = "fine".into_response();
        for (name, value) in theirs {
            response.headers_mut().insert(name, value.parse().unwrap());
        }
        // A browser keeps these without a name, and sends them as the shop's own.
        for cookie in ["=JSESSIONID=planted; Path=/", " = calldock-guest=planted", "own=1"] {
            response.headers_mut().append("set-cookie", cookie.parse().unwrap());
        }
        response
    }));
    let at = listen(proxied(listen(routes).await, |_| {})).await;
    let answer =
        raw(at, "GET /service-cloud/x HTTP/1.1\nHost: {host}\nConnection: close\n\n").await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    for (name, _) in theirs {
        assert_eq!(headers(&answer, name), Vec::<&str>::new(), "{name}");
    }
    assert_eq!(headers(&answer, "set-cookie"), ["own=1"]);
}

#[tokio::test]
async fn an_upload_that_drips_gives_its_place_up() {
    let cec_at =
        listen(Router::new().fallback(any(async |body: axum::body::Bytes| body.len().to_string())))
            .await;
    let at = listen(proxied(cec_at, |config| {
        proxy_of(config).timeout = Duration::from_millis(600);
    }))
    .await;
    let mut stream = TcpStream::connect(at).await.unwrap();
    stream
        .write_all(b"POST /service-cloud/x HTTP/1.1\r\nHost: h\r\nContent-Length: 10000\r\n\r\n")
        .await
        .unwrap();
    let (mut read, mut write) = stream.into_split();
    let dripping = tokio::spawn(async move {
        let mut drop = tokio::time::interval(Duration::from_millis(50));
        loop {
            drop.tick().await;
            if write.write_all(b"x").await.is_err() {
                return;
            }
        }
    });
    let mut head = [0; 12];
    let answered = tokio::time::timeout(Duration::from_secs(10), read.read_exact(&mut head)).await;
    answered.expect("an end before the body's").unwrap();
    assert_eq!(&head, b"HTTP/1.1 504");
    dripping.abort();
}

#[test]
fn logins_find_a_place_however_many_chat() {
    let proxy = calldock_server::config::ProxyConfig::to("https://cec.example/".parse().unwrap());
    let most = calldock_server::listener::Rules::DEFAULT.connections;
    assert!((proxy.requests + proxy.websockets) as usize + 100 <= most);
    let mut config = cec(signing(), Visitors::Fixed(Visitor { id: "1".into(), name: "T".into() }));
    let crowded = |config: &calldock_server::config::Config| {
        config.warnings().iter().any(|warning| warning.contains("listen.connections"))
    };
    config.cec.as_mut().unwrap().proxy = Some(proxy);
    assert!(!crowded(&config));
    config.rules.connections = 900;
    assert!(crowded(&config));
}
