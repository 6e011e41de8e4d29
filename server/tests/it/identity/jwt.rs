//! `jwt`, with a provider over real sockets.

use std::time::Duration;

use axum::Router;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use calldock_server::http::router;
use calldock_server::identity::AuthenticatorSettings;
use calldock_server::identity::jwt::{JwtSettings, Place};
use calldock_server::start::Kept;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::provider::{Key, Provider, now};
use super::{agent, app, refused, visit, visitor};
use crate::support::Answer;

async fn bearing(app: &Router, token: &str) -> Answer {
    visit(app, &[("authorization", &format!("Bearer {token}"))]).await
}

fn jwt(provider: &Provider, change: impl FnOnce(&mut JwtSettings)) -> Router {
    let mut config = provider.config();
    change(&mut config);
    app(&AuthenticatorSettings::Jwt(config))
}

async fn advance(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

#[tokio::test]
async fn a_token_names_visitors_and_agents_whatever_signed_it() {
    let keys = [Key::rsa("r"), Key::ec("e"), Key::ed("d")];
    let provider = Provider::publishing(&keys.each_ref()).await;
    let app_by_sub = jwt(&provider, |_| {});
    let app_by_mail = jwt(&provider, |config| config.id_claim = "email".into());
    for key in &keys {
        let token = key.token(&provider.claims(&json!({ "email_verified": true })));
        let answer = bearing(&app_by_sub, &token).await;
        assert_eq!(visitor(&answer), ("10010001".into(), "刘先生".into()), "{:?}", key.algorithm);
        let answer = agent(&app_by_mail, &[("authorization", &format!("bearer {token}"))]).await;
        assert_eq!(answer.json()["userId"], "agent@example.com");
    }
    assert_eq!(provider.asked(), 2, "once for each of the two servers");
}

#[tokio::test]
async fn a_token_may_come_in_a_cookie_and_then_nowhere_else() {
    let key = Key::ec("e");
    let provider = Provider::publishing(&[&key]).await;
    let app = jwt(&provider, |config| config.place = Place::Cookie("id_token".into()));
    let token = key.token(&provider.claims(&json!({ "name": null })));
    // A script's cookie is sent as it is, whatever the letters.
    for (before, after) in [("theme=dark; ", ""), ("nick=张三; ", ""), ("", "; nick=张三")] {
        let cookie = format!("{before}id_token={token}{after}");
        assert_eq!(visitor(&visit(&app, &[("cookie", &cookie)]).await).1, "Customer");
    }
    assert_eq!(refused(&bearing(&app, &token).await), (401, "LOGIN_FAILED".into()));
    let twice = format!("id_token={token}; id_token={token}");
    assert_eq!(refused(&visit(&app, &[("cookie", &twice)]).await), (401, "LOGIN_FAILED".into()));
}

#[tokio::test]
async fn without_one_token_nobody_is_known() {
    let key = Key::ec("e");
    let provider = Provider::publishing(&[&key]).await;
    let app = jwt(&provider, |_| {});
    let token = key.token(&provider.claims(&json!({})));
    let bearer = format!("Bearer {token}");
    for headers in [
        &[][..],
        &[("authorization", "Bearer ")],
        &[("authorization", "Bearer")],
        &[("authorization", token.as_str())],
        &[("authorization", "Basic dG9tOnRvbQ==")],
        &[("authorization", &bearer), ("authorization", &bearer)],
        &[("authorization", &format!("Bearer {}", "a".repeat(16 * 1024 + 1)))],
        &[("cookie", &format!("id_token={token}"))],
    ] {
        assert_eq!(refused(&visit(&app, headers).await), (401, "LOGIN_FAILED".into()));
    }
    assert_eq!(provider.asked(), 0);
}

#[tokio::test]
async fn what_a_token_says_must_hold() {
    let key = Key::ec("e");
    let provider = Provider::publishing(&[&key]).await;
    let app = jwt(&provider, |_| {});
    let issuer = provider.issuer();
    for (good, changes) in [
        (true, json!({})),
        (true, json!({ "aud": ["other", "shop"] })),
        (true, json!({ "exp": now() - 20 })),
        (true, json!({ "nbf": now() + 20 })),
        (false, json!({ "exp": now() - 40 })),
        (false, json!({ "exp": null })),
        (false, json!({ "exp": "soon" })),
        (false, json!({ "exp": -1 })),
        (false, json!({ "nbf": now() + 40 })),
        (false, json!({ "nbf": "now" })),
        (false, json!({ "iss": null })),
        (false, json!({ "iss": format!("{issuer}/") })),
        (false, json!({ "iss": "https://evil.example" })),
        (false, json!({ "iss": [issuer, "https://evil.example"] })),
        (false, json!({ "aud": null })),
        (false, json!({ "aud": "other" })),
        (false, json!({ "aud": [] })),
        (false, json!({ "aud": "calldock2" })),
        (false, json!({ "aud": { "calldock": true } })),
        (false, json!({ "sub": null })),
        (false, json!({ "sub": "" })),
        (false, json!({ "sub": 17 })),
        (false, json!({ "sub": "a\nb" })),
    ] {
        let answer = bearing(&app, &key.token(&provider.claims(&changes))).await;
        if good {
            assert_eq!(visitor(&answer).0, "10010001", "{changes}");
        } else {
            assert_eq!(refused(&answer), (401, "LOGIN_FAILED".into()), "{changes}");
            assert!(!answer.text.contains("10010001") && !answer.text.contains("evil"));
        }
    }
}

#[tokio::test]
async fn a_mail_address_counts_only_if_the_provider_has_verified_it() {
    let key = Key::ec("e");
    let provider = Provider::publishing(&[&key]).await;
    let bearer = jwt(&provider, |settings| settings.id_claim = "email".into());
    let header = jwt(&provider, |settings| {
        settings.id_claim = "email".into();
        settings.place = Place::Header("cf-access-jwt-assertion".parse().unwrap());
    });
    for (claim, by_bearer, by_gateway) in [
        // A guest may have registered with the boss's address.
        (json!(null), false, true),
        (json!(true), true, true),
        (json!("true"), true, true),
        (json!(false), false, false),
        (json!("false"), false, false),
        (json!(0), false, false),
    ] {
        let token = key.token(&provider.claims(&json!({ "email_verified": claim })));
        assert_eq!(bearing(&bearer, &token).await.status.is_success(), by_bearer, "{claim}");
        let answer = visit(&header, &[("cf-access-jwt-assertion", &token)]).await;
        assert_eq!(answer.status.is_success(), by_gateway, "{claim}");
    }
}

#[tokio::test]
async fn a_gateways_assertion_is_read_from_its_header_only() {
    let (key, other) = (Key::ec("e"), Key::ec("e"));
    let provider = Provider::publishing(&[&key]).await;
    let app = jwt(&provider, |settings| {
        settings.place = Place::Header("x-pomerium-jwt-assertion".parse().unwrap());
        // Pomerium's issuer is a host name.
        settings.issuer = "verify.example.com".into();
    });
    let claims = provider.claims(&json!({ "iss": "verify.example.com" }));
    let token = key.token(&claims);
    let header = ("x-pomerium-jwt-assertion", token.as_str());
    assert_eq!(visitor(&visit(&app, &[header]).await).0, "10010001");
    assert_eq!(refused(&visit(&app, &[header, header]).await).0, 401);
    assert_eq!(refused(&bearing(&app, &token).await).0, 401);
    let forged = other.token(&claims);
    let forged = visit(&app, &[("x-pomerium-jwt-assertion", &forged)]).await;
    assert_eq!(refused(&forged).0, 401);
}

fn part(value: &Value) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(value.to_string())
}

