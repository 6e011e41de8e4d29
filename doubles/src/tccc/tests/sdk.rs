//! The script URL and what the script asks afterwards.

use std::time::Duration;

use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::Vendor;

#[tokio::test]
async fn a_script_url_answers_javascript_once() {
    let vendor = Vendor::new();
    let (_, path) = vendor.login().await;
    let script = vendor.get(&path).await;
    assert_eq!(script.status, StatusCode::OK);
    assert!(script.header("content-type").starts_with("text/javascript"));
    assert_eq!(script.header("access-control-allow-origin"), "*");
    assert_eq!(script.header("cache-control"), "no-store");
    assert!(script.text.contains("http://127.0.0.1:8701"));
    let again = vendor.get(&path).await;
    assert_eq!(again.status, StatusCode::FORBIDDEN);
    assert_eq!(again.header("access-control-allow-origin"), "*");
}

#[tokio::test]
async fn a_page_of_another_origin_may_post_json() {
    let vendor = Vendor::new();
    for path in ["/sdk/session", "/sdk/command", "/control/ring"] {
        let preflight = Request::builder()
            .method(Method::OPTIONS)
            .uri(path)
            .header("origin", "http://localhost:8700")
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "content-type")
            .body(Body::empty())
            .unwrap();
        let answer = vendor.send(preflight).await;
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
        assert_eq!(answer.header("access-control-allow-headers"), "*", "{path}");
    }
}

