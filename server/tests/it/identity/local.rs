//! `local`, its routes and its sessions.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use calldock_accounts::{Account, Database, Settings, passwords};
use calldock_server::http::router;
use calldock_server::identity::AuthenticatorSettings;
use serde_json::json;
use tempfile::TempDir;

use super::{agent, known_by, refused, visit, visitor, with_bytes};
use crate::support::{Answer, GOOD, Vendor, ask, come_from, post, request};

pub const SESSION: &str = "/calldock/v1/session";
const PASSWORD: &str = "/calldock/v1/session/password";
const SECURE: &str = "__Host-calldock-session";
pub const RIGHT: &str = "correct horse battery";
const NEXT: &str = "staple of another horse";
const HTTPS: [(&str, &str); 2] = [("origin", "https://shop.example"), ("host", "shop.example")];

/// A server with an account for the agent, and its database.
pub struct Shop {
    pub app: Router,
    pub accounts: Database,
    pub local: std::sync::Arc<calldock_server::identity::Local>,
    _folder: TempDir,
}

pub fn shop() -> Shop {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("accounts.sqlite3");
    let accounts = Database::open(&database).unwrap();
    let account = Account::new("agent@example.com", Some("张三")).unwrap();
    accounts.add(&account, &passwords::hash(&RIGHT.into()).unwrap()).unwrap();
    let settings = Settings { database, session_lifetime: Duration::from_secs(3600) };
    let config = known_by(&AuthenticatorSettings::Local(settings));
    let app = crate::support::app(config, Vendor::saying(GOOD));
    let local = app.local.clone().unwrap();
    Shop { app: router(&app), accounts, local, _folder: folder }
}

pub fn sign_in(user: &str, password: &str) -> Request<Body> {
    let body = json!({ "user": user, "password": password }).to_string();
    with_bytes(post(SESSION, &body), &HTTPS)
}

fn cookie(answer: &Answer) -> String {
    assert_eq!(answer.status.as_u16(), 204, "{}", answer.text);
    answer.header("set-cookie").split(';').next().unwrap().to_owned()
}

async fn signed_in(shop: &Shop) -> String {
    cookie(&ask(&shop.app, sign_in("agent@example.com", RIGHT)).await)
}

async fn with_cookie(shop: &Shop, method: &str, cookie: &str) -> Answer {
    let headers = [HTTPS[0], HTTPS[1], ("cookie", cookie)];
    ask(&shop.app, request(method, SESSION, &headers)).await
}

async fn change(shop: &Shop, cookie: &str, old: &str, new: &str) -> Answer {
    let body = json!({ "old": old, "new": new }).to_string();
    let mut asked = with_bytes(post(PASSWORD, &body), &HTTPS);
    *asked.method_mut() = axum::http::Method::PUT;
    ask(&shop.app, with_bytes(asked, &[("cookie", cookie)])).await
}

#[tokio::test]
async fn whoever_signs_in_is_known_until_the_end_of_the_session() {
    let shop = shop();
    let nobody = ask(&shop.app, request("GET", SESSION, &HTTPS)).await;
    assert_eq!(refused(&nobody), (401, "LOGIN_FAILED".into()));
    let answer = ask(&shop.app, sign_in("agent@example.com", RIGHT)).await;
    assert_eq!(answer.text, "");
    let set = answer.header("set-cookie");
    assert!(set.starts_with(&format!("{SECURE}=")), "{set}");
    assert!(set.ends_with("; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax; Secure"), "{set}");
    assert!(answer.headers["set-cookie"].is_sensitive());
    let cookie = cookie(&answer);
    let told = with_cookie(&shop, "GET", &cookie).await;
    assert_eq!(told.json(), json!({ "userId": "agent@example.com", "name": "张三" }));
    let headers = [HTTPS[0], HTTPS[1], ("cookie", cookie.as_str())];
    let expected = ("agent@example.com".to_owned(), "张三".to_owned());
    assert_eq!(visitor(&visit(&shop.app, &headers).await), expected);
    assert_eq!(agent(&shop.app, &headers).await.json()["userId"], "agent@example.com");
    let ended = with_cookie(&shop, "DELETE", &cookie).await;
    assert_eq!(ended.status.as_u16(), 204);
    assert!(ended.header("set-cookie").starts_with(&format!("{SECURE}=; Path=/; Max-Age=0; ")));
    assert_eq!(refused(&with_cookie(&shop, "GET", &cookie).await), (401, "LOGIN_FAILED".into()));
    assert_eq!(refused(&visit(&shop.app, &headers).await), (401, "LOGIN_FAILED".into()));
    assert_eq!(with_cookie(&shop, "DELETE", &cookie).await.status.as_u16(), 204, "twice is fine");
}

