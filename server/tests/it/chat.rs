//! TCCC's online chat.

use std::io::Write;
use std::time::Duration;

use axum::http::StatusCode;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use calldock_server::config::Config;
use calldock_server::http::router;
use calldock_server::identity::{Visitor, VisitorSettings};
use calldock_server::start::Kept;
use calldock_server::tccc::{ChatSettings, Transport};
use serde_json::{Value, json};

use crate::identity::provider::now;
use crate::support::{
    CHAT, LOGIN, SECRET_KEY, Vendor, ask, guests, post, reply, request, server, settings,
};

const WEB_APP_ID: &str = "9903496b6be2e67ad291dd2323f3ae9f";

pub fn chat(visitors: VisitorSettings) -> Config {
    let extra = [("extra_phoneNumber", "15813812110"), ("extra_questionGroup", "投诉")];
    let chat = ChatSettings {
        web_app_id: WEB_APP_ID.into(),
        peer_source: "XX商城".into(),
        extra: extra.map(|(name, value)| (name.into(), value.into())).into(),
        allowed_fields: ["extra_orderId", "extra_page"].map(Into::into).into(),
        expires_in: Duration::from_secs(1800),
    };
    Config { chat: Some(chat), visitors: Some(visitors), ..settings() }
}

fn zhangsan() -> VisitorSettings {
    VisitorSettings::Fixed(Visitor { id: "zhangsan".into(), name: "张三".into() })
}

fn signature(sig: &str) -> String {
    json!({"Response": {"UserSig": sig, "RequestId": "r-1"}}).to_string()
}

/// A userSig as the vendor makes it, but for the signature itself.
fn user_sig(time: u64, expire: u64) -> String {
    let text = json!({"TLS.ver": "2.0", "TLS.sdkappid": 1, "TLS.identifier": "TCCC-EXTRA-UID-12345678-zhangsan", "TLS.time": time, "TLS.expire": expire, "TLS.sig": "", "TLS.userbuf": ""});
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(text.to_string().as_bytes()).unwrap();
    let base64 = BASE64_STANDARD.encode(packer.finish().unwrap());
    base64.replace('+', "*").replace('/', "-").replace('=', "_")
}

#[tokio::test]
async fn a_reload_keeps_signatures_unless_the_chat_has_changed() {
    let vendor = Vendor::saying(&signature(&user_sig(now(), 1800)));
    let mut kept = Kept::new(&chat(zhangsan()), vendor.clone()).unwrap();
    for (seconds, calls) in [(1800, 1), (1800, 0), (600, 1)] {
        let mut config = chat(zhangsan());
        config.chat.as_mut().unwrap().expires_in = Duration::from_secs(seconds);
        let app = router(&kept.app(config).unwrap());
        assert_eq!(ask(&app, request("POST", CHAT, &[])).await.status, StatusCode::OK);
        assert_eq!(vendor.seen().len(), calls, "{seconds}");
    }
}

#[tokio::test]
async fn a_chat_is_for_the_text_that_was_signed_and_no_other() {
    let vendor = Vendor::saying(&signature(&user_sig(1_700_000_000, 1800)));
    let answer = ask(&server(chat(zhangsan()), vendor.clone()), request("POST", CHAT, &[])).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.header("cache-control"), "no-store");
    let client_data = r#"{"peerSource":"XX商城","nickName":"张三","uid":"zhangsan","extra_phoneNumber":"15813812110","extra_questionGroup":"投诉"}"#;
    assert_eq!(
        answer.json(),
        json!({"webAppId": WEB_APP_ID, "clientData": client_data, "userSig": user_sig(1_700_000_000, 1800), "expiresAt": 1_700_001_800})
    );
    let seen = vendor.seen();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].headers["x-tc-action"], "CreateUserSig");
    assert_eq!(
        serde_json::from_str::<Value>(&seen[0].body).unwrap(),
        json!({"SdkAppId": 1_400_000_000, "Uid": "zhangsan", "ClientData": client_data, "ExpiredTime": 1800})
    );
}

#[tokio::test]
async fn a_guest_gets_a_chat_of_their_own() {
    let vendor = Vendor::saying(&signature("sig"));
    let app = server(chat(guests()), vendor.clone());
    let answer = ask(&app, request("POST", CHAT, &[])).await;
    let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
    assert!(cookie.starts_with("__Host-calldock-guest="));
    let client_data: Value =
        serde_json::from_str(answer.json()["clientData"].as_str().unwrap()).unwrap();
    let sent: Value = serde_json::from_str(&vendor.seen()[0].body).unwrap();
    assert_eq!(client_data["uid"], sent["Uid"]);
    assert!(client_data["nickName"].as_str().unwrap().starts_with("Guest "));
    let again = ask(&app, request("POST", CHAT, &[("cookie", &cookie)])).await;
    assert_eq!(again.json()["clientData"], answer.json()["clientData"]);
}

