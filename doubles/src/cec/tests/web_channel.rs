//! The web channel's REST: a conversation from its first line to its end, and every refusal.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{SECOND, signed};
use crate::testing::Vendor;

/// Lets everything happen that is due within a second.
async fn a_second() {
    tokio::time::sleep(Duration::from_secs(1)).await;
}

#[tokio::test(start_paused = true)]
async fn a_visitor_talks_with_an_agent_who_echoes() {
    let vendor = Vendor::new();
    let cookie = vendor.visit().await;
    assert!(vendor.hears(&cookie).await.is_empty());
    assert_eq!(vendor.says(&cookie, "CONNECT", "").await["resultCode"], "0");
    assert_eq!(vendor.hears(&cookie).await, ["SYSTEM 正在为您接入座席，请稍候…"]);
    a_second().await;
    assert_eq!(
        vendor.hears(&cookie).await,
        ["SYSTEM 客服 1001 已接入", "AGENT 您好，请问有什么可以帮您？"]
    );
    assert_eq!(vendor.says(&cookie, "CHAT", "<b>你好</b>").await["resultCode"], "0");
    a_second().await;
    assert_eq!(vendor.hears(&cookie).await, ["AGENT 收到：<b>你好</b>"]);
    assert!(vendor.hears(&cookie).await.is_empty(), "each line is told once");
    assert_eq!(vendor.says(&cookie, "DISCONNECT", "").await["resultCode"], "0");
    assert_eq!(vendor.hears(&cookie).await, ["SYSTEM 会话已结束"]);
    assert_ne!(vendor.says(&cookie, "CHAT", "?").await["resultCode"], "0");
}

#[tokio::test(start_paused = true)]
async fn a_line_has_the_vendors_members() {
    let vendor = Vendor::new();
    let cookie = vendor.visit().await;
    vendor.says(&cookie, "CONNECT", "").await;
    a_second().await;
    vendor.says(&cookie, "DISCONNECT", "").await;
    let answer = vendor.rest(&cookie, "getMessageForWebChannel", None).await.json();
    assert_eq!(answer["resultCode"], "0");
    let lines = answer["downlinkMessages"].as_array().unwrap();
    let agent = lines.iter().find(|line| line["sourceType"] == "AGENT").unwrap();
    assert_eq!(agent["senderNickname"], "客服 1001");
    for (name, value) in
        [("channel", "WEB"), ("to", "10010001"), ("controlType", "CHAT"), ("mediaType", "TEXT")]
    {
        assert_eq!(agent[name], value, "{name}");
    }
    assert!(agent["timestamp"].is_u64());
    assert_eq!(lines.last().unwrap()["controlType"], "DISCONNECT");
}

#[tokio::test(start_paused = true)]
async fn a_robot_hands_over_to_an_agent_and_an_agent_to_nobody() {
    let vendor = Vendor::new();
    vendor.post("/control/chat/mode", json!({ "mode": "robot" })).await;
    let cookie = vendor.visit().await;
    let config = vendor.rest(&cookie, "queryChannelConfigByChannelAndId", None).await.json();
    assert_eq!(
        (&config["useRobot"], &config["toArtificialKeyWord"]),
        (&json!("true"), &json!("转人工"))
    );
    vendor.says(&cookie, "CONNECT", "").await;
    vendor.says(&cookie, "CHAT", "hi").await;
    a_second().await;
    assert_eq!(vendor.hears(&cookie).await[1], "ROBOT 收到：hi");
    assert_eq!(vendor.says(&cookie, "TRANS2AGENT", "").await["resultCode"], "0");
    a_second().await;
    assert!(vendor.hears(&cookie).await.iter().any(|line| line.starts_with("AGENT ")));
    assert_eq!(vendor.says(&cookie, "TRANS2AGENT", "").await["resultCode"], "1");
}

#[tokio::test(start_paused = true)]
async fn the_robots_keyword_asks_for_an_agent_too() {
    let vendor = Vendor::new();
    vendor.post("/control/chat/mode", json!({ "mode": "robot" })).await;
    let cookie = vendor.visit().await;
    vendor.says(&cookie, "CONNECT", "").await;
    vendor.says(&cookie, "CHAT", "我要转人工").await;
    a_second().await;
    assert!(vendor.hears(&cookie).await.iter().any(|line| line.starts_with("AGENT ")));
}

#[tokio::test]
async fn the_control_routes_are_the_agent() {
    let vendor = Vendor::new();
    vendor.post("/control/chat/mode", json!({ "mode": "manual" })).await;
    let cookie = vendor.visit().await;
    let act = |name: &'static str, body: Value| {
        let vendor = &vendor;
        async move { vendor.post(&format!("/control/chat/{name}"), body).await.status }
    };
    assert_eq!(act("join", json!({})).await, StatusCode::NOT_FOUND);
    vendor.says(&cookie, "CONNECT", "").await;
    assert_eq!(act("say", json!({ "text": "hi" })).await, StatusCode::CONFLICT);
    assert_eq!(act("join", json!({})).await, StatusCode::OK);
    assert_eq!(act("join", json!({})).await, StatusCode::CONFLICT);
    assert_eq!(act("say", json!({ "text": "hi" })).await, StatusCode::OK);
    assert_eq!(act("leave", json!({})).await, StatusCode::OK);
    assert_eq!(act("leave", json!({})).await, StatusCode::CONFLICT);
    let state = vendor.get("/control/state").await.json();
    let chat = state["chats"][0].clone();
    assert_eq!((&chat["vendor"], &chat["phase"]), (&json!("cec"), &json!("waiting")));
    assert_eq!(act("end", json!({ "chat": chat["chat"] })).await, StatusCode::OK);
    let received = vendor.hears(&cookie).await;
    assert_eq!(received[3..], ["AGENT hi", "SYSTEM 客服 1001 已离开", "SYSTEM 会话已结束"]);
}

