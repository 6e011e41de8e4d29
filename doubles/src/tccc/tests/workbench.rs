//! The workbench page and its routes.

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::{SITE, Vendor};

#[tokio::test]
async fn the_page_may_be_framed_by_the_site_and_nobody_else() {
    let page = Vendor::new().get("/workbench?pop=https://example.com").await;
    let policy = page.header("content-security-policy");
    assert!(policy.contains(&format!("frame-ancestors 'self' {SITE};")), "{policy}");
    assert!(page.text.contains(&format!("data-site-origin=\"{SITE}\"")));
}

#[tokio::test]
async fn every_file_the_page_names_is_served() {
    let vendor = Vendor::new();
    let page = vendor.get("/workbench").await.text;
    let named = page.split('"').filter(|part| part.starts_with("/workbench/"));
    let scripts = ["texts", "site", "frames", "panel", "messages"]
        .map(|name| format!("/workbench/{name}.js"));
    for path in named.map(str::to_owned).chain(scripts) {
        let file = vendor.get(&path).await;
        assert_eq!(file.status, StatusCode::OK, "{path}");
        let expected = if path.ends_with(".css") { "text/css" } else { "text/javascript" };
        assert!(file.header("content-type").starts_with(expected), "{path}");
    }
}

#[tokio::test]
async fn no_other_origin_may_use_the_workbench() {
    let vendor = Vendor::new();
    for path in ["/workbench/command", "/workbench/message"] {
        let answer = vendor.post(path, json!({ "method": "Agent.online" })).await;
        assert_eq!(answer.header("access-control-allow-origin"), "", "{path}");
        // Without JSON's type, which needs a preflight across origins, nothing is done.
        let plain =
            Request::post(path).header("content-type", "text/plain").body("{}".into()).unwrap();
        assert_eq!(vendor.send(plain).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{path}");
    }
}

#[tokio::test]
async fn the_page_starts_from_a_snapshot_with_seed_004s_agent() {
    let vendor = Vendor::new();
    vendor.post("/control/ring", json!({ "nickName": "刘先生" })).await;
    let request = Request::get("/workbench/events").body(Body::empty()).unwrap();
    let mut stream = vendor.app.clone().oneshot(request).await.unwrap().into_body();
    let frame = stream.frame().await.unwrap().unwrap().into_data().unwrap();
    let text = String::from_utf8(frame.to_vec()).unwrap();
    assert!(text.contains("event: snapshot"));
    let data = text.lines().find_map(|line| line.strip_prefix("data: ")).unwrap();
    let snapshot: Value = serde_json::from_str(data).unwrap();
    for name in ["agentEmail", "agentMobile", "agentNickName", "agentRoleId", "sdkAppId"] {
        assert!(snapshot["agent"][name].is_string(), "{name}");
    }
    assert_eq!(snapshot["calls"][0]["pop"]["nickName"], "刘先生");
}

#[tokio::test]
async fn the_dial_pad_rings_a_number_and_messages_are_logged() {
    let vendor = Vendor::new();
    let options = json!({ "phoneNumber": "15889000000", "phoneDesc": "刘先生" });
    let command = json!({ "method": "Call.startOutboundCall", "options": options });
    assert_eq!(vendor.post("/workbench/command", command).await.json()["status"], "success");
    let seen = json!({ "event": "callOut", "origin": SITE, "childFrame": true });
    vendor.post("/workbench/message", seen).await;
    let log = vendor.get("/control/log").await.json();
    assert_eq!(log[0]["from"], "workbench");
    assert_eq!(log[1]["kind"], "message");
    assert_eq!(log[1]["childFrame"], true);
    let state = vendor.get("/control/state").await.json();
    assert_eq!(state["sessions"][0]["title"], "刘先生");
}