#[tokio::test]
async fn forged_tokens_are_refused() {
    let (rsa, ec, unknown) = (Key::rsa("r"), Key::ec("e"), Key::ec("e"));
    let provider = Provider::publishing(&[&rsa, &ec]).await;
    let app = jwt(&provider, |_| {});
    let claims = provider.claims(&json!({}));
    let good = ec.token(&claims);
    let [header, body, signature]: [&str; 3] =
        good.split('.').collect::<Vec<_>>().try_into().unwrap();
    let named = |algorithm, key: &Key| Header { kid: Some(key.id()), ..Header::new(algorithm) };
    // The public key, taken for an HMAC's secret.
    let modulus = BASE64_URL_SAFE_NO_PAD.decode(rsa.public["n"].as_str().unwrap()).unwrap();
    let secret = EncodingKey::from_secret(&modulus);
    let mut critical = named(Algorithm::ES256, &ec);
    critical.crit = Some(vec!["b64".into()]);
    let other_claims = part(&provider.claims(&json!({ "sub": "boss" })));
    for (why, token) in [
        ("none", format!("{}.{body}.", part(&json!({ "alg": "none", "kid": "e" })))),
        ("None", format!("{}.{body}.{signature}", part(&json!({ "alg": "None", "kid": "e" })))),
        ("unsigned", format!("{header}.{body}.")),
        ("another body", format!("{header}.{other_claims}.{signature}")),
        ("hmac", encode(&named(Algorithm::HS256, &rsa), &claims, &secret).unwrap()),
        ("an unknown caller's key of the same name", unknown.token(&claims)),
        ("another key's name", ec.token_with(&named(Algorithm::ES256, &rsa), &claims)),
        ("another algorithm", rsa.token_with(&named(Algorithm::RS512, &rsa), &claims)),
        ("an extension", ec.token_with(&critical, &claims)),
        ("a key of its own", {
            let mut header = named(Algorithm::ES256, &unknown);
            header.jwk = serde_json::from_value(unknown.public.clone()).ok();
            header.jku = Some("http://127.0.0.1:9/keys".into());
            unknown.token_with(&header, &claims)
        }),
        ("four parts", format!("{good}.x")),
        ("two parts", format!("{header}.{body}")),
        ("nothing", "..".into()),
        ("padding", format!("{good}==")),
        ("text", "tom".into()),
    ] {
        assert_eq!(refused(&bearing(&app, &token).await), (401, "LOGIN_FAILED".into()), "{why}");
    }
    assert_eq!(visitor(&bearing(&app, &good).await).0, "10010001");
}

