//! Visitors nobody knows, and their cookies.

use axum::Router;
use calldock_server::http::browser::BrowserPolicy;

use crate::support::{
    Answer, CEC_LOGIN, GOOD, Vendor, ask, cec, guests, public, request, server, signing,
};

const SECURE: &str = "__Host-calldock-guest";
const PLAIN: &str = "calldock-guest";

fn app() -> Router {
    let mut config = cec(signing(), guests());
    config.http.browser = BrowserPolicy {
        allowed_origins: vec!["http://localhost:5173".into()],
        ..BrowserPolicy::default()
    };
    public(&mut config, &["https://shop.example", "http://localhost:8700"]);
    server(config, Vendor::saying(GOOD))
}

async fn login(app: &Router, headers: &[(&str, &str)]) -> Answer {
    let answer = ask(app, request("POST", CEC_LOGIN, headers)).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
    answer
}

fn id(answer: &Answer) -> String {
    answer.json()["thirdUserId"].as_str().unwrap().to_owned()
}

/// `name=value` as it goes back in a Cookie header.
fn pair(answer: &Answer) -> String {
    answer.header("set-cookie").split(';').next().unwrap().to_owned()
}

const HTTPS: [(&str, &str); 2] = [("origin", "https://shop.example"), ("host", "shop.example")];
const HTTP: [(&str, &str); 2] = [("origin", "http://localhost:8700"), ("host", "localhost:8700")];

#[tokio::test]
async fn a_guest_is_known_again_by_the_cookie() {
    let app = app();
    for page in [HTTPS, HTTP] {
        let first = login(&app, &page).await;
        assert!(id(&first).starts_with("guest-") && id(&first).len() == 32, "{}", id(&first));
        assert_eq!(first.json()["thirdUserName"], format!("Guest {}", &id(&first)[6..12]));
        let cookie = format!("theme=dark; {}; x=y", pair(&first));
        let again = login(&app, &[page[0], page[1], ("cookie", &cookie)]).await;
        assert_eq!(id(&again), id(&first));
        assert_eq!(again.header("set-cookie"), "", "nothing new to keep");
        assert_ne!(id(&login(&app, &page).await), id(&first), "somebody else");
    }
}

#[tokio::test]
async fn the_cookie_is_as_closed_as_the_page_allows() {
    let app = app();
    let secure = login(&app, &HTTPS).await;
    let cookie = secure.header("set-cookie");
    assert!(cookie.starts_with(&format!("{SECURE}=")), "{cookie}");
    assert!(
        cookie.ends_with("; Path=/; Max-Age=15552000; HttpOnly; SameSite=Lax; Secure"),
        "{cookie}"
    );
    assert!(!cookie.contains("Domain"));
    assert!(secure.headers["set-cookie"].is_sensitive());
    let plain = login(&app, &HTTP).await;
    let cookie = plain.header("set-cookie");
    assert!(cookie.starts_with(&format!("{PLAIN}=")), "{cookie}");
    assert!(cookie.ends_with("; Path=/; Max-Age=15552000; HttpOnly; SameSite=Lax"), "{cookie}");
    assert!(pair(&login(&app, &[]).await).starts_with(SECURE), "in doubt the closed one");
}

#[tokio::test]
async fn the_id_does_not_make_anyone_that_guest() {
    let app = app();
    let victim = login(&app, &HTTPS).await;
    let secret = pair(&victim).split_once('=').unwrap().1.to_owned();
    assert!(!victim.text.contains(&secret));
    let (victim, plain) = (id(&victim), format!("{PLAIN}={secret}"));
    let hex = victim.strip_prefix("guest-").unwrap();
    for cookie in [
        format!("{SECURE}={victim}"),
        format!("{SECURE}={hex}"),
        format!("{SECURE}={hex}{}", "0".repeat(17)),
        format!("{SECURE}="),
        format!("{SECURE}={secret}x"),
        format!("{SECURE}=\"{secret}\""),
        // Planted beside the real one, or on a page without TLS.
        format!("{SECURE}={secret}; {SECURE}={}", "A".repeat(43)),
        plain,
    ] {
        let answer = login(&app, &[HTTPS[0], HTTPS[1], ("cookie", &cookie)]).await;
        assert_ne!(id(&answer), victim, "{cookie}");
    }
}

#[tokio::test]
async fn a_refused_page_is_given_no_cookie() {
    let foreign = [("origin", "https://evil.example"), ("host", "shop.example")];
    let answer = ask(&app(), request("POST", CEC_LOGIN, &foreign)).await;
    assert_eq!((answer.status.as_u16(), answer.header("set-cookie")), (403, ""));
}
