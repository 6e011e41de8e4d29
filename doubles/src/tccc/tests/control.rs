//! The control routes.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::Vendor;

async fn session(vendor: &Vendor, index: usize) -> Value {
    vendor.get("/control/state").await.json()["sessions"][index].clone()
}

#[tokio::test]
async fn the_newest_call_is_answered_and_ended_unless_one_is_named() {
    let vendor = Vendor::new();
    let first = vendor.post("/control/ring", json!({ "mobile": "13800000001" })).await.json();
    vendor.post("/control/ring", json!({ "mobile": "13800000002" })).await;
    assert_eq!(vendor.post("/control/answer", json!({})).await.status, StatusCode::OK);
    assert_eq!(session(&vendor, 1).await["status"], "connected");
    assert_eq!(session(&vendor, 0).await["status"], "ringing");
    let named = json!({ "sessionId": first["sessionId"], "closeBy": "admin" });
    vendor.post("/control/hangup", named.clone()).await;
    assert_eq!(session(&vendor, 0).await["closeBy"], "admin");
    assert_eq!(vendor.post("/control/hangup", named).await.status, StatusCode::CONFLICT);
    assert_eq!(vendor.post("/control/answer", json!({})).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn mistakes_are_refused_and_named() {
    let vendor = Vendor::new();
    for (path, body, word) in [
        ("/control/ring", json!({ "mobil": "1" }), "mobil"),
        ("/control/ring", json!({ "type": "fax" }), "fax"),
        ("/control/ring", json!({ "agent": "nobody" }), "agent"),
        ("/control/hangup", json!({ "closeBy": "me" }), "closeBy"),
        ("/control/status", json!({ "status": "asleep" }), "status"),
        ("/control/faults", json!({ "api": "teapot" }), "teapot"),
        ("/control/faults", json!({ "server": "500" }), "server"),
        ("/control/faults", json!({ "cec": { "script": "404" } }), "script"),
        ("/control/faults", json!({ "api": "500", "rest": "teapot" }), "rest"),
        ("/control/chat/mode", json!({ "mode": "asleep" }), "asleep"),
        ("/control/chat/say", json!({}), "text"),
    ] {
        let answer = vendor.post(path, body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
        assert!(answer.json()["error"].as_str().unwrap().contains(word), "{path} {word}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_ring_with_a_timeout_goes_elsewhere() {
    let vendor = Vendor::new();
    vendor.post("/control/ring", json!({ "timeout": 20 })).await;
    tokio::time::sleep(Duration::from_secs(19)).await;
    assert_eq!(session(&vendor, 0).await["status"], "ringing");
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(session(&vendor, 0).await["closeBy"], "timer");
}

#[tokio::test]
async fn a_reset_forgets_calls_faults_log_and_unused_tokens() {
    let vendor = Vendor::new();
    let (_, path) = vendor.login().await;
    vendor.post("/control/ring", json!({})).await;
    vendor.post("/control/status", json!({ "status": "rest" })).await;
    vendor.post("/control/faults", json!({ "api": "500", "sdk": { "expired": true } })).await;
    vendor.post("/control/faults", json!({ "cec": { "script": "html" }, "rest": "500" })).await;
    assert!(!vendor.get("/control/log").await.json().as_array().unwrap().is_empty());
    vendor.post("/control/reset", json!({})).await;
    let state = vendor.get("/control/state").await.json();
    assert_eq!(state["sessions"], json!([]));
    let none = json!({ "api": null, "sdk": null, "cec": null, "rest": null });
    assert_eq!(state["faults"], none);
    assert_eq!(state["agents"]["agent@example.com"], "free");
    assert_eq!(vendor.get("/control/log").await.json(), json!([]));
    assert_eq!(vendor.get(&path).await.status, StatusCode::FORBIDDEN);
}
