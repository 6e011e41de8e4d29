//! The online chat: its page, its widget, and the signature of a visitor's data.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::testing::{HOST, SITE, Vendor};

const APP: &str = "9903496b6be2e67ad291dd2323f3ae9f";
const DATA: &str = r#"{"peerSource":"XX商城","nickName":"张三","uid":"zhangsan","extra_ID":"611"}"#;

fn user_sig_request() -> Value {
    json!({ "SdkAppId": 1_400_000_000, "Uid": "zhangsan", "ClientData": DATA, "ExpiredTime": 3600 })
}

async fn user_sig(vendor: &Vendor) -> String {
    let answer = vendor.call_action("CreateUserSig", user_sig_request(), |_| ()).await.json();
    let sig = answer["Response"]["UserSig"].as_str();
    sig.unwrap_or_else(|| panic!("refused: {answer}")).to_owned()
}

async fn open(vendor: &Vendor, body: Value) -> (StatusCode, Value) {
    let answer = vendor.post("/web/im/session", body).await;
    (answer.status, answer.json())
}

#[tokio::test]
async fn a_signed_visitor_is_let_in_and_shown_his_fields() {
    let vendor = Vendor::new();
    let sig = user_sig(&vendor).await;
    let body = json!({ "webAppId": APP, "clientData": DATA, "userSig": sig, "zh": true });
    let (status, answer) = open(&vendor, body).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(answer["fields"], serde_json::from_str::<Value>(DATA).unwrap());
    assert!(answer["chat"].is_string());
    let log = vendor.get("/control/log").await.text;
    assert!(!log.contains(&sig) && !log.contains("张三"), "neither signature nor name");
}

#[tokio::test]
async fn each_reason_to_turn_a_visitor_away_has_a_code() {
    let vendor = Vendor::new();
    let sig = user_sig(&vendor).await;
    let other = DATA.replace("张三", "李四");
    for (body, codes) in [
        (json!({ "webAppId": "1" }), json!(["webAppId"])),
        (json!({ "webAppId": APP, "clientData": DATA }), json!(["noSignature"])),
        (json!({ "webAppId": APP, "userSig": sig }), json!(["noData"])),
        (json!({ "webAppId": APP, "clientData": DATA, "userSig": "x" }), json!(["format"])),
        (json!({ "webAppId": APP, "clientData": other, "userSig": sig }), json!(["otherText"])),
    ] {
        let (status, answer) = open(&vendor, body.clone()).await;
        assert_eq!((status, &answer["refusals"]), (StatusCode::FORBIDDEN, &codes), "{body}");
    }
    let elsewhere = user_sig(&Vendor::new()).await;
    let body = json!({ "webAppId": APP, "clientData": DATA, "userSig": elsewhere });
    assert_eq!(open(&vendor, body).await.1["refusals"], json!(["signature"]));
    let (status, answer) = open(&vendor, json!({ "webAppId": APP })).await;
    assert_eq!((status, &answer["fields"]), (StatusCode::OK, &Value::Null), "anonymous");
}

#[tokio::test]
async fn each_mistake_in_create_user_sig_has_the_vendors_code() {
    let vendor = Vendor::new();
    for (name, value, code) in [
        ("SdkAppId", json!("1400000000"), "InvalidParameter"),
        ("SdkAppId", json!(1), "InvalidParameterValue.InstanceNotExist"),
        ("Uid", json!("lisi"), "InvalidParameterValue"),
        ("Uid", json!(7), "InvalidParameter"),
        ("ClientData", json!("zhangsan"), "InvalidParameterValue"),
        ("ClientData", json!({ "uid": "zhangsan" }), "InvalidParameter"),
        ("ClientData", json!("{}"), "InvalidParameterValue"),
        ("ExpiredTime", json!(3601), "InvalidParameterValue"),
        ("ExpiredTime", json!(0), "InvalidParameterValue"),
        ("ExpiredTime", json!("60"), "InvalidParameter"),
        ("OnlyOnce", json!(true), "UnknownParameter"),
    ] {
        let mut body = user_sig_request();
        body[name] = value;
        let answer = vendor.call_action("CreateUserSig", body.clone(), |_| ()).await.json();
        assert_eq!(answer["Response"]["Error"]["Code"], code, "{body}");
    }
    let mut body = user_sig_request();
    body.as_object_mut().unwrap().remove("ClientData");
    let answer = vendor.call_action("CreateUserSig", body, |_| ()).await.json();
    assert_eq!(answer["Response"]["Error"]["Code"], "MissingParameter");
}

