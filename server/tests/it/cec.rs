//! The proof of a visitor, and CEC's question about it.

use std::time::Duration;

use axum::Router;
use axum::http::{Request, StatusCode};
use calldock_contract::{CecCredential, CecLogin};
use calldock_server::cec::CecMode;
use calldock_server::cec::settings::VALIDATE;
use calldock_server::config::Config;
use calldock_signing::auth_v2::canonical::{self, headers};
use calldock_signing::auth_v2::{METHOD, Reading, Request as Parts, URI};
use serde_json::{Value, json};

use crate::support::{
    Answer, CEC_KEY, CEC_LOGIN, CHANNEL, GOOD, TENANT, Vendor, ask, cec, guests, post, request,
    server, signing, tokens, tom,
};

const VALID: &str = r#"{"retCode":0,"message":"validate success"}"#;
const INVALID: &str = r#"{"retCode":1,"message":"validate failed"}"#;

fn app(mode: CecMode) -> Router {
    server(cec(mode, tom()), Vendor::saying(GOOD))
}

async fn login(app: &Router) -> CecLogin {
    let answer = ask(app, request("POST", CEC_LOGIN, &[])).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
    serde_json::from_str(&answer.text).unwrap()
}

async fn token(app: &Router) -> String {
    match login(app).await.credential {
        CecCredential::Token { token } => token,
        other => panic!("{other:?}"),
    }
}

fn question(token: &str) -> Value {
    json!({"Token": token, "userName": "Tom", "userId": "10010001", "tenantSpaceId": TENANT})
}

async fn validate(app: &Router, body: &str) -> Answer {
    ask(app, Request::post(VALIDATE).body(body.to_owned().into()).unwrap()).await
}

#[tokio::test]
async fn an_authorization_is_a_signature_over_exactly_what_is_answered() {
    for visitors in [tom(), guests()] {
        let app = server(cec(signing(), visitors), Vendor::saying(GOOD));
        let login = login(&app).await;
        assert!(login.validate().is_ok());
        assert_eq!(
            (login.tenant_space_id.as_str(), login.channel_config_id.as_str()),
            (TENANT, CHANNEL)
        );
        let CecCredential::Authorization { authorization } = &login.credential else {
            panic!("{login:?}")
        };
        let payload = format!(
            r#"{{"thirdUserName":"{}","thirdUserId":"{}","tenantSpaceId":"{TENANT}","channelConfigId":"{CHANNEL}"}}"#,
            login.third_user_name, login.third_user_id
        );
        let length = payload.len().to_string();
        let parts = Parts {
            method: METHOD,
            uri: URI,
            access_key: CHANNEL,
            secret_key: &CEC_KEY.into(),
            timestamp: authorization.split('/').nth(2).unwrap(),
            headers: &headers(&length, "application/json;charset=UTF-8"),
            payload: &payload,
        };
        let expected = canonical::sign(&parts, &Reading::default()).unwrap().authorization;
        assert_eq!(*authorization, expected);
        assert!(authorization.starts_with("auth-v2/817854979183314945/20"));
    }
}

#[tokio::test]
async fn every_page_view_gets_a_new_credential() {
    for mode in [signing(), tokens()] {
        let app = app(mode);
        let first = login(&app).await;
        tokio::time::sleep(Duration::from_millis(3)).await;
        assert_ne!(login(&app).await.credential, first.credential);
    }
}

#[tokio::test]
async fn user_tenant_and_channel_in_a_body_are_ignored() {
    let body = r#"{"thirdUserId":"boss","thirdUserName":"Boss","userId":"boss","tenantSpaceId":"1","channelConfigId":"2","mode":"token"}"#;
    for (mode, name) in [(signing(), "authorization"), (tokens(), "token")] {
        let app = app(mode);
        let answer =
            ask(&app, post(&format!("{CEC_LOGIN}?mode=token&userId=boss"), body)).await.json();
        assert_eq!(answer["mode"], name);
        assert_eq!(answer["thirdUserId"], "10010001");
        assert_eq!(answer["thirdUserName"], "Tom");
        assert_eq!(answer["tenantSpaceId"], TENANT);
        assert_eq!(answer["channelConfigId"], CHANNEL);
    }
}

#[tokio::test]
async fn a_body_of_another_type_or_length_is_refused_as_at_every_login() {
    let app = app(tokens());
    let form = Request::post(CEC_LOGIN).header("content-type", "text/plain").body("a".into());
    for (request, status) in [(form.unwrap(), 415), (post(CEC_LOGIN, &"x".repeat(4097)), 413)] {
        let answer = ask(&app, request).await;
        assert_eq!(answer.status.as_u16(), status);
        answer.problem();
    }
    let answer = ask(&app, request("GET", CEC_LOGIN, &[])).await;
    assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, "POST"));
    let foreign = [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")];
    let answer = ask(&app, request("POST", CEC_LOGIN, &foreign)).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(answer.problem().code, "ORIGIN_REFUSED");
}

