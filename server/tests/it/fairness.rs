//! Who is served while others ask too much: over the whole router, by a clock that the tests turn.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use calldock_server::config::Config;
use calldock_server::queue::Pace;
use calldock_server::tccc::ChatSettings;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::support::{
    Answer, CEC_LOGIN, CHAT, Vendor, ask, cec, come_from, guests, request, server, settings, tokens,
};

const SECOND: Duration = Duration::from_secs(1);

fn chat() -> Router {
    let chat = ChatSettings {
        web_app_id: "0123456789abcdef0123456789abcdef".into(),
        peer_source: "shop".into(),
        extra: Vec::new(),
        allowed_fields: Vec::new(),
        expires_in: Duration::from_secs(3600),
    };
    let config = Config { chat: Some(chat), visitors: Some(guests()), agents: None, ..settings() };
    server(config, Vendor::saying(r#"{"Response":{"UserSig":"eJwabc","RequestId":"1"}}"#))
}

fn from(address: &str, path: &str, ticket: Option<&str>) -> Request<Body> {
    let mut request = request("POST", path, &[]);
    come_from(&mut request, address);
    if let Some(ticket) = ticket {
        request.headers_mut().insert("x-calldock-ticket", ticket.parse().unwrap());
    }
    request
}

/// Asks from an address without end, so many at once, until the returned value is dropped.
fn flood(app: &Router, address: String, path: &'static str, at_once: usize) -> JoinSet<()> {
    let mut set = JoinSet::new();
    for _ in 0..at_once {
        let (app, address) = (app.clone(), address.clone());
        set.spawn(async move {
            loop {
                let answer = ask(&app, from(&address, path, None)).await;
                // An attacker does not wait as long as it is asked to.
                let pause = if answer.status == StatusCode::OK { 1 } else { 100 };
                tokio::time::sleep(Duration::from_millis(pause)).await;
            }
        });
    }
    set
}

async fn took(app: &Router, request: Request<Body>) -> (Answer, Duration) {
    let start = Instant::now();
    let answer = ask(app, request).await;
    (answer, start.elapsed())
}

#[tokio::test(start_paused = true)]
async fn four_addresses_at_the_chat_leave_nineteen_others_under_a_second() {
    let app = chat();
    let _attack: Vec<_> = (1..=4).map(|n| flood(&app, format!("198.51.{n}.7"), CHAT, 50)).collect();
    tokio::time::sleep(3 * SECOND).await;
    for number in 0..19 {
        let (answer, took) = took(&app, from(&format!("203.0.{number}.9"), CHAT, None)).await;
        assert_eq!(answer.status, StatusCode::OK, "{number}: {}", answer.text);
        assert!(took < SECOND, "{number}: {took:?}");
        tokio::time::sleep(SECOND / 5).await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_ipv6_56_that_mints_tokens_leaves_others_under_a_second_and_stores_nothing() {
    let mut config = cec(tokens(), guests());
    config.queue.cec = Pace { per_second: 100, ..config.queue.cec };
    let app = server(config, Vendor::saying("{}"));
    let _attack: Vec<_> =
        (0..256).map(|n| flood(&app, format!("2001:db8:0:{n:x}::1"), CEC_LOGIN, 2)).collect();
    tokio::time::sleep(2 * SECOND).await;
    for number in 0..10 {
        let address = format!("2001:db8:{}::1", number + 1);
        let (answer, took) = took(&app, from(&address, CEC_LOGIN, None)).await;
        assert_eq!(answer.status, StatusCode::OK, "{number}: {}", answer.text);
        assert!(took < SECOND, "{number}: {took:?}");
        tokio::time::sleep(SECOND / 5).await;
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_refused_to_one_address_while_nobody_else_asks() {
    let app = chat();
    let start = Instant::now();
    let mut set = JoinSet::new();
    for _ in 0..60 {
        let app = app.clone();
        set.spawn(async move { ask(&app, from("203.0.113.9", CHAT, None)).await.status });
    }
    assert!(set.join_all().await.into_iter().all(|status| status == StatusCode::OK));
    assert!(start.elapsed() <= 3 * SECOND, "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn requests_without_a_cookie_do_not_move_the_waits_of_their_network() {
    let app = chat();
    let _crowd: Vec<_> =
        (1..=150).map(|n| flood(&app, format!("203.0.113.{n}"), CHAT, 1)).collect();
    tokio::time::sleep(Duration::from_millis(1)).await;
    let told = async |address: &str| {
        let answer = ask(&app, from(address, CHAT, None)).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.text);
        answer.header("retry-after").parse::<u32>().unwrap()
    };
    let before = told("203.0.113.200").await;
    for _ in 0..1000 {
        told("203.0.113.201").await;
    }
    let after = told("203.0.113.202").await;
    assert!(after <= before + 1, "{before} s became {after} s");
    assert!(after <= 10, "150 wait at 20 a second: {after} s");
}

/// Agents whom a gateway names in a header.
mod agents {
    use calldock_server::identity::gateway::header::Sender;
    use calldock_server::identity::gateway::{HeaderSettings, NameEncoding};
    use calldock_server::identity::{AgentSettings, AuthenticatorSettings};
    use calldock_service::{Gateways, network};

    use super::*;
    use crate::support::{GOOD, LOGIN};

    fn app() -> Router {
        let mut config = settings();
        config.http.listen.gateways = Gateways::new([network("10.0.0.0/8").unwrap()]);
        let header = HeaderSettings {
            header: "x-auth-user".parse().unwrap(),
            name_header: None,
            name_encoding: NameEncoding::Plain,
            sender: Sender::ListenGateways,
            secret: None,
        };
        let by = AuthenticatorSettings::Header(header);
        config.agents = Some(AgentSettings::By(by));
        server(config, Vendor::saying(GOOD))
    }

    fn login(agent: &str, address: &str, ticket: Option<&str>) -> Request<Body> {
        let mut request = from("10.0.0.1", LOGIN, ticket);
        let headers = request.headers_mut();
        headers.insert("x-forwarded-for", address.parse().unwrap());
        headers.insert("x-auth-user", agent.parse().unwrap());
        request
    }

    /// Logs in as the SDK does: a full queue's ticket is sent back after the wait it names.
    async fn log_in(app: Arc<Router>, agent: String, address: &'static str) -> Duration {
        let start = Instant::now();
        let mut ticket = None;
        loop {
            let answer = ask(&app, login(&agent, address, ticket.as_deref())).await;
            if answer.status == StatusCode::OK {
                return start.elapsed();
            }
            let problem = answer.problem();
            assert_eq!((problem.status, problem.code.as_str()), (503, "QUEUE_FULL"));
            let wait = problem.wait_seconds.unwrap();
            assert_eq!(answer.header("retry-after"), wait.to_string());
            ticket = problem.ticket;
            tokio::time::sleep(wait as u32 * SECOND).await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_office_of_500_logs_in_within_30_s_and_others_wait_under_a_second() {
        let app = Arc::new(app());
        let mut office = JoinSet::new();
        for number in 0..500 {
            office.spawn(log_in(
                Arc::clone(&app),
                format!("agent{number}@example.com"),
                "203.0.113.9",
            ));
        }
        let mut others = JoinSet::new();
        for (number, address) in
            ["198.51.100.1", "198.51.101.1", "198.51.102.1"].into_iter().enumerate()
        {
            let app = Arc::clone(&app);
            others.spawn(async move {
                let mut waits = Vec::new();
                for _ in 0..25 {
                    let agent = format!("other{number}@example.com");
                    waits.push(log_in(Arc::clone(&app), agent, address).await);
                    tokio::time::sleep(SECOND).await;
                }
                waits
            });
        }
        let office = office.join_all().await;
        let last = office.iter().max().unwrap();
        assert!(*last <= 30 * SECOND, "{last:?}");
        for waits in others.join_all().await {
            assert!(waits.iter().all(|wait| *wait < SECOND), "{waits:?}");
        }
    }
}