#[tokio::test]
async fn a_token_without_a_keys_name_needs_one_clear_key() {
    let (one, other, rsa) = (Key::ec("a"), Key::ec("b"), Key::rsa("r"));
    let provider = Provider::publishing(&[&one, &rsa]).await;
    let token = one.token_with(&Header::new(Algorithm::ES256), &provider.claims(&json!({})));
    assert_eq!(bearing(&jwt(&provider, |_| {}), &token).await.status.as_u16(), 200);
    provider.publish(&[&one, &other]);
    assert_eq!(bearing(&jwt(&provider, |_| {}), &token).await.status.as_u16(), 401);
}

#[tokio::test]
async fn without_an_address_the_provider_says_where_its_keys_are() {
    let key = Key::ec("e");
    let provider = Provider::publishing(&[&key]).await;
    let token = key.token(&provider.claims(&json!({})));
    let discovering = || jwt(&provider, |config| config.jwks_url = None);
    assert_eq!(bearing(&discovering(), &token).await.status.as_u16(), 200);
    assert_eq!(provider.asked(), 2);
    let good = format!("http://{}/keys", provider.at);
    for (issuer, keys) in [
        ("https://evil.example", good.as_str()),
        (&provider.issuer(), "http://192.0.2.1/keys"),
        (&provider.issuer(), "file:///etc/passwd"),
        (&provider.issuer(), "keys"),
    ] {
        provider.say_where(issuer, keys);
        let answer = bearing(&discovering(), &token).await;
        assert_eq!(refused(&answer), (502, "LOGIN_FAILED".into()), "{issuer} {keys}");
        assert_eq!(provider.asked(), 1, "nobody is asked for keys");
    }
}