#[tokio::test]
async fn a_script_fault_is_what_the_url_answers() {
    let vendor = Vendor::new();
    let fetch = async |fault: &str| {
        let (_, path) = vendor.login().await;
        vendor.get(&format!("{path}&script={fault}")).await
    };
    assert_eq!(fetch("500").await.status, StatusCode::INTERNAL_SERVER_ERROR);
    let html = fetch("html").await;
    assert_eq!(html.status, StatusCode::OK);
    assert!(html.header("content-type").starts_with("text/html"));
    assert_eq!(html.header("x-content-type-options"), "nosniff");
    assert!(fetch("throw").await.text.starts_with("throw new Error("));
    assert_eq!(fetch("teapot").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test(start_paused = true)]
async fn a_slow_script_comes_late_and_a_hanging_one_never() {
    let vendor = Vendor::new();
    let (_, path) = vendor.login().await;
    let began = tokio::time::Instant::now();
    assert_eq!(vendor.get(&format!("{path}&script=slow:3000")).await.status, StatusCode::OK);
    assert!(began.elapsed() >= Duration::from_secs(3));
    let (_, path) = vendor.login().await;
    let hanging = format!("{path}&script=hang");
    let hour = Duration::from_secs(3600);
    assert!(tokio::time::timeout(hour, vendor.get(&hanging)).await.is_err());
}

#[tokio::test]
async fn control_sets_options_for_the_next_scripts_and_the_url_overrides_them() {
    let vendor = Vendor::new();
    let sdk = json!({ "envelope": "nested", "globalDelay": 5 });
    vendor.post("/control/faults", json!({ "sdk": sdk, "times": 2 })).await;
    let fetch = async |more: &str| {
        let (_, path) = vendor.login().await;
        vendor.get(&format!("{path}{more}")).await.text
    };
    let planned = fetch("").await;
    assert!(planned.contains(r#""envelope":"nested""#) && planned.contains(r#""globalDelay":5"#));
    let own = fetch("&envelope=flat").await;
    assert!(own.contains(r#""envelope":"flat""#) && own.contains(r#""globalDelay":5"#));
    assert!(fetch("").await.contains(r#""globalDelay":30"#));
    let refused = vendor.post("/control/faults", json!({ "sdk": { "envelop": "nested" } })).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn an_expired_token_opens_no_session() {
    let vendor = Vendor::new();
    let (token, path) = vendor.login().await;
    assert_eq!(vendor.get(&format!("{path}&expired=1")).await.status, StatusCode::OK);
    let dataset =
        json!({ "token": token, "sdkAppId": "1400000000", "userid": "agent@example.com" });
    let answer = vendor.post("/sdk/session", dataset).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(answer.json(), json!({ "message": "the login token has expired", "expired": true }));
}

#[tokio::test]
async fn failures_answer_in_the_vendors_envelope() {
    let vendor = Vendor::new();
    let session = vendor.sign_in().await;
    for (method, options) in [
        ("Call.startOutboundCall", json!({})),
        ("Call.startOutboundCall", json!({ "phoneNumber": 13_800_000_000_u64 })),
        ("Call.startOutboundCall", json!({ "phoneNumber": "15889xxxxxx" })),
        ("Call.hungUp", json!({ "sessionId": "none" })),
        ("Call.hangUp", json!({ "sessionId": "none" })),
        ("Agent.setStatus", json!({ "status": "busy" })),
        ("Call.fly", json!({})),
        ("Nothing", Value::Null),
    ] {
        let answer = vendor.command(&session, method, options).await;
        assert_eq!(answer["status"], "error", "{method}");
        assert!(answer["errorMsg"].is_string(), "{method}");
    }
    let unknown = vendor.command("nobody", "Agent.online", json!({})).await;
    assert_eq!(unknown["status"], "error");
}

#[tokio::test(start_paused = true)]
async fn a_call_out_is_answered_by_the_far_end_a_while_later() {
    let vendor = Vendor::new();
    let session = vendor.sign_in().await;
    let options = json!({ "phoneNumber": "13800000000", "phoneDesc": "刘先生" });
    let answer = vendor.command(&session, "Call.startOutboundCall", options.clone()).await;
    assert_eq!(answer["data"]["serverType"], "staffSeat");
    assert_eq!(answer["data"]["calleePhoneNumber"], "13800000000");
    let id = answer["data"]["sessionId"].as_str().unwrap().to_owned();
    let state = async || vendor.get("/control/state").await.json()["sessions"][0]["status"].clone();
    assert_eq!(state().await, "ringing");
    let busy = vendor.command(&session, "Call.startOutboundCall", options).await;
    assert_eq!(busy["errorMsg"], "another call is in progress");
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(state().await, "connected");
    let ended = vendor.command(&session, "Call.hungUp", json!({ "sessionId": id })).await;
    assert_eq!(ended["status"], "success");
    assert_eq!(state().await, "ended");
}

#[tokio::test]
async fn every_method_of_the_vendor_does_what_its_name_says() {
    let vendor = Vendor::new();
    let session = vendor.sign_in().await;
    let newest = async || {
        let state = vendor.get("/control/state").await.json();
        state["sessions"].as_array().unwrap().last().unwrap().clone()
    };
    let succeeds = async |method: &str, options: Value| {
        let answer = vendor.command(&session, method, options).await;
        assert_eq!(answer["status"], "success", "{method}: {answer}");
        answer["data"].clone()
    };
    let ring = async |kind: &str| {
        let rung = vendor.post("/control/ring", json!({ "type": kind })).await.json();
        json!({ "sessionId": rung["sessionId"] })
    };
    let with = |id: &Value, name: &str, value: Value| {
        let mut options = id.clone();
        options[name] = value;
        options
    };

    let phone = ring("phone").await;
    succeeds("Call.accept", phone.clone()).await;
    succeeds("Call.muteMic", phone.clone()).await;
    assert_eq!(succeeds("Call.isMicMuted", phone.clone()).await, true);
    succeeds("Call.unmuteMic", phone.clone()).await;
    assert_eq!(newest().await["muted"], false);
    succeeds("Call.hold", phone.clone()).await;
    assert_eq!(newest().await["held"], true);
    succeeds("Call.unHold", phone.clone()).await;
    succeeds("Call.sendDigits", with(&phone, "dtmfText", "12#".into())).await;
    succeeds("Call.hungUp", phone.clone()).await;
    assert_eq!(newest().await["closeBy"], "seat");
    succeeds("Call.deleteCall", phone).await;

    let chat = ring("im").await;
    succeeds("Chat.accept", chat.clone()).await;
    let card = json!({ "header": "h", "desc": "d", "pic": "p", "url": "u" });
    succeeds("Chat.sendCardMessage", with(&chat, "payload", card)).await;
    succeeds("Chat.sendOrderMessage", with(&chat, "payload", json!({ "name": "n" }))).await;
    succeeds("Chat.end", chat).await;

    let video = ring("video").await;
    succeeds("Video.accept", video.clone()).await;
    for method in ["Video.muteMic", "Video.unmuteMic", "Video.muteVideo"] {
        succeeds(method, video.clone()).await;
    }
    assert_eq!(newest().await["videoMuted"], true);
    succeeds("Video.unmuteVideo", video.clone()).await;
    succeeds("Video.transfer", with(&video, "skillGroupId", 1001.into())).await;
    assert_eq!(newest().await["status"], "ended");

    let inside =
        succeeds("Call.startInternalCall", json!({ "calleeUserId": "colleague@example.com" }))
            .await;
    assert_eq!(newest().await["sessionId"], inside["sessionId"]);
    succeeds("Agent.setStatus", json!({ "status": "rest", "restReason": "tea" })).await;
    assert_eq!(vendor.doubles.tccc.centre().status_of("agent@example.com"), "rest");
    succeeds("Agent.offline", json!({})).await;
    succeeds("Agent.online", json!({})).await;
    assert_eq!(vendor.doubles.tccc.centre().status_of("agent@example.com"), "free");
    assert_eq!(succeeds("Admin.getSkillGroups", Value::Null).await[0]["skillGroupId"], 1001);
}

#[tokio::test]
async fn two_pages_hear_the_same_ring_and_are_counted_until_they_go() {
    let vendor = Vendor::new();
    let mut streams = Vec::new();
    for _ in 0..2 {
        let session = vendor.sign_in().await;
        let request = Request::get(format!("/sdk/events?session={session}&after=0"));
        let response =
            vendor.app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        streams.push(response.into_body());
    }
    let connected = async || {
        let state = vendor.get("/control/state").await.json();
        let scripts = state["scripts"].as_array().unwrap().clone();
        scripts.iter().map(|script| script["connected"].as_u64().unwrap()).sum::<u64>()
    };
    assert_eq!(connected().await, 2);
    let rung = vendor.post("/control/ring", json!({})).await.json();
    for stream in &mut streams {
        let frame = stream.frame().await.unwrap().unwrap().into_data().unwrap();
        let text = String::from_utf8(frame.to_vec()).unwrap();
        assert!(text.contains("\"callIn\"") && text.contains(rung["sessionId"].as_str().unwrap()));
    }
    streams.pop();
    tokio::time::timeout(Duration::from_secs(5), async {
        while connected().await != 1 {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("a page that goes is no longer counted");
    vendor.close.send_replace(true);
    let rest = tokio::time::timeout(Duration::from_secs(5), streams.remove(0).collect()).await;
    assert!(rest.is_ok(), "a stream ends with the process");
}

#[tokio::test]
async fn a_stream_needs_a_session_and_one_whose_token_has_expired_is_told_so() {
    let vendor = Vendor::new();
    let session = vendor.sign_in().await;
    assert_eq!(vendor.get("/sdk/events?session=x&after=0").await.status, StatusCode::FORBIDDEN);
    vendor.post("/control/expire", json!({})).await;
    // It expired between its `ready` and its first word to the stream.
    let request = Request::get(format!("/sdk/events?session={session}&after=0"));
    let response = vendor.app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let frame = response.into_body().frame().await.unwrap().unwrap().into_data().unwrap();
    assert!(String::from_utf8(frame.to_vec()).unwrap().contains("\"tokenExpired\""));
    let refused = vendor.command(&session, "Agent.online", json!({})).await;
    assert_eq!(refused["errorMsg"], "the login token has expired");
}