#[tokio::test]
async fn a_session_ends_by_itself() {
    let shop = shop();
    let cookie = signed_in(&shop).await;
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(3599)).await;
    assert_eq!(with_cookie(&shop, "GET", &cookie).await.status.as_u16(), 200);
    tokio::time::advance(Duration::from_secs(2)).await;
    assert_eq!(with_cookie(&shop, "GET", &cookie).await.status.as_u16(), 401);
}

#[tokio::test]
async fn on_a_plain_page_the_cookie_is_the_plain_one() {
    let shop = shop();
    let plain = [("origin", "http://localhost:8700"), ("host", "localhost:8700")];
    let body = json!({ "user": "Agent@Example.com", "password": RIGHT }).to_string();
    let answer = ask(&shop.app, with_bytes(post(SESSION, &body), &plain)).await;
    let set = answer.header("set-cookie");
    assert!(set.starts_with("calldock-session=") && set.ends_with("; SameSite=Lax"), "{set}");
    let cookie = cookie(&answer);
    // A browser's GET names no origin.
    let told = ask(&shop.app, request("GET", SESSION, &[plain[1], ("cookie", &cookie)])).await;
    assert_eq!(told.json()["userId"], "agent@example.com");
    let headers = [plain[0], plain[1], ("cookie", cookie.as_str())];
    assert_eq!(visitor(&visit(&shop.app, &headers).await).0, "agent@example.com");
    // Set by an insecure page of the same host, it is ignored on a secure one.
    assert_eq!(with_cookie(&shop, "GET", &cookie).await.status.as_u16(), 401);
    let secret = cookie.split_once('=').unwrap().1;
    let other = format!("{SECURE}={secret}; {SECURE}={}", "A".repeat(43));
    assert_eq!(with_cookie(&shop, "GET", &other).await.status.as_u16(), 401);
}

#[tokio::test]
async fn the_session_is_a_new_one_with_every_sign_in() {
    let shop = shop();
    let planted = format!("{SECURE}={}", "A".repeat(43));
    let request = with_bytes(sign_in("agent@example.com", RIGHT), &[("cookie", &planted)]);
    let first = cookie(&ask(&shop.app, request).await);
    assert_ne!(first, planted);
    assert_eq!(with_cookie(&shop, "GET", &planted).await.status.as_u16(), 401);
    let request = with_bytes(sign_in("agent@example.com", RIGHT), &[("cookie", &first)]);
    let second = cookie(&ask(&shop.app, request).await);
    assert_ne!(first, second);
    assert_eq!(with_cookie(&shop, "GET", &first).await.status.as_u16(), 401, "the old one ended");
    assert_eq!(with_cookie(&shop, "GET", &second).await.status.as_u16(), 200);
}

#[tokio::test]
async fn unknown_users_and_wrong_passwords_cost_and_hear_the_same() {
    let shop = shop();
    let mut answers = Vec::new();
    for (user, password) in [
        ("agent@example.com", "wrong"),
        ("nobody@example.com", RIGHT),
        ("", ""),
        ("agent@example.com", ""),
    ] {
        let before = shop.local.passwords_hashed();
        let answer = ask(&shop.app, sign_in(user, password)).await;
        assert_eq!(refused(&answer), (401, "LOGIN_FAILED".into()), "{user}");
        assert_eq!(shop.local.passwords_hashed() - before, 1, "{user}");
        assert_eq!(answer.header("set-cookie"), "");
        answers.push(answer.text);
    }
    answers.dedup();
    assert_eq!(answers.len(), 1);
}

#[tokio::test]
async fn a_changed_password_ends_every_other_session() {
    let shop = shop();
    let (here, elsewhere) = (signed_in(&shop).await, signed_in(&shop).await);
    for (old, new, expected) in [
        ("mistyped", NEXT, (401, "LOGIN_FAILED")),
        (RIGHT, "sh0rt#", (422, "INVALID_OPTION")),
        (RIGHT, "agent@example.com", (422, "INVALID_OPTION")),
        (RIGHT, "password1234", (422, "INVALID_OPTION")),
    ] {
        let answer = change(&shop, &here, old, new).await;
        assert_eq!(refused(&answer), (expected.0, expected.1.into()), "{new}");
        assert!(!answer.text.contains(new) && !answer.text.contains(RIGHT));
    }
    assert_eq!(change(&shop, "x=y", RIGHT, NEXT).await.status.as_u16(), 401);
    let renewed = cookie(&change(&shop, &here, RIGHT, NEXT).await);
    for ended in [&here, &elsewhere] {
        assert_eq!(with_cookie(&shop, "GET", ended).await.status.as_u16(), 401);
    }
    assert_eq!(with_cookie(&shop, "GET", &renewed).await.status.as_u16(), 200);
    assert_eq!(ask(&shop.app, sign_in("agent@example.com", RIGHT)).await.status.as_u16(), 401);
    assert_eq!(ask(&shop.app, sign_in("agent@example.com", NEXT)).await.status.as_u16(), 204);
    // By the operator, at the file: at once, too.
    assert!(shop.accounts.remove("agent@example.com").unwrap());
    assert_eq!(with_cookie(&shop, "GET", &renewed).await.status.as_u16(), 401);
}