#[tokio::test]
async fn a_new_key_is_fetched_once_and_made_up_ones_are_not() {
    let (old, new) = (Key::ec("old"), Key::ec("new"));
    let provider = Provider::publishing(&[&old]).await;
    let app = jwt(&provider, |_| {});
    let claims = provider.claims(&json!({}));
    assert_eq!(bearing(&app, &old.token(&claims)).await.status.as_u16(), 200);
    assert_eq!(provider.asked(), 1);
    advance(Duration::from_secs(31)).await;
    provider.publish(&[&old, &new]);
    assert_eq!(bearing(&app, &new.token(&claims)).await.status.as_u16(), 200, "rotated");
    assert_eq!(provider.asked(), 1);
    let signed = new.token(&claims);
    let made_up = |number: u32| {
        let header = part(&json!({ "alg": "ES256", "kid": format!("{number}") }));
        format!("{header}.{}", signed.split_once('.').unwrap().1)
    };
    for number in 0..1000 {
        assert_eq!(bearing(&app, &made_up(number)).await.status.as_u16(), 401);
    }
    assert_eq!(provider.asked(), 0, "a thousand made-up keys make no request");
    advance(Duration::from_secs(31)).await;
    for number in 0..1000 {
        bearing(&app, &made_up(number)).await;
    }
    assert_eq!(provider.asked(), 1, "and in the next half minute one");
    assert_eq!(bearing(&app, &old.token(&claims)).await.status.as_u16(), 200);
}

#[tokio::test]
async fn a_removed_key_is_believed_until_its_time_is_over() {
    let (old, new) = (Key::ec("old"), Key::ec("new"));
    let provider = Provider::publishing(&[&old]).await;
    let app = jwt(&provider, |_| {});
    let token = old.token(&provider.claims(&json!({})));
    assert_eq!(bearing(&app, &token).await.status.as_u16(), 200);
    provider.publish(&[&new]);
    advance(Duration::from_secs(599)).await;
    assert_eq!(bearing(&app, &token).await.status.as_u16(), 200);
    advance(Duration::from_secs(2)).await;
    assert_eq!(bearing(&app, &token).await.status.as_u16(), 401);
}

#[tokio::test]
async fn a_provider_that_is_away_changes_nothing_for_an_hour() {
    let key = Key::ec("e");
    let provider = Provider::publishing(&[&key]).await;
    let app = jwt(&provider, |_| {});
    // The clock of the keys moves here, the clock of the tokens does not.
    let token = key.token(&provider.claims(&json!({})));
    assert_eq!(bearing(&app, &token).await.status.as_u16(), 200);
    provider.fail();
    provider.asked();
    advance(Duration::from_secs(601)).await;
    for _ in 0..10 {
        assert_eq!(bearing(&app, &token).await.status.as_u16(), 200);
    }
    assert_eq!(provider.asked(), 1, "not with every request");
    advance(Duration::from_secs(3600)).await;
    assert_eq!(refused(&bearing(&app, &token).await), (502, "LOGIN_FAILED".into()));
    provider.publish(&[&key]);
    advance(Duration::from_secs(6)).await;
    assert_eq!(bearing(&app, &token).await.status.as_u16(), 200, "and it is back by itself");
}

#[tokio::test]
async fn a_key_set_without_a_usable_key_replaces_none() {
    let key = Key::ec("e");
    let provider = Provider::publishing(&[&key]).await;
    let app = jwt(&provider, |_| {});
    let token = key.token(&provider.claims(&json!({})));
    assert_eq!(bearing(&app, &token).await.status.as_u16(), 200);
    provider.publish(&[]);
    provider.asked();
    advance(Duration::from_secs(601)).await;
    assert_eq!(bearing(&app, &token).await.status.as_u16(), 200);
    assert_eq!(provider.asked(), 1);
}

