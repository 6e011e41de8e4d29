//! The cloud API: what it answers, what it refuses, what it does when told to fail.

use std::time::Duration;

use axum::http::{HeaderValue, StatusCode};
use serde_json::{Value, json};

use super::{HOST, Vendor};

fn seat() -> Value {
    json!({ "SdkAppId": 1_400_000_000, "SeatUserId": "agent@example.com", "OnlyOnce": true })
}

fn code(answer: &super::Answer) -> String {
    assert_eq!(answer.status, StatusCode::OK, "an error of the vendor is a 200");
    let answer = answer.json();
    assert!(answer["Response"]["RequestId"].is_string());
    answer["Response"]["Error"]["Code"].as_str().unwrap_or("none").to_owned()
}

#[tokio::test]
async fn a_signed_request_gets_a_token_and_its_script_url() {
    let vendor = Vendor::new();
    let answer = vendor.call_api(seat(), |_| ()).await.json();
    let response = &answer["Response"];
    let token = response["Token"].as_str().unwrap();
    assert_eq!(token.len(), 32);
    let url = format!(
        "http://{HOST}/sdk/tcccSdk.js?sdkAppId=1400000000&token={token}&userid=agent@example.com"
    );
    assert_eq!(response["SdkURL"], url);
    let lifetime = response["ExpiredTime"].as_u64().unwrap() - crate::when::unix_s();
    assert!((598..=600).contains(&lifetime), "{lifetime}");
}

#[tokio::test]
async fn each_mistake_in_a_request_has_the_vendors_code() {
    let vendor = Vendor::new();
    let set = |name: &'static str, value: &'static str| {
        move |headers: &mut axum::http::HeaderMap| {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    for (name, value, expected) in [
        ("content-type", "text/plain", "UnsupportedProtocol"),
        ("content-type", "application/json; charset=utf-8", "AuthFailure.SignatureFailure"),
        ("x-tc-action", "", "MissingParameter"),
        ("x-tc-action", "DeleteEverything", "InvalidAction"),
        ("x-tc-version", "2017-03-12", "NoSuchVersion"),
        ("x-tc-timestamp", "1700000000", "AuthFailure.SignatureExpire"),
        ("x-tc-timestamp", "soon", "InvalidParameter"),
        ("authorization", "Bearer x", "AuthFailure.InvalidAuthorization"),
        ("host", "elsewhere:8701", "AuthFailure.SignatureFailure"),
    ] {
        let answer = vendor.call_api(seat(), set(name, value)).await;
        assert_eq!(code(&answer), expected, "{name}: {value}");
    }
    for (body, expected) in [
        (json!({ "SeatUserId": "agent@example.com" }), "MissingParameter"),
        (
            json!({ "SdkAppId": "1400000000", "SeatUserId": "agent@example.com" }),
            "InvalidParameter",
        ),
        (
            json!({ "SdkAppId": 1, "SeatUserId": "agent@example.com" }),
            "InvalidParameterValue.InstanceNotExist",
        ),
        (
            json!({ "SdkAppId": 1_400_000_000, "SeatUserId": "x" }),
            "InvalidParameterValue.AccountNotExist",
        ),
        (json!({ "SdkAppId": 1_400_000_000, "SeatUserId": "x", "Extra": 1 }), "UnknownParameter"),
        (json!([]), "InvalidParameter"),
    ] {
        assert_eq!(code(&vendor.call_api(body.clone(), |_| ()).await), expected, "{body}");
    }
    assert_eq!(code(&vendor.get("/").await), "UnsupportedProtocol");
}

#[tokio::test]
async fn told_faults_replace_the_answer_for_as_many_times_as_asked() {
    let vendor = Vendor::new();
    let plan =
        |api: &'static str| vendor.post("/control/faults", json!({ "api": api, "times": 1 }));

    plan("500").await;
    assert_eq!(vendor.call_api(seat(), |_| ()).await.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(code(&vendor.call_api(seat(), |_| ()).await), "none");

    plan("html").await;
    let page = vendor.call_api(seat(), |_| ()).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.header("content-type").starts_with("text/html"));

    plan("RequestLimitExceeded").await;
    assert_eq!(code(&vendor.call_api(seat(), |_| ()).await), "RequestLimitExceeded");
    assert_eq!(code(&vendor.call_api(seat(), |_| ()).await), "none");
}

#[tokio::test(start_paused = true)]
async fn a_slow_api_answers_late_and_a_hanging_one_only_when_the_process_ends() {
    let vendor = Vendor::new();
    vendor.post("/control/faults", json!({ "api": "slow:5000" })).await;
    let began = tokio::time::Instant::now();
    assert_eq!(code(&vendor.call_api(seat(), |_| ()).await), "none");
    assert!(began.elapsed() >= Duration::from_secs(5));

    vendor.post("/control/faults", json!({ "api": "hang" })).await;
    let hour = Duration::from_secs(3600);
    assert!(tokio::time::timeout(hour, vendor.call_api(seat(), |_| ())).await.is_err());
    vendor.close.send_replace(true);
    let answer = tokio::time::timeout(hour, vendor.call_api(seat(), |_| ())).await.unwrap();
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn the_log_says_who_was_signed_and_never_with_which_token() {
    let vendor = Vendor::new();
    let (token, path) = vendor.login().await;
    vendor.get(&path).await;
    vendor.get(&path).await;
    let log = vendor.get("/control/log").await;
    assert!(!log.text.contains(&token));
    assert!(!log.text.contains("not-a-secret"));
    let kinds: Vec<Value> =
        log.json().as_array().unwrap().iter().map(|e| e["kind"].clone()).collect();
    assert_eq!(kinds, ["api", "script", "script"]);
    assert_eq!(log.json()[0]["userId"], "agent@example.com");
    assert_eq!(log.json()[2]["outcome"], "refused: the login was used already");
}
