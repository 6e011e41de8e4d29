//! `gateway`, by the application's own answer, over real sockets.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use calldock_server::http::router;
use calldock_server::identity::AuthenticatorSettings;
use calldock_server::identity::gateway::AskSettings;
use calldock_server::key::ServerKey;
use calldock_server::observe::metrics;
use calldock_server::queue::{Budget, Pace, Who};
use calldock_server::start::Kept;
use calldock_server::store::Store;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::listen;
use super::{app, refused, visit, visitor};
use crate::support::Vendor;

const TOM: &str = r#"{"id":"10010001","name":"刘先生"}"#;

async fn whoami(routes: Router, change: impl FnOnce(&mut AskSettings)) -> Router {
    let address = listen(routes).await;
    let mut config = AskSettings {
        url: format!("http://{address}/whoami?from=calldock").parse().unwrap(),
        cookies: vec!["JSESSIONID".into(), "sid".into()],
        id_member: "/id".into(),
        name_member: "/name".into(),
        cache: Duration::from_secs(5),
    };
    change(&mut config);
    app(&AuthenticatorSettings::Ask(config))
}

/// An application that always says this.
async fn saying(status: u16, body: &'static str) -> Router {
    let answer = move || async move { (StatusCode::from_u16(status).unwrap(), body) };
    whoami(Router::new().route("/whoami", get(answer)), |_| {}).await
}

const SESSION: [(&str, &str); 1] = [("cookie", "JSESSIONID=0123456789ABCDEF")];

#[tokio::test]
async fn the_application_is_asked_with_the_listed_cookies_and_nothing_else() {
    let seen: Arc<Mutex<Vec<(String, String, HeaderMap)>>> = Arc::default();
    let application = {
        let seen = Arc::clone(&seen);
        any(move |request: Request| async move {
            let (parts, _) = request.into_parts();
            let (method, uri) = (parts.method.to_string(), parts.uri.to_string());
            seen.lock().unwrap().push((method, uri, parts.headers));
            TOM
        })
    };
    let app = whoami(Router::new().fallback(application), |_| {}).await;
    let headers = [
        ("cookie", "theme=dark; JSESSIONID=0123; __Host-calldock-guest=x; jsessionid=no"),
        ("cookie", "sid=a=b; JSESSIONID=4567"),
        ("authorization", "Bearer x"),
        ("x-remote-user", "boss"),
        ("origin", "https://shop.example"),
        ("host", "shop.example"),
        ("user-agent", "a browser"),
    ];
    assert_eq!(visitor(&visit(&app, &headers).await), ("10010001".into(), "刘先生".into()));
    let seen = std::mem::take(&mut *seen.lock().unwrap());
    let [(method, uri, headers)] = &seen[..] else { panic!("{seen:?}") };
    assert_eq!((method.as_str(), uri.as_str()), ("GET", "/whoami?from=calldock"));
    assert_eq!(headers["cookie"], "JSESSIONID=0123; sid=a=b; JSESSIONID=4567");
    let mut names: Vec<_> = headers.keys().map(axum::http::HeaderName::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["accept", "cookie", "host", "user-agent"]);
    assert!(headers["user-agent"].to_str().unwrap().starts_with("calldock-server/"));
}