#[tokio::test]
async fn a_provider_that_does_not_respond_holds_up_one_request_and_no_other() {
    let key = Key::ec("e");
    let provider = Provider::publishing(&[&key]).await;
    let app = jwt(&provider, |_| {});
    let token = key.token(&provider.claims(&json!({})));
    assert_eq!(bearing(&app, &token).await.status.as_u16(), 200);
    provider.hang();
    provider.asked();
    advance(Duration::from_secs(601)).await;
    let (renewing, held) = (app.clone(), token.clone());
    let renewing = tokio::spawn(async move { bearing(&renewing, &held).await.status.as_u16() });
    while provider.asked() == 0 {
        tokio::task::yield_now().await;
    }
    for _ in 0..10 {
        assert_eq!(bearing(&app, &token).await.status.as_u16(), 200);
    }
    assert!(!renewing.is_finished(), "the others waited for it");
    assert_eq!(renewing.await.unwrap(), 200);
}

#[tokio::test]
async fn a_reload_keeps_the_keys_of_the_same_provider() {
    let key = Key::ec("e");
    let provider = Provider::publishing(&[&key]).await;
    let config = |change: fn(&mut JwtSettings)| {
        let mut config = provider.config();
        change(&mut config);
        super::known_by(&AuthenticatorSettings::Jwt(config))
    };
    let vendor = crate::support::Vendor::saying(crate::support::GOOD);
    let mut kept = Kept::new(&config(|_| {}), vendor).unwrap();
    let token = key.token(&provider.claims(&json!({ "nick": "Liu" })));
    let before = router(&kept.app(config(|_| {})).unwrap());
    assert_eq!(bearing(&before, &token).await.status.as_u16(), 200);
    provider.fail();
    provider.asked();
    let changed = |config: &mut JwtSettings| {
        (config.leeway, config.name_claim) = (Duration::ZERO, "nick".into());
    };
    let after = router(&kept.app(config(changed)).unwrap());
    let answer = bearing(&after, &token).await;
    assert_eq!(visitor(&answer), ("10010001".into(), "Liu".into()));
    assert_eq!(provider.asked(), 0);
    let elsewhere = |config: &mut JwtSettings| config.jwks_url = None;
    let other = router(&kept.app(config(elsewhere)).unwrap());
    assert_eq!(bearing(&other, &token).await.status.as_u16(), 502, "keys of another address");
}

#[tokio::test]
async fn a_server_that_never_had_the_keys_is_not_ready() {
    let key = Key::ec("e");
    let provider = Provider::publishing(&[&key]).await;
    provider.fail();
    let app = jwt(&provider, |_| {});
    let ready = async || {
        let request = crate::support::request("GET", "/readyz", &[]);
        crate::support::ask(&app, request).await.status.as_u16()
    };
    assert_eq!((ready().await, ready().await, provider.asked()), (503, 503, 1));
    provider.publish(&[&key]);
    advance(Duration::from_secs(5)).await;
    assert_eq!((ready().await, provider.asked()), (200, 1));
    // Once is enough: what the provider does later is for those who have a token.
    provider.fail();
    assert_eq!((ready().await, provider.asked()), (200, 0));
}

#[tokio::test]
async fn a_provider_that_was_never_there_is_told_and_asked_again_later() {
    let key = Key::ec("e");
    let provider = Provider::publishing(&[&key]).await;
    provider.fail();
    let app = jwt(&provider, |_| {});
    let token = key.token(&provider.claims(&json!({})));
    for _ in 0..5 {
        assert_eq!(refused(&bearing(&app, &token).await), (502, "LOGIN_FAILED".into()));
    }
    assert_eq!(provider.asked(), 1);
    let nowhere = jwt(&provider, |config| config.jwks_url = "http://127.0.0.1:9/".parse().ok());
    assert_eq!(refused(&bearing(&nowhere, &token).await), (502, "NETWORK".into()));
}