#[tokio::test]
async fn cec_is_told_that_a_token_is_good_once() {
    let app = app(tokens());
    let token = token(&app).await;
    assert_eq!(token.len(), 64);
    let question = question(&token).to_string();
    let answer = validate(&app, &question).await;
    assert_eq!((answer.status.as_u16(), answer.text.as_str()), (200, VALID));
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
    for _ in 0..2 {
        let replayed = validate(&app, &question).await;
        assert_eq!((replayed.status.as_u16(), replayed.text.as_str()), (200, INVALID));
    }
}

#[tokio::test]
async fn a_token_for_another_user_name_or_tenant_is_refused_and_ends() {
    for (member, value) in [
        ("userId", json!("10010002")),
        ("userName", json!("Tim")),
        ("tenantSpaceId", json!("202007159032")),
        ("userId", json!("")),
    ] {
        let app = app(tokens());
        let token = token(&app).await;
        let mut swapped = question(&token);
        swapped[member] = value;
        assert_eq!(validate(&app, &swapped.to_string()).await.text, INVALID, "{member}");
        assert_eq!(validate(&app, &question(&token).to_string()).await.text, INVALID, "{member}");
    }
}

#[tokio::test]
async fn a_token_ends_by_itself() {
    // The token itself names its end, by the wall clock.
    let app = app(CecMode::Token { lifetime: Duration::ZERO, uses: None });
    let token = token(&app).await;
    assert_eq!(validate(&app, &question(&token).to_string()).await.text, INVALID);
}

#[tokio::test]
async fn every_refusal_is_the_same_to_the_letter() {
    let app = app(tokens());
    let token = token(&app).await;
    let whole = question(&token);
    let table = [
        String::new(),
        "{".into(),
        "[]".into(),
        "{}".into(),
        question("").to_string(),
        question(&"x".repeat(43)).to_string(),
        question(&token[1..]).to_string(),
        question(&format!("{token} ")).to_string(),
        whole.to_string().replace("Token", "token"),
        whole.to_string().replace(r#""10010001""#, "10010001"),
        whole.to_string().replace('{', r#"{"Token":"x","#),
        json!({"Token": token}).to_string(),
    ];
    for body in table {
        let answer = validate(&app, &body).await;
        assert_eq!((answer.status.as_u16(), answer.text.as_str()), (200, INVALID), "{body}");
    }
    // None of these were about the token as it is.
    assert_eq!(validate(&app, &whole.to_string()).await.text, VALID);
}

#[tokio::test]
async fn of_many_who_ask_at_once_one_is_told_yes() {
    let app = app(tokens());
    let question = question(&token(&app).await).to_string();
    let asking: Vec<_> = (0..32)
        .map(|_| {
            let (app, question) = (app.clone(), question.clone());
            tokio::spawn(async move { validate(&app, &question).await.text })
        })
        .collect();
    let mut yes = 0;
    for answer in asking {
        yes += usize::from(answer.await.unwrap() == VALID);
    }
    assert_eq!(yes, 1);
}

#[tokio::test]
async fn a_tenant_that_asks_twice_can_be_allowed_to() {
    let mode = CecMode::Token { lifetime: Duration::from_secs(120), uses: Some(2) };
    // Where it is known who asks; `ask` comes from this machine.
    let mut known = cec(mode.clone(), tom());
    let this = calldock_service::network("127.0.0.1").unwrap();
    known.http.callback.callers = Some(calldock_service::Gateways::new([this]));
    let known = server(known, Vendor::saying(GOOD));
    for (app, expected) in
        [(known, [VALID, VALID, INVALID]), (app(mode), [VALID, INVALID, INVALID])]
    {
        let question = question(&token(&app).await).to_string();
        for expected in expected {
            assert_eq!(validate(&app, &question).await.text, expected);
        }
    }
}

#[tokio::test]
async fn the_callback_takes_short_posts_only_and_is_where_it_is_configured() {
    let app = app(tokens());
    let answer = ask(&app, request("GET", VALIDATE, &[])).await;
    assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, "POST"));
    let answer = validate(&app, &"x".repeat(4097)).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    answer.problem();
    let mut config = cec(tokens(), tom());
    config.cec.as_mut().unwrap().validate_path = "/callbacks/cec".into();
    let moved = server(config, Vendor::saying(GOOD));
    assert_eq!(validate(&moved, "{}").await.status, StatusCode::NOT_FOUND);
    assert_eq!(ask(&moved, post("/callbacks/cec", "{}")).await.text, INVALID);
}

#[tokio::test]
async fn who_signs_is_asked_about_no_token() {
    let answer = validate(&app(signing()), "{}").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    answer.problem();
}

#[tokio::test]
async fn what_is_not_configured_is_not_there() {
    let only_cec = Config { tccc: None, agents: None, ..cec(signing(), guests()) };
    let app = server(only_cec, Vendor::saying(GOOD));
    assert_eq!(ask(&app, request("POST", CEC_LOGIN, &[])).await.status, StatusCode::OK);
    for path in [crate::support::LOGIN, crate::support::CHAT, "/service-cloud/x", "/demo.json"] {
        let answer = ask(&app, request("POST", path, &[])).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        answer.problem();
    }
}
