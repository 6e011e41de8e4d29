//! The agent workbench's files, and what it keeps of a page's message.

use axum::http::{Request, StatusCode};
use serde_json::json;

use crate::testing::Vendor;

#[tokio::test]
async fn the_workbench_and_the_script_for_its_pages_are_served() {
    let vendor = Vendor::new();
    for (path, word) in [
        ("/service-cloud/agent", "cec-agent-ring"),
        ("/service-cloud/agent/main.js", "callskillid"),
        ("/service-cloud/agent/texts.js", "座席工作台"),
        ("/service-cloud/resource.root/page/resource.root/js/AICCSupport.js", "clickToOutbound"),
    ] {
        let answer = vendor.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(answer.text.contains(word), "{path}");
        for sink in crate::script::SINKS {
            assert!(!answer.text.contains(sink), "{path}: {sink}");
        }
    }
}

#[tokio::test]
async fn what_a_page_asked_to_dial_is_logged() {
    let vendor = Vendor::new();
    let send = |body: &str| {
        let request = Request::post("/service-cloud/agent/message").body(body.to_owned().into());
        vendor.send(request.unwrap())
    };
    let seen = json!({ "number": "10086", "mode": "audio", "asText": true, "dialled": true });
    assert_eq!(send(&seen.to_string()).await.status, StatusCode::NO_CONTENT);
    assert_eq!(send("callout").await.status, StatusCode::BAD_REQUEST);
    let logged = vendor.seen("cec");
    assert_eq!(logged.len(), 1);
    assert_eq!(logged[0]["number"], "10086");
}