#[tokio::test]
async fn nothing_of_the_body_is_signed() {
    let vendor = Vendor::saying(&signature("sig"));
    let app = server(chat(zhangsan()), vendor.clone());
    let body =
        r#"{"uid":"boss","nickName":"Boss","clientData":"{\"uid\":\"boss\"}","extra_vip":"1"}"#;
    assert_eq!(ask(&app, post(CHAT, body)).await.status, StatusCode::OK);
    let sent = &vendor.seen()[0].body;
    assert!(!sent.contains("oss") && !sent.contains("vip"), "{sent}");
    for (request, status) in [
        (post(CHAT, &"x".repeat(4097)), 413),
        (request("GET", CHAT, &[]), 405),
        (request("POST", CHAT, &[("sec-fetch-site", "cross-site")]), 403),
    ] {
        let answer = ask(&app, request).await;
        assert_eq!(answer.status.as_u16(), status);
        answer.problem();
    }
    assert!(vendor.seen().is_empty());
}

#[tokio::test]
async fn a_page_adds_the_fields_it_may_add_and_no_other() {
    let vendor = Vendor::saying(&signature("sig"));
    let app = server(chat(zhangsan()), vendor.clone());
    let body = r#"{"fields":{"extra_page":"购物车 \"1\"","extra_orderId":"B-7"},"uid":"boss"}"#;
    let answer = ask(&app, post(CHAT, body)).await;
    let client_data = r#"{"peerSource":"XX商城","nickName":"张三","uid":"zhangsan","extra_phoneNumber":"15813812110","extra_questionGroup":"投诉","extra_orderId":"B-7","extra_page":"购物车 \"1\""}"#;
    assert_eq!(answer.json()["clientData"], client_data);
    assert!(!vendor.seen()[0].body.contains("boss"));
    for body in [r#"{"fields":{}}"#, "{}", " ", ""] {
        assert_eq!(ask(&app, post(CHAT, body)).await.status, StatusCode::OK, "{body:?}");
    }
}