#[tokio::test]
async fn without_a_listed_cookie_nobody_is_asked() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counting = {
        let asked = Arc::clone(&asked);
        get(move || async move {
            asked.fetch_add(1, Ordering::Relaxed);
            TOM
        })
    };
    let app = whoami(Router::new().route("/whoami", counting), |_| {}).await;
    for headers in [&[][..], &[("cookie", "theme=dark")], &[("cookie", "JSESSIONID")]] {
        assert_eq!(refused(&visit(&app, headers).await), (401, "LOGIN_FAILED".into()));
    }
    assert_eq!(asked.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn members_are_found_by_their_pointers() {
    for (body, expected) in [
        (r#"{"user":{"id":17,"names":["Tom"]}}"#, ("17", "Tom")),
        (r#"{"user":{"id":"a/b","names":[]}}"#, ("a/b", "Customer")),
        (r#"{"user":{"id":"1","names":[17]}}"#, ("1", "Customer")),
        (r#"{"user":{"id":"1","names":["a\nb"]}}"#, ("1", "Customer")),
    ] {
        let app =
            whoami(Router::new().route("/whoami", get(move || async move { body })), |config| {
                config.id_member = "/user/id".into();
                config.name_member = "/user/names/0".into();
            })
            .await;
        let (id, name) = visitor(&visit(&app, &SESSION).await);
        assert_eq!((id.as_str(), name.as_str()), expected, "{body}");
    }
}

#[tokio::test]
async fn whatever_is_no_clear_answer_is_refused() {
    for (status, body, expected) in [
        (401, TOM, (401, "LOGIN_FAILED")),
        (403, "", (401, "LOGIN_FAILED")),
        (500, TOM, (502, "LOGIN_FAILED")),
        (404, "", (502, "LOGIN_FAILED")),
        (201, TOM, (502, "LOGIN_FAILED")),
        (204, "", (502, "LOGIN_FAILED")),
        (200, "", (502, "LOGIN_FAILED")),
        (200, "<html>sign in</html>", (502, "LOGIN_FAILED")),
        (200, "{}", (502, "LOGIN_FAILED")),
        (200, r#"{"id":""}"#, (502, "LOGIN_FAILED")),
        (200, r#"{"id":null}"#, (502, "LOGIN_FAILED")),
        (200, r#"{"id":1.5}"#, (502, "LOGIN_FAILED")),
        (200, r#"{"id":"a\u0000b"}"#, (502, "LOGIN_FAILED")),
        (200, r#"{"id":["1"]}"#, (502, "LOGIN_FAILED")),
    ] {
        let answer = visit(&saying(status, body).await, &SESSION).await;
        assert_eq!(refused(&answer), (expected.0, expected.1.into()), "{status} {body}");
        assert!(!answer.text.contains("0123456789ABCDEF"));
    }
}

#[tokio::test]
async fn a_redirect_to_a_sign_in_page_is_not_followed() {
    let elsewhere = || async { (StatusCode::FOUND, [("location", "/tom")]) };
    let routes =
        Router::new().route("/whoami", get(elsewhere)).route("/tom", get(|| async { TOM }));
    let answer = visit(&whoami(routes, |_| {}).await, &SESSION).await;
    assert_eq!(refused(&answer), (502, "LOGIN_FAILED".into()));
    assert!(answer.text.contains("status 302"), "{}", answer.text);
}

#[tokio::test]
async fn an_application_that_hangs_floods_or_is_away_is_given_up() {
    let hang = || async { std::future::pending::<Response>().await };
    let app = whoami(Router::new().route("/whoami", get(hang)), |_| {}).await;
    assert_eq!(refused(&visit(&app, &SESSION).await), (504, "TIMEOUT".into()));
    let flood = || async { format!(r#"{{"id":"1","x":"{}"}}"#, "x".repeat(64 * 1024)) };
    let app = whoami(Router::new().route("/whoami", get(flood)), |_| {}).await;
    assert_eq!(refused(&visit(&app, &SESSION).await), (502, "LOGIN_FAILED".into()));
    // Bound, and nobody listens: no other program gets this port meanwhile.
    let nobody = tokio::net::TcpSocket::new_v4().unwrap();
    nobody.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let url = format!("http://{}/whoami", nobody.local_addr().unwrap()).parse().unwrap();
    let app = whoami(Router::new(), |config| config.url = url).await;
    assert_eq!(refused(&visit(&app, &SESSION).await), (502, "NETWORK".into()));
}

/// Counts, and says no at first.
fn counting(asked: &Arc<AtomicUsize>, refusals: usize) -> Router {
    let asked = Arc::clone(asked);
    let answer = move || async move {
        if asked.fetch_add(1, Ordering::Relaxed) < refusals {
            return StatusCode::UNAUTHORIZED.into_response();
        }
        TOM.into_response()
    };
    Router::new().route("/whoami", get(answer))
}

#[tokio::test]
async fn a_response_is_cached_under_its_cookies_and_a_refusal_never() {
    let asked = Arc::new(AtomicUsize::new(0));
    let app = whoami(counting(&asked, 2), |_| {}).await;
    for _ in 0..2 {
        assert_eq!(visit(&app, &SESSION).await.status.as_u16(), 401);
    }
    for _ in 0..3 {
        // What is not forwarded makes no difference.
        let headers = [SESSION[0], ("cookie", "theme=dark")];
        assert_eq!(visitor(&visit(&app, &headers).await).0, "10010001");
    }
    assert_eq!(asked.load(Ordering::Relaxed), 3);
    visit(&app, &[("cookie", "JSESSIONID=another")]).await;
    assert_eq!(asked.load(Ordering::Relaxed), 4, "another session is asked about");
}

#[tokio::test]
async fn a_cached_response_expires() {
    let asked = Arc::new(AtomicUsize::new(0));
    let app = whoami(counting(&asked, 0), |settings| {
        settings.cache = Duration::from_millis(20);
    })
    .await;
    // The cache has a clock of its own.
    let deadline = std::time::Instant::now() + Duration::from_secs(10);
    while asked.load(Ordering::Relaxed) < 2 && std::time::Instant::now() < deadline {
        visit(&app, &SESSION).await;
    }
    assert_eq!(asked.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn a_cache_of_zero_seconds_caches_nothing() {
    let asked = Arc::new(AtomicUsize::new(0));
    let app = whoami(counting(&asked, 0), |settings| settings.cache = Duration::ZERO).await;
    for _ in 0..3 {
        visit(&app, &SESSION).await;
    }
    assert_eq!(asked.load(Ordering::Relaxed), 3);
}

#[tokio::test]
async fn those_who_ask_the_same_at_once_are_asked_about_once() {
    let (asked, go) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
    let answer = {
        let (asked, go) = (Arc::clone(&asked), Arc::clone(&go));
        get(move || async move {
            asked.fetch_add(1, Ordering::Relaxed);
            go.notified().await;
            TOM
        })
    };
    let app = whoami(Router::new().route("/whoami", answer), |_| {}).await;
    let visits: Vec<_> = (0..20)
        .map(|_| {
            let app = app.clone();
            tokio::spawn(async move { visitor(&visit(&app, &SESSION).await).0 })
        })
        .collect();
    while asked.load(Ordering::Relaxed) == 0 {
        tokio::task::yield_now().await;
    }
    go.notify_one();
    for visit in visits {
        assert_eq!(visit.await.unwrap(), "10010001");
    }
    assert_eq!(asked.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_reload_changes_the_pace_of_the_look_ups() {
    let address = listen(Router::new().route("/whoami", get(async || TOM))).await;
    let config = |per_second, deadline| {
        let settings = AskSettings {
            url: format!("http://{address}/whoami").parse().unwrap(),
            cookies: vec!["sid".into()],
            id_member: "/id".into(),
            name_member: "/name".into(),
            cache: Duration::from_secs(5),
        };
        let by = AuthenticatorSettings::Ask(settings);
        let mut config = super::known_by(&by);
        config.queue.look_ups = Pace { per_second, deadline: Duration::from_secs(deadline) };
        config
    };
    let mut kept = Kept::new(&config(1, 1), Vendor::saying("{}")).unwrap();
    for (config, all) in [(config(1, 1), false), (config(1000, 6), true)] {
        let app = router(&kept.app(config).unwrap());
        let mut visits = JoinSet::new();
        for number in 0..20 {
            let app = app.clone();
            let cookie = format!("sid={number}");
            visits.spawn(async move { visit(&app, &[("cookie", &cookie)]).await.status });
        }
        let served = visits.join_all().await.into_iter().all(|status| status == StatusCode::OK);
        assert_eq!(served, all);
    }
}

/// An application whose look-ups have one turn a second and may wait for one.
fn one_a_second(address: std::net::SocketAddr) -> calldock_server::config::Config {
    let settings = AskSettings {
        url: format!("http://{address}/whoami").parse().unwrap(),
        cookies: vec!["sid".into()],
        id_member: "/id".into(),
        name_member: "/name".into(),
        cache: Duration::ZERO,
    };
    let by = AuthenticatorSettings::Ask(settings);
    let mut config = super::known_by(&by);
    config.queue.look_ups = Pace { per_second: 1, deadline: Duration::from_secs(1) };
    config
}

#[tokio::test]
async fn a_full_queue_of_look_ups_gives_a_ticket_that_keeps_the_turn() {
    let recorder = metrics::recorder().unwrap();
    let handle = recorder.handle();
    let _counting = ::metrics::set_default_local_recorder(&recorder);
    let config = one_a_second(listen(Router::new().route("/whoami", get(async || TOM))).await);
    let mut kept = Kept::new(&config, Vendor::saying("{}")).unwrap();
    let app = router(&kept.app(config).unwrap());
    let ask = |number: usize, ticket: String| {
        let app = app.clone();
        async move {
            let cookie = format!("sid={number}");
            let ticket = [("cookie", &*cookie), ("x-calldock-ticket", &*ticket)];
            visit(&app, &ticket[..if ticket[1].1.is_empty() { 1 } else { 2 }]).await
        }
    };
    let answers = futures_util::future::join_all((0..8).map(|number| ask(number, String::new())));
    let waits = || {
        let counts = kept.counts()().into_iter();
        counts.filter(|(_, name, _)| *name == "look_ups").map(|count| count.2).collect::<Vec<_>>()
    };
    assert_eq!(waits(), [0]);
    let full: Vec<_> =
        answers.await.into_iter().filter(|answer| answer.status != StatusCode::OK).collect();
    assert!((1..8).contains(&full.len()), "{}", full.len());
    let problem = full[0].json();
    assert_eq!(problem["code"], "QUEUE_FULL", "{problem}");
    let wait = problem["waitSeconds"].as_u64().unwrap();
    assert_eq!(full[0].header("retry-after"), wait.to_string());
    let text = handle.render();
    let refused = format!("calldock_queue_full_total{{budget=\"look_ups\"}} {}", full.len());
    assert!(text.contains(&refused), "{text}");
    assert!(text.contains("calldock_queue_wait_seconds_count{budget=\"look_ups\"}"), "{text}");
    // The holder has the turn it would have had, before those who come now.
    tokio::time::sleep(Duration::from_secs(wait)).await;
    let later = (20..28).map(|number| ask(number, String::new()));
    let ticket = problem["ticket"].as_str().unwrap().to_owned();
    let (holder, _) = tokio::join!(ask(1, ticket), futures_util::future::join_all(later));
    assert_eq!(holder.status, StatusCode::OK, "{}", holder.text);
}

#[tokio::test]
async fn a_full_queue_of_look_ups_keeps_the_turn_that_the_login_has() {
    let key = ServerKey::random();
    let pace = Pace { per_second: 1, deadline: Duration::from_secs(10) };
    // Each of them knows of the others nothing but the key, as instances do.
    let login = |pace| Budget::new("cec", pace, &key, &Store::memory());
    let who = |id: &str| Who::person(id, [203, 0, 113, 9].into());
    let full = login(Pace { deadline: Duration::ZERO, ..pace });
    full.turn(&who("other"), None).await.unwrap();
    let held = full.turn(&who("10010001"), None).await.unwrap_err().ticket;
    let mut config = one_a_second(listen(Router::new().route("/whoami", get(async || TOM))).await);
    config.key = Some(key.clone());
    let app = router(&Kept::new(&config, Vendor::saying("{}")).unwrap().app(config).unwrap());
    let visits = (0..8).map(|number| {
        let (app, held) = (app.clone(), held.clone());
        async move {
            let cookie = format!("sid={number}");
            visit(&app, &[("cookie", &cookie), ("x-calldock-ticket", &held)]).await
        }
    });
    let answers = futures_util::future::join_all(visits).await;
    let refused = answers.iter().find(|answer| answer.status != StatusCode::OK).unwrap();
    let ticket = refused.problem().ticket.unwrap();
    let busy = login(pace);
    busy.turn(&who("other"), None).await.unwrap();
    let mut later = JoinSet::new();
    for number in 0..3 {
        let (busy, who) = (busy.clone(), who(&format!("later{number}")));
        later.spawn(async move { busy.turn(&who, None).await });
    }
    while busy.waiting() < 3 {
        tokio::task::yield_now().await;
    }
    busy.turn(&who("10010001"), Some(&ticket)).await.unwrap();
    assert!(later.try_join_next().is_none(), "served before those who came later");
}
