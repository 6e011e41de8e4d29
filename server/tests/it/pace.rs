//! The vendor's 20 requests a second, however many pages call, and tickets where the queue is full.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use calldock_server::identity::{Visitor, VisitorSettings};
use calldock_server::queue::{Pace, TICKET_HEADER};
use calldock_server::tccc::Transport;
use calldock_server::tccc::transport::{Call, Sending};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::support::{Answer, CHAT, GOOD, ask, guests, login, reply, request, server, settings};

/// A vendor that responds after 300 ms and records when it was called.
#[derive(Default)]
struct Recorded(Mutex<Vec<Instant>>);

impl Transport for Recorded {
    fn send(&self, call: Call) -> Sending<'_> {
        self.0.lock().unwrap().push(Instant::now());
        let chat = call.headers["x-tc-action"] == "CreateUserSig";
        Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(300)).await;
            let body =
                if chat { r#"{"Response":{"UserSig":"sig","RequestId":"r"}}"# } else { GOOD };
            Ok(reply(200, "application/json", body))
        })
    }
}

impl Recorded {
    fn calls(&self) -> Vec<Instant> {
        self.0.lock().unwrap().clone()
    }
}

/// A chat for guests with this pace.
fn chat(pace: Pace) -> (Arc<Recorded>, Router) {
    let vendor = Arc::new(Recorded::default());
    let mut config = crate::chat::chat(guests());
    config.queue.vendor = pace;
    (vendor.clone(), server(config, vendor))
}

async fn crowd(app: &Router, size: usize) -> Vec<(Answer, Duration)> {
    let start = Instant::now();
    let mut set = JoinSet::new();
    for _ in 0..size {
        let app = app.clone();
        set.spawn(async move { (ask(&app, request("POST", CHAT, &[])).await, start.elapsed()) });
    }
    set.join_all().await
}

#[tokio::test(start_paused = true)]
async fn a_hundred_chats_at_once_reach_the_vendor_at_twenty_a_second() {
    let (vendor, app) = chat(Pace::default());
    let answers = crowd(&app, 100).await;
    let calls = vendor.calls();
    assert_eq!(calls.len(), 100);
    for window in calls.windows(22) {
        assert!(window[21] - window[0] >= Duration::from_secs(1));
    }
    // A page gives up after 15 s.
    for (answer, at) in answers {
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        assert!(at < Duration::from_secs(6), "after {at:?}");
    }
}

/// Each is a line of the audit: a page that repeats its request would fill the disk with them.
#[tokio::test(start_paused = true)]
async fn a_signature_that_is_handed_out_again_takes_a_turn_of_its_own_budget() {
    let vendor = Arc::new(Recorded::default());
    let visitor = Visitor { id: "zhangsan".into(), name: "张三".into() };
    let mut config = crate::chat::chat(VisitorSettings::Fixed(visitor));
    config.queue.cec.per_second = 10;
    let app = server(config, vendor.clone());
    assert_eq!(crowd(&app, 1).await[0].0.status, StatusCode::OK);
    let answers = crowd(&app, 20).await;
    assert!(answers.iter().all(|(answer, _)| answer.status == StatusCode::OK));
    let last = answers.iter().map(|(_, at)| *at).max().unwrap();
    assert!(last > Duration::from_millis(1800), "{last:?}");
    assert_eq!(vendor.calls().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_full_queue_responds_at_once_with_a_ticket_and_the_ticket_keeps_the_turn() {
    let (_, app) = chat(Pace { per_second: 10, deadline: Duration::from_secs(2) });
    let answers = crowd(&app, 100).await;
    let (served, refused): (Vec<_>, Vec<_>) =
        answers.into_iter().partition(|(answer, _)| answer.status == StatusCode::OK);
    assert!((20..=24).contains(&served.len()), "{}", served.len());
    for (answer, at) in &refused {
        assert_eq!((answer.status, *at), (StatusCode::SERVICE_UNAVAILABLE, Duration::ZERO));
        let problem = answer.problem();
        assert_eq!(problem.code, "QUEUE_FULL");
        assert!(problem.ticket.is_some_and(|ticket| !ticket.is_empty()));
        assert_eq!(
            problem.wait_seconds.map(|wait| wait.to_string()).as_deref(),
            Some(answer.header("retry-after"))
        );
        // The ticket is bound to the guest, who must get the cookie with it.
        assert!(answer.header("set-cookie").starts_with("__Host-calldock-guest="));
    }
    // A client that returns with cookie and ticket after the wait is served before new ones.
    let (first, _) = &refused[0];
    let problem = first.problem();
    let wait = Duration::from_secs(u64::from(problem.wait_seconds.unwrap()));
    tokio::time::sleep(wait).await;
    let late = tokio::spawn({
        let app = app.clone();
        async move { crowd(&app, 60).await.len() }
    });
    let cookie = first.header("set-cookie").split(';').next().unwrap().to_owned();
    let headers =
        [("cookie", cookie.as_str()), (TICKET_HEADER, problem.ticket.as_deref().unwrap())];
    let start = Instant::now();
    let again = ask(&app, request("POST", CHAT, &headers)).await;
    assert_eq!(again.status, StatusCode::OK, "{}", again.text);
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    late.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_page_that_disconnects_while_it_waits_costs_no_call() {
    let vendor = Arc::new(Recorded::default());
    let app = server(settings(), vendor.clone());
    let waiting: Vec<_> = (0..50)
        .map(|_| {
            let app = app.clone();
            tokio::spawn(async move { login(&app).await })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(120)).await;
    waiting.iter().for_each(tokio::task::JoinHandle::abort);
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert!((2..=4).contains(&vendor.calls().len()), "{}", vendor.calls().len());
    let start = Instant::now();
    assert_eq!(login(&app).await.status, StatusCode::OK);
    assert_eq!(start.elapsed(), Duration::from_millis(300), "the queue is empty again");
}