#[tokio::test]
async fn a_field_a_page_may_not_add_is_refused_by_its_name() {
    let long = format!(r#"{{"fields":{{"extra_page":"{}"}}}}"#, "SECRET-".repeat(37));
    let table = [
        (r#"{"fields":{"extra_vip":"SECRET"}}"#, 422, "The field extra_vip: expected only names"),
        (r#"{"fields":{"uid":"SECRET"}}"#, 422, "The field uid: expected another name"),
        (r#"{"fields":{"peerSource":"SECRET"}}"#, 422, "The field peerSource"),
        (r#"{"fields":{"nickName":"SECRET"}}"#, 422, "The field nickName"),
        (r#"{"fields":{"extra_phoneNumber":"SECRET"}}"#, 422, "The field extra_phoneNumber"),
        (r#"{"fields":{"UID":"SECRET"}}"#, 422, "The field UID: expected only names"),
        (r#"{"fields":{"13812345678":"SECRET"}}"#, 422, "A field whose name"),
        (r#"{"fields":{"<b>SECRET":"x"}}"#, 422, "A field whose name"),
        (r#"{"fields":{"extra_page":7}}"#, 422, "The field extra_page: expected a text"),
        (r#"{"fields":{"extra_page":{"uid":"SECRET"}}}"#, 422, "The field extra_page"),
        (r#"{"fields":{"extra_page":null}}"#, 422, "The field extra_page: expected a text"),
        (r#"{"fields":{"extra_page":""}}"#, 422, "The field extra_page: expected 1 to 256"),
        (r#"{"fields":{"extra_page":"SECRET\n"}}"#, 422, "without control or direction characters"),
        (long.as_str(), 422, "The field extra_page: expected 1 to 256 bytes"),
        (r#"{"fields":{"extra_page":"1","extra_page":"SECRET"}}"#, 400, "no name twice"),
        (r#"{"fields":{},"fields":{"extra_page":"SECRET"}}"#, 400, "no name twice"),
        (r#"{"fields":["SECRET"]}"#, 400, "The body: expected JSON"),
        (r#"[{"extra_page":"SECRET"}]"#, 400, "The body: expected JSON"),
        (r#"{"fields":"#, 400, "The body: expected JSON"),
        ("SECRET", 400, "The body: expected JSON"),
    ];
    let vendor = Vendor::saying(&signature("sig"));
    let app = server(chat(zhangsan()), vendor.clone());
    for (body, status, says) in table {
        let answer = ask(&app, post(CHAT, body)).await;
        assert_eq!(answer.status.as_u16(), status, "{body}");
        let problem = answer.problem();
        assert_eq!(problem.code, "INVALID_OPTION");
        assert!(problem.detail.contains(says), "{body}: {}", problem.detail);
        assert!(problem.remedy.contains("chat.allowed_fields"));
        assert!(!answer.text.contains("SECRET") && !answer.text.contains("138"), "{}", answer.text);
    }
    assert!(vendor.seen().is_empty());
}

#[tokio::test]
async fn fields_that_are_too_much_together_are_refused() {
    let mut config = chat(zhangsan());
    let names: Vec<String> = (0..9).map(|n| format!("extra_{n}")).collect();
    config.chat.as_mut().unwrap().allowed_fields = names.clone();
    let app = server(config, Vendor::saying(&signature("sig")));
    let body = |count| {
        let fields: serde_json::Map<_, _> =
            names.iter().take(count).map(|name| (name.clone(), json!("x".repeat(240)))).collect();
        post(CHAT, &json!({ "fields": fields }).to_string())
    };
    assert_eq!(ask(&app, body(8)).await.status, StatusCode::OK);
    let problem = ask(&app, body(9)).await.problem();
    assert_eq!((problem.status, problem.code.as_str()), (422, "INVALID_OPTION"));
}

#[tokio::test]
async fn names_with_marks_of_every_kind_arrive_unharmed() {
    let name = "O'Brien \"</script>\u{2028}\\ 😀";
    let visitors = VisitorSettings::Fixed(Visitor { id: "a&b=c#d".into(), name: name.into() });
    let app = server(chat(visitors), Vendor::saying(&signature("sig")));
    let answer = ask(&app, request("POST", CHAT, &[])).await;
    let client_data: Value =
        serde_json::from_str(answer.json()["clientData"].as_str().unwrap()).unwrap();
    assert_eq!((&client_data["nickName"], &client_data["uid"]), (&json!(name), &json!("a&b=c#d")));
}

#[tokio::test]
async fn an_unreadable_signature_is_handed_on_with_the_time_that_was_asked_for() {
    let now = || std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let before = now();
    let app = server(chat(zhangsan()), Vendor::saying(&signature("another-form")));
    let answer = ask(&app, request("POST", CHAT, &[])).await.json();
    assert_eq!(answer["userSig"], "another-form");
    assert!((before + 1800..=now() + 1800).contains(&answer["expiresAt"].as_u64().unwrap()));
}

#[tokio::test]
async fn what_is_no_signature_is_not_handed_out() {
    let leak = signature(&format!("x{SECRET_KEY}x"));
    let table = [
        (leak.as_str(), "credentials"),
        (&signature(""), "UserSig"),
        (&signature("a b"), "UserSig"),
        (&signature(&"x".repeat(8193)), "UserSig"),
        (r#"{"Response":{"UserSig":1}}"#, "UserSig"),
        (r#"{"Response":{}}"#, "UserSig"),
        ("<html>", "an HTML page"),
    ];
    for (body, found) in table {
        let answer =
            ask(&server(chat(zhangsan()), Vendor::saying(body)), request("POST", CHAT, &[])).await;
        assert_eq!(answer.status, StatusCode::BAD_GATEWAY, "{body}");
        let problem = answer.problem();
        assert_eq!(problem.code, "LOGIN_FAILED");
        assert!(problem.detail.contains(found), "{}", problem.detail);
        assert!(!answer.text.contains(SECRET_KEY));
    }
    let vendor = Vendor::refusing("FailedOperation.PermissionDenied");
    let problem =
        ask(&server(chat(zhangsan()), vendor), request("POST", CHAT, &[])).await.problem();
    assert_eq!(problem.code, "VENDOR_REJECTED");
    assert!(problem.remedy.contains("CreateUserSig"), "{}", problem.remedy);
}

#[tokio::test]
async fn with_visitors_only_no_agent_can_log_in() {
    let config = Config { agents: None, ..chat(guests()) };
    let vendor = Vendor::answering(Ok(reply(200, "application/json", &signature("sig"))));
    let app = server(config, vendor as std::sync::Arc<dyn Transport>);
    assert_eq!(ask(&app, request("POST", LOGIN, &[])).await.status, StatusCode::NOT_FOUND);
    assert_eq!(ask(&app, request("POST", CHAT, &[])).await.status, StatusCode::OK);
}