#[tokio::test]
async fn an_id_that_is_a_number_is_taken_as_in_the_vendors_example() {
    let vendor = Vendor::new();
    let mut body = user_sig_request();
    body["Uid"] = "1846526".into();
    body["ClientData"] = r#"{"uid":1846526}"#.into();
    let answer = vendor.call_action("CreateUserSig", body, |_| ()).await.json();
    let sig = &answer["Response"]["UserSig"];
    let body = json!({ "webAppId": APP, "clientData": r#"{"uid":1846526}"#, "userSig": sig });
    assert_eq!(open(&vendor, body).await.0, StatusCode::OK);
}

#[tokio::test(start_paused = true)]
async fn a_visitor_talks_until_the_chat_ends() {
    let vendor = Vendor::new();
    let (_, answer) = open(&vendor, json!({ "webAppId": APP })).await;
    let chat = answer["chat"].as_str().unwrap().to_owned();
    let path = |after: u64| format!("/web/im/messages?chat={chat}&after={after}");
    tokio::time::sleep(Duration::from_secs(1)).await;
    let received = vendor.get(&path(0)).await.json();
    assert_eq!(
        (&received["phase"], &received["lines"][1]["event"]),
        (&json!("agent"), &json!("agentJoined"))
    );
    let message = json!({ "chat": chat, "text": "hi" });
    assert_eq!(vendor.post("/web/im/send", message.clone()).await.status, StatusCode::NO_CONTENT);
    tokio::time::sleep(Duration::from_secs(1)).await;
    let received = vendor.get(&path(4)).await.json();
    assert_eq!(received["lines"][0]["text"], "Received: hi");
    vendor.post("/control/chat/leave", json!({})).await;
    let received = vendor.get(&path(5)).await.json();
    assert_eq!(received["lines"][0]["event"], "agentLeft");
    vendor.post("/web/im/end", json!({ "chat": chat })).await;
    assert_eq!(vendor.get(&path(6)).await.json()["phase"], "closed");
    assert_eq!(vendor.post("/web/im/send", message).await.status, StatusCode::CONFLICT);
    vendor.post("/control/reset", json!({})).await;
    assert_eq!(vendor.get(&path(0)).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_page_may_be_framed_by_anybody_and_every_file_it_names_is_served() {
    let vendor = Vendor::new();
    let page = vendor.get("/web/im/index.html").await;
    assert!(!page.header("content-security-policy").contains("frame-ancestors"));
    assert_eq!(page.header("x-frame-options"), "");
    let named = page.text.split('"').filter(|part| part.starts_with("/web/"));
    let scripts = ["/web/elements.js", "/web/conversation.js", "/web/im/texts.js"];
    for path in named.chain(scripts) {
        let file = vendor.get(path).await;
        assert_eq!(file.status, StatusCode::OK, "{path}");
        let expected = if path.ends_with(".css") { "text/css" } else { "text/javascript" };
        assert!(file.header("content-type").starts_with(expected), "{path}");
    }
    let answer = vendor.post("/web/im/session", json!({ "webAppId": APP })).await;
    assert_eq!(answer.header("access-control-allow-origin"), "", "not for {SITE}");
}

#[tokio::test]
async fn the_widget_is_a_classic_script_for_one_application() {
    let vendor = Vendor::new();
    let script = vendor.get(&format!("/web/im/imPublish.js?webAppId={APP}")).await;
    assert!(script.header("content-type").starts_with("text/javascript"));
    assert!(script.text.contains("window.customerServiceIframe"));
    assert!(script.text.contains(&format!("\"base\":\"http://{HOST}\"")));
    for sink in crate::script::SINKS {
        assert!(!script.text.contains(sink), "{sink}");
    }
    for bad in ["", "?webAppId=1", "?webAppId=javascript"] {
        let answer = vendor.get(&format!("/web/im/imPublish.js{bad}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{bad}");
    }
}