#[tokio::test]
async fn a_body_that_is_no_sign_in_is_refused_without_being_quoted() {
    let shop = shop();
    let whole = json!({ "user": "a", "password": "SECRETPASSWORD" }).to_string();
    for (content_type, body, status) in [
        ("text/plain", whole.clone(), 415),
        ("application/x-www-form-urlencoded", "user=a&password=SECRETPASSWORD".into(), 415),
        ("application/json", String::new(), 400),
        ("application/json", "SECRETPASSWORD".into(), 400),
        ("application/json", r#"{"user":"a"}"#.into(), 400),
        ("application/json", r#"{"user":"a","password":["SECRETPASSWORD"]}"#.into(), 400),
        ("application/json", format!("{whole}{}", " ".repeat(4096)), 413),
    ] {
        let mut asked = with_bytes(post(SESSION, &body), &HTTPS);
        asked.headers_mut().insert("content-type", content_type.parse().unwrap());
        let answer = ask(&shop.app, asked).await;
        assert_eq!(refused(&answer), (status, "INVALID_OPTION".into()), "{content_type} {body}");
        assert!(!answer.text.contains("SECRET"), "{}", answer.text);
    }
    assert_eq!(shop.local.passwords_hashed(), 0);
}

#[tokio::test]
async fn pages_of_other_sites_reach_none_of_the_routes() {
    let shop = shop();
    let cookie = signed_in(&shop).await;
    let foreign =
        [("origin", "https://evil.example"), ("host", "shop.example"), ("cookie", &*cookie)];
    for (method, path) in
        [("POST", SESSION), ("DELETE", SESSION), ("GET", SESSION), ("PUT", PASSWORD)]
    {
        let answer = ask(&shop.app, request(method, path, &foreign)).await;
        assert_eq!(refused(&answer), (403, "ORIGIN_REFUSED".into()), "{method}");
    }
    assert_eq!(with_cookie(&shop, "GET", &cookie).await.status.as_u16(), 200, "still signed in");
    for (method, path) in [("PATCH", SESSION), ("GET", PASSWORD)] {
        assert_eq!(ask(&shop.app, request(method, path, &HTTPS)).await.status.as_u16(), 405);
    }
}

#[tokio::test]
async fn without_accounts_there_are_no_such_routes() {
    let app = crate::support::server(crate::support::settings(), Vendor::saying(GOOD));
    assert_eq!(ask(&app, request("GET", SESSION, &[])).await.status.as_u16(), 404);
}

// The clock stands: a slow machine must not take a part of the lock-out.
#[tokio::test(start_paused = true)]
async fn an_address_that_guesses_at_many_accounts_is_locked_out_too() {
    let shop = shop();
    let from = |address: &str, user: String| {
        let mut asked = sign_in(&user, "wrong");
        come_from(&mut asked, address);
        asked
    };
    for number in 0..50 {
        let answer = ask(&shop.app, from("203.0.113.9", format!("user{number}"))).await;
        assert_eq!(answer.status.as_u16(), 401, "{number}");
    }
    let answer = ask(&shop.app, from("203.0.113.9", "user50".into())).await;
    assert_eq!(refused(&answer), (429, "LOGIN_FAILED".into()));
    assert_eq!(answer.header("retry-after"), "30");
    let elsewhere = ask(&shop.app, from("203.0.113.10", "user50".into())).await;
    assert_eq!(elsewhere.status.as_u16(), 401, "others are not");
}

#[tokio::test]
async fn a_stolen_session_does_not_make_the_old_password_free_to_guess() {
    let shop = shop();
    let stolen = signed_in(&shop).await;
    for number in 0..5 {
        let answer = change(&shop, &stolen, &format!("guess {number}"), NEXT).await;
        assert_eq!(answer.status.as_u16(), 401);
    }
    assert_eq!(change(&shop, &stolen, RIGHT, NEXT).await.status.as_u16(), 429);
    assert_eq!(shop.local.passwords_hashed(), 6, "one of them was the sign-in");
}
