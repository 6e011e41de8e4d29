//! Who is limited by network: callers that proved no identity. A known caller is never refused for its network.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use calldock_server::config::Config;
use calldock_server::identity::gateway::header::Sender;
use calldock_server::identity::gateway::{AskSettings, HeaderSettings, NameEncoding};
use calldock_server::identity::{AgentSettings, AuthenticatorSettings};
use calldock_server::queue::Rate;
use calldock_service::{Gateways, network};

use crate::support::{
    Answer, CEC_LOGIN, GOOD, LOGIN, Vendor, ask, cec, come_from, guests, request, server, settings,
    signing,
};

/// Agents named by a gateway at 10.0.0.0/8.
fn by_gateway() -> Config {
    let settings_of_header = HeaderSettings {
        header: "x-agent".parse().unwrap(),
        name_header: None,
        name_encoding: NameEncoding::Plain,
        sender: Sender::ListenGateways,
        secret: None,
    };
    let by = AuthenticatorSettings::Header(settings_of_header);
    Config { agents: Some(AgentSettings::By(by)), ..settings() }
}

fn limited(mut config: Config, failures: &str) -> Router {
    config.queue.failures = Rate::parse(failures).ok();
    config.http.listen.gateways = Gateways::new([network("10.0.0.0/8").unwrap()]);
    server(config, Vendor::saying(GOOD))
}

fn from(address: &str, path: &str, agent: Option<&str>) -> Request<Body> {
    let mut request = request("POST", path, &[("x-forwarded-for", address)]);
    come_from(&mut request, "10.0.0.1");
    if let Some(agent) = agent {
        request.headers_mut().insert("x-agent", agent.parse().unwrap());
    }
    request
}

fn assert_too_many(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{}", answer.text);
    assert_eq!(answer.problem().code, "TOO_MANY");
    let seconds: u32 = answer.header("retry-after").parse().unwrap();
    assert!((1..=61).contains(&seconds), "{seconds}");
}

#[tokio::test(start_paused = true)]
async fn failed_identifications_are_limited_by_network_and_known_agents_are_not() {
    let app = limited(by_gateway(), "2/m");
    let unknown = |address| from(address, LOGIN, None);
    for _ in 0..2 {
        assert_eq!(ask(&app, unknown("203.0.113.9")).await.status, StatusCode::UNAUTHORIZED);
    }
    assert_too_many(&ask(&app, unknown("203.0.113.9")).await);
    assert_eq!(ask(&app, unknown("203.0.114.9")).await.status, StatusCode::UNAUTHORIZED);
    // Behind the same address, known agents log in as before.
    for number in 0..10 {
        let agent = format!("agent-{number}@example.com");
        let answer = ask(&app, from("203.0.113.9", LOGIN, Some(&agent))).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    }
}

#[tokio::test(start_paused = true)]
async fn x_forwarded_for_of_a_client_does_not_choose_its_network() {
    let app = limited(by_gateway(), "2/m");
    let forged = |claimed: &str| {
        let mut request = request("POST", LOGIN, &[("x-forwarded-for", claimed)]);
        come_from(&mut request, "203.0.113.9");
        request
    };
    for number in 0..2 {
        let answer = ask(&app, forged(&format!("198.51.100.{number}"))).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
    assert_too_many(&ask(&app, forged("198.51.100.9")).await);
    // Through the gateway it is the same caller, whatever it writes before the gateway's entry.
    assert_too_many(&ask(&app, from("198.51.100.7, 203.0.113.9", LOGIN, None)).await);
}

#[tokio::test(start_paused = true)]
async fn guests_are_not_limited_as_unknown_callers() {
    let app = limited(cec(signing(), guests()), "1/m");
    for _ in 0..5 {
        let answer = ask(&app, from("203.0.113.9", CEC_LOGIN, None)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    }
}

#[tokio::test(start_paused = true)]
async fn a_listed_page_may_read_the_limit_and_a_refused_page_counts_nothing() {
    let mut config = by_gateway();
    config.http.browser.allowed_origins = vec!["https://crm.example.com".into()];
    let app = limited(config, "1/m");
    let of = |origin: &'static str| {
        let mut request = from("203.0.113.9", LOGIN, None);
        request.headers_mut().insert("origin", origin.parse().unwrap());
        request
    };
    assert_eq!(ask(&app, of("https://evil.example")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(ask(&app, of("https://crm.example.com")).await.status, StatusCode::UNAUTHORIZED);
    let refused = ask(&app, of("https://crm.example.com")).await;
    assert_too_many(&refused);
    assert_eq!(refused.header("access-control-allow-origin"), "https://crm.example.com");
    assert!(refused.header("access-control-expose-headers").contains("retry-after"));
}

#[tokio::test]
async fn an_outage_of_what_identifies_callers_is_not_counted_against_their_network() {
    let broken = axum::routing::get(async || StatusCode::INTERNAL_SERVER_ERROR);
    let address = crate::identity::listen(Router::new().fallback(broken)).await;
    let asked = AskSettings {
        url: format!("http://{address}/whoami").parse().unwrap(),
        cookies: vec!["sid".into()],
        id_member: "/id".into(),
        name_member: "/name".into(),
        cache: std::time::Duration::from_secs(5),
    };
    let by = AuthenticatorSettings::Ask(asked);
    let app = limited(Config { agents: Some(AgentSettings::By(by)), ..settings() }, "2/m");
    for _ in 0..5 {
        let mut login = from("203.0.113.9", LOGIN, None);
        login.headers_mut().insert("cookie", "sid=1".parse().unwrap());
        assert_eq!(ask(&app, login).await.status, StatusCode::BAD_GATEWAY);
    }
}