#[tokio::test(start_paused = true)]
async fn a_call_wants_an_agent_and_one_of_two_abilities() {
    let vendor = Vendor::new();
    let cookie = vendor.visit().await;
    let call = |ability: Value| {
        let body = json!({ "mediaAbility": ability });
        vendor.rest(&cookie, "createClickToCall", Some(body))
    };
    assert_eq!(call(json!("0")).await.json()["resultCode"], "13");
    vendor.says(&cookie, "CONNECT", "").await;
    a_second().await;
    for ability in ["0", "1"] {
        let answer = call(json!(ability)).await.json();
        assert_eq!(answer, json!({ "resultCode": "0", "resultDesc": "connect successfully." }));
    }
    for ability in [json!(0), json!("2"), Value::Null] {
        assert_eq!(call(ability).await.status, StatusCode::BAD_REQUEST);
    }
}

#[tokio::test]
async fn nobody_gets_in_without_a_valid_cookie() {
    let vendor = Vendor::new();
    let old = vendor.visit().await;
    let new = vendor.visit().await;
    let config = "queryChannelConfigByChannelAndId";
    for cookie in ["", "ccmessaging-token=", "ccmessaging-token=0", old.as_str()] {
        assert_eq!(vendor.rest(cookie, config, None).await.status, StatusCode::UNAUTHORIZED);
    }
    let answer = vendor.rest(&new, config, None).await;
    assert_eq!(
        answer.json(),
        json!({
            "queueReminderContent": null, "useRobot": "false", "toArtificialKeyWord": null,
            "queueReminderInterval": 10,
        })
    );
    vendor.post("/control/cec/expire", json!({})).await;
    assert_eq!(vendor.rest(&new, config, None).await.status, StatusCode::UNAUTHORIZED);
    let seen = format!("{:?}", vendor.seen("cec"));
    assert!(!seen.contains(new.split_once('=').unwrap().1), "no cookie in the log");
}

#[tokio::test]
async fn a_message_that_is_not_the_documents_is_refused_and_named() {
    let vendor = Vendor::new();
    let cookie = vendor.visit().await;
    vendor.says(&cookie, "CONNECT", "").await;
    let good =
        json!({ "controlType": "CHAT", "mediaType": "TEXT", "content": "a", "userAgent": "b" });
    for (name, value) in [
        ("controlType", json!("TYPING")),
        ("controlType", Value::Null),
        ("mediaType", json!("FILE")),
        ("content", json!("")),
        ("content", json!("字".repeat(342))),
        ("userAgent", Value::Null),
    ] {
        let mut body = good.clone();
        body[name] = value;
        let answer = vendor.rest(&cookie, "sendMessageForWebChannel", Some(body)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{name}");
        assert!(answer.json()["resultDesc"].as_str().unwrap().contains(name), "{name}");
    }
    let path = format!("{}/sendMessageForWebChannel", super::REST);
    let answer = vendor.typed(&path, super::FORM, &good.to_string()).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "the cookie comes first");
    let mut picture = good.clone();
    picture["mediaType"] = "IMAGE".into();
    let answer = vendor.rest(&cookie, "sendMessageForWebChannel", Some(picture)).await;
    assert_eq!(answer.json()["resultCode"], "0");
}

#[tokio::test]
async fn told_faults_replace_the_rests_answer_once() {
    let vendor = Vendor::new();
    let cookie = vendor.visit().await;
    for (rest, status) in [
        ("500", StatusCode::INTERNAL_SERVER_ERROR),
        ("401", StatusCode::UNAUTHORIZED),
        ("html", StatusCode::OK),
        ("failed", StatusCode::OK),
    ] {
        vendor.post("/control/faults", json!({ "rest": rest, "times": 1 })).await;
        let answer = vendor.rest(&cookie, "createClickToCall", Some(json!({}))).await;
        assert_eq!(answer.status, status, "{rest}");
        match rest {
            "html" => assert!(answer.header("content-type").starts_with("text/html")),
            "failed" => assert_eq!(answer.json()["resultCode"], "1"),
            _ => {}
        }
        assert_eq!(vendor.says(&cookie, "CONNECT", "").await["resultCode"], "0", "{rest}: once");
    }
}

#[tokio::test(start_paused = true)]
async fn a_slow_rest_answers_late() {
    let vendor = Vendor::new();
    let cookie = vendor.visit().await;
    vendor.post("/control/faults", json!({ "rest": "slow:5000" })).await;
    let began = tokio::time::Instant::now();
    assert_eq!(vendor.says(&cookie, "CONNECT", "").await["resultCode"], "0");
    assert!(began.elapsed() >= Duration::from_secs(5));
    vendor.post("/control/faults", json!({ "rest": "hang" })).await;
    let hour = Duration::from_secs(3600);
    assert!(tokio::time::timeout(hour, vendor.says(&cookie, "CONNECT", "")).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_visitor_whose_language_is_not_chinese_is_spoken_to_in_english() {
    let vendor = Vendor::new();
    let mut body = signed();
    body["locale"] = "fr".into();
    let answer = vendor.form(SECOND, &body).await;
    let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
    vendor.says(&cookie, "CONNECT", "").await;
    a_second().await;
    assert_eq!(vendor.hears(&cookie).await[1], "SYSTEM Agent 1001 has joined");
}
