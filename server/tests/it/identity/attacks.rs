//! Ten thousand guesses.

use std::time::Duration;

use super::local::{RIGHT, shop, sign_in};
use super::refused;
use crate::support::{ask, come_from};

/// A network of IPv6 has more addresses than there are guesses.
#[tokio::test]
async fn addresses_of_one_ipv6_network_share_their_guesses() {
    let shop = shop();
    let mut statuses = Vec::new();
    for number in 0..52 {
        let mut asked = sign_in(&format!("user{number}"), "wrong");
        come_from(&mut asked, &format!("2001:db8:1:2::{number:x}"));
        statuses.push(ask(&shop.app, asked).await.status.as_u16());
    }
    assert_eq!((statuses[49], statuses[50], statuses[51]), (401, 429, 429));
}

/// A guess from an address of its own.
fn guess(number: u32, user: &str, password: &str) -> axum::http::Request<axum::body::Body> {
    let mut asked = sign_in(user, password);
    let [_, a, b, c] = number.to_be_bytes();
    come_from(&mut asked, &format!("10.{a}.{b}.{c}"));
    asked
}

// The clock stands: a slow machine must not take longer than the lock-out.
#[tokio::test(start_paused = true)]
async fn ten_thousand_guesses_at_one_account_are_stopped_after_five() {
    let shop = shop();
    // All at once, written in many ways that mean the same account.
    let guesses = (0..10_000).map(|number| {
        let user = if number % 2 == 0 { "agent@example.com" } else { "AGENT@Example.com" };
        let (app, asked) = (shop.app.clone(), guess(number, user, &format!("guess {number}")));
        tokio::spawn(async move { ask(&app, asked).await.status.as_u16() })
    });
    let mut statuses = std::collections::BTreeMap::<u16, u32>::new();
    for guess in guesses.collect::<Vec<_>>() {
        *statuses.entry(guess.await.unwrap()).or_default() += 1;
    }
    assert_eq!(shop.local.passwords_hashed(), 5, "so many reached the hash");
    assert_eq!(statuses, [(401, 5), (429, 9_995)].into());
}

#[tokio::test(start_paused = true)]
async fn during_a_lock_out_a_right_password_is_refused_like_a_wrong_one() {
    let shop = shop();
    for number in 0..5 {
        let answer = ask(&shop.app, guess(number, "agent@example.com", "wrong")).await;
        assert_eq!(answer.status.as_u16(), 401);
    }
    let wrong = ask(&shop.app, guess(5, "agent@example.com", "wrong")).await;
    let right = ask(&shop.app, guess(6, "agent@example.com", RIGHT)).await;
    assert_eq!(refused(&right), (429, "LOGIN_FAILED".into()));
    assert_eq!(
        (&right.text, right.header("retry-after")),
        (&wrong.text, wrong.header("retry-after"))
    );
    assert_eq!(right.header("set-cookie"), "");
    // Who is unknown is locked out just so.
    for number in 7..12 {
        ask(&shop.app, guess(number, "nobody@example.com", "wrong")).await;
    }
    let unknown = ask(&shop.app, guess(12, "nobody@example.com", "wrong")).await;
    assert_eq!((unknown.status.as_u16(), &unknown.text), (429, &wrong.text));
    assert_eq!(shop.local.passwords_hashed(), 10);
    // Each further guess doubles the wait.
    tokio::time::advance(Duration::from_secs(30)).await;
    let again = ask(&shop.app, guess(13, "agent@example.com", "wrong")).await;
    assert_eq!(again.status.as_u16(), 401);
    let locked = ask(&shop.app, guess(14, "agent@example.com", RIGHT)).await;
    assert_eq!(locked.header("retry-after"), "60");
    tokio::time::advance(Duration::from_secs(60)).await;
    assert_eq!(ask(&shop.app, guess(15, "agent@example.com", RIGHT)).await.status.as_u16(), 204);
    for number in 16..21 {
        let answer = ask(&shop.app, guess(number, "agent@example.com", "wrong")).await;
        assert_eq!(answer.status.as_u16(), 401, "a right one makes all guesses free again");
    }
}
