//! The vendor's 20 requests a second, whatever the pages ask.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::StatusCode;
use calldock_server::tccc::transport::{Call, Sending};
use calldock_server::tccc::{Pace, Transport};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::support::{GOOD, login, reply, server, settings, tccc};

/// A vendor that answers after a while and notes when it was asked.
#[derive(Default)]
struct Watch(Mutex<Vec<Instant>>);

impl Transport for Watch {
    fn send(&self, _: Call) -> Sending<'_> {
        self.0.lock().unwrap().push(Instant::now());
        Box::pin(async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            Ok(reply(200, "application/json", GOOD))
        })
    }
}

async fn crowd(pace: Pace, size: usize) -> (Vec<Instant>, Vec<(StatusCode, Duration, String)>) {
    let vendor = Arc::new(Watch::default());
    let mut config = settings();
    tccc(&mut config).pace = pace;
    let app = server(config, vendor.clone());
    let start = Instant::now();
    let mut set = JoinSet::new();
    for _ in 0..size {
        let app = app.clone();
        set.spawn(async move {
            let answer = login(&app).await;
            if answer.status != StatusCode::OK {
                assert_eq!(answer.problem().code, "LOGIN_FAILED");
                assert!(answer.text.contains("tccc.queue_deadline"), "{}", answer.text);
            }
            (answer.status, start.elapsed(), answer.header("retry-after").to_owned())
        });
    }
    let answers = set.join_all().await;
    let asked = vendor.0.lock().unwrap().clone();
    (asked, answers)
}

#[tokio::test(start_paused = true)]
async fn a_hundred_logins_at_once_arrive_at_twenty_a_second() {
    let (asked, answers) = crowd(Pace::default(), 100).await;
    assert_eq!(asked.len(), 100);
    for window in asked.windows(21) {
        assert!(window[20] - window[0] >= Duration::from_secs(1));
    }
    // A page gives up after 15 s.
    for (status, at, _) in answers {
        assert!(status == StatusCode::OK && at < Duration::from_secs(6), "{status} after {at:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_would_wait_too_long_is_refused_at_once_with_a_time_to_come_back() {
    let pace = Pace { per_second: 10, deadline: Duration::from_secs(2) };
    let (asked, answers) = crowd(pace, 100).await;
    assert_eq!(asked.len(), 21);
    let refused: Vec<_> = answers.iter().filter(|(status, ..)| *status != StatusCode::OK).collect();
    assert_eq!(refused.len(), 79);
    for (status, at, retry_after) in refused {
        assert_eq!((*status, *at), (StatusCode::SERVICE_UNAVAILABLE, Duration::ZERO));
        assert_eq!(retry_after, "1");
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_that_goes_away_asks_the_vendor_for_nothing() {
    let vendor = Arc::new(Watch::default());
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
    assert_eq!(vendor.0.lock().unwrap().len(), 3);
    let start = Instant::now();
    assert_eq!(login(&app).await.status, StatusCode::OK);
    assert_eq!(start.elapsed(), Duration::from_millis(300), "nobody is in the queue any more");
}
