//! The two scripts: who gets them, who does not, and what can go wrong with them.

use std::time::Duration;

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use serde_json::{Value, json};

use super::{FIRST, FORM, Integrator, SECOND, SIGNED, signed, visitor, with};
use crate::testing::{SITE, Vendor};

async fn plan(vendor: &Vendor, cec: Value) {
    let answer = vendor.post("/control/faults", json!({ "cec": cec, "times": 1 })).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}

#[tokio::test]
async fn authorization_mode_gets_the_chat_and_a_cookie_for_a_good_signature() {
    let vendor = Vendor::new();
    for kind in [FORM, "application/x-www-form-urlencoded", "application/json"] {
        let answer = vendor.typed(SECOND, kind, &signed().to_string()).await;
        assert_eq!(answer.status, StatusCode::OK, "{kind}");
        assert!(answer.text.starts_with("let "));
        let cookie = answer.header("set-cookie");
        assert!(cookie.starts_with("ccmessaging-token="), "{cookie}");
        assert!(cookie.ends_with("; Path=/; SameSite=Lax"), "{cookie}");
        assert!(answer.header("content-type").starts_with("application/javascript"));
    }
}

#[tokio::test]
async fn every_recommended_vector_with_a_user_opens_the_chat_and_a_flipped_bit_does_not() {
    let vendor = Vendor::new();
    let vectors: Vec<Value> = serde_json::from_str(include_str!("auth-v2.json")).unwrap();
    let mut tried = 0;
    for vector in &vectors {
        let Ok(fields) = serde_json::from_str::<Value>(vector["payload"].as_str().unwrap()) else {
            continue;
        };
        let mut body = visitor();
        body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        body["thirdPartAuthorization"] = vector["authorization"].clone();
        let answer = vendor.form(SECOND, &body).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", vector["id"]);
        let good = vector["authorization"].as_str().unwrap();
        let last = if good.ends_with('0') { "1" } else { "0" };
        body["thirdPartAuthorization"] = format!("{}{last}", &good[..good.len() - 1]).into();
        let answer = vendor.form(SECOND, &body).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", vector["id"]);
        assert_eq!(answer.header("set-cookie"), "");
        tried += 1;
    }
    assert_eq!(tried, 6, "all but the vector of an empty payload");
}

#[tokio::test]
async fn any_other_of_the_signed_fields_is_refused() {
    let vendor = Vendor::new();
    for name in ["thirdUserName", "thirdUserId", "tenantSpaceId", "channelConfigId"] {
        let mut body = signed();
        body[name] = "1".into();
        assert_eq!(vendor.form(SECOND, &body).await.status, StatusCode::FORBIDDEN, "{name}");
    }
    let other = with("thirdPartAuthorization", SIGNED.replace("817854979183314945", "1"));
    assert_eq!(vendor.form(SECOND, &other).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn token_mode_asks_the_integrator_with_exactly_his_four_members() {
    let integrator = Integrator::answering(json!({ "retCode": 0, "message": "ok" })).await;
    let vendor = Vendor::calling(&integrator.url);
    let body = with("thirdUserToken", "t0ken");
    assert_eq!(vendor.form(FIRST, &body).await.status, StatusCode::OK);
    assert!(integrator.questions.lock().unwrap().is_empty(), "the first script asks nobody");
    let answer = vendor.form(SECOND, &body).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.header("set-cookie").starts_with("ccmessaging-token="));
    let expected = json!({
        "Token": "t0ken", "userName": "Tom", "userId": "10010001", "tenantSpaceId": "202007159031",
    });
    assert_eq!(*integrator.questions.lock().unwrap(), [expected]);
    assert!(!format!("{:?}", vendor.seen("cec")).contains("t0ken"));
}

#[tokio::test]
async fn token_mode_refuses_what_the_integrator_does_not_confirm() {
    let body = with("thirdUserToken", "t0ken");
    for (answer, status, outcome) in [
        (json!({ "retCode": 1, "message": "no" }), StatusCode::FORBIDDEN, "retCode 1"),
        (json!({ "retCode": "0" }), StatusCode::BAD_GATEWAY, "answered without a retCode"),
        (json!({}), StatusCode::BAD_GATEWAY, "answered without a retCode"),
    ] {
        let integrator = Integrator::answering(answer).await;
        let vendor = Vendor::calling(&integrator.url);
        let refused = vendor.form(SECOND, &body).await;
        assert_eq!((refused.status, refused.header("set-cookie")), (status, ""));
        assert_eq!(vendor.seen("cec")[0]["outcome"], outcome);
    }
    let integrator = Integrator::answering(json!({})).await;
    let vendor = Vendor::calling(&integrator.url.replace("/validate", "/elsewhere"));
    assert_eq!(vendor.form(SECOND, &body).await.status, StatusCode::BAD_GATEWAY);
    assert_eq!(vendor.seen("cec")[0]["outcome"], "answered 404");
    let nobody = Vendor::new();
    assert_eq!(nobody.form(SECOND, &body).await.status, StatusCode::BAD_GATEWAY);
    assert_eq!(nobody.seen("cec")[0]["outcome"], "cannot be reached");
}

#[tokio::test]
async fn a_body_that_is_not_the_guides_is_refused_and_named() {
    let vendor = Vendor::new();
    for (name, value) in [
        ("thirdUserName", json!("")),
        ("thirdUserId", json!(1)),
        ("tenantSpaceId", Value::Null),
        ("channelConfigId", json!([])),
        ("locale", json!("de")),
        ("timestamp", json!("1724036645678")),
        ("mapService", json!("baidu")),
        ("thirdUserToken", json!("both")),
    ] {
        let mut body = signed();
        body[name] = value;
        for path in [FIRST, SECOND] {
            let answer = vendor.form(path, &body).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{name}");
            assert!(answer.text.contains(name), "{name}: {}", answer.text);
        }
    }
    assert_eq!(vendor.form(SECOND, &visitor()).await.status, StatusCode::BAD_REQUEST);
    for body in ["", "{", "[]", "thirdUserName=Tom"] {
        assert_eq!(
            vendor.typed(SECOND, FORM, body).await.status,
            StatusCode::BAD_REQUEST,
            "{body}"
        );
    }
    let body = signed().to_string();
    for kind in ["text/plain", "application/json; charset=GBK", "multipart/form-data"] {
        let status = vendor.typed(SECOND, kind, &body).await.status;
        assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{kind}");
    }
    assert_eq!(vendor.get(SECOND).await.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn what_the_second_sample_sends_too_much_is_taken_and_noted_by_name_only() {
    let vendor = Vendor::new();
    let mut body = signed();
    body["secretKey"] = "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfG".into();
    assert_eq!(vendor.form(SECOND, &body).await.status, StatusCode::OK);
    let seen = &vendor.seen("cec")[0];
    assert_eq!(seen["unknown"], json!(["secretKey"]));
    assert_eq!((&seen["mode"], &seen["userId"]), (&json!("authorization"), &json!("10010001")));
    assert!(!seen.to_string().contains("AbCdEf") && !seen.to_string().contains("auth-v2"));
}

#[tokio::test]
async fn json_across_origins_passes_its_preflight_unless_told_otherwise() {
    let vendor = Vendor::new();
    let preflight = || {
        Request::options(SECOND)
            .header("origin", SITE)
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "content-type")
            .body(Body::empty())
            .unwrap()
    };
    let answer = vendor.send(preflight()).await;
    assert_eq!(answer.header("access-control-allow-origin"), SITE);
    assert_eq!(answer.header("access-control-allow-credentials"), "true");
    assert_eq!(answer.header("access-control-allow-headers"), "content-type");
    let answer = vendor.form(SECOND, &signed()).await;
    assert_eq!(answer.header("access-control-allow-origin"), SITE);
    vendor.post("/control/faults", json!({ "cec": { "cors": false } })).await;
    assert_eq!(vendor.send(preflight()).await.header("access-control-allow-origin"), "");
    let answer = vendor.form(SECOND, &signed()).await;
    assert_eq!(answer.header("access-control-allow-origin"), "");
    vendor.post("/control/faults", json!({ "cec": {} })).await;
    assert_eq!(vendor.send(preflight()).await.header("access-control-allow-origin"), SITE);
}

#[tokio::test]
async fn told_faults_replace_the_script_once() {
    let vendor = Vendor::new();
    for (script, status) in [
        ("refuse", StatusCode::FORBIDDEN),
        ("500", StatusCode::INTERNAL_SERVER_ERROR),
        ("html", StatusCode::OK),
        ("throw", StatusCode::OK),
    ] {
        plan(&vendor, json!({ "script": script, "at": "second" })).await;
        let first = vendor.form(FIRST, &signed()).await;
        assert!(first.text.contains("thirdValidate"), "the first script is left alone");
        let answer = vendor.form(SECOND, &signed()).await;
        assert_eq!((answer.status, answer.header("set-cookie")), (status, ""), "{script}");
        if script == "html" {
            assert!(answer.header("content-type").starts_with("text/html"));
        }
        if script == "throw" {
            assert!(answer.text.starts_with("throw "));
            assert!(answer.header("content-type").starts_with("application/javascript"));
        }
        assert!(vendor.form(SECOND, &signed()).await.text.starts_with("let "), "{script}: once");
    }
    plan(&vendor, json!({ "script": "500", "at": "first" })).await;
    assert_eq!(vendor.form(SECOND, &signed()).await.status, StatusCode::OK);
    assert_eq!(vendor.form(FIRST, &signed()).await.status, StatusCode::INTERNAL_SERVER_ERROR);
    plan(&vendor, json!({ "expired": true })).await;
    assert_eq!(vendor.form(SECOND, &signed()).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_answers_type_the_cookie_and_what_the_script_wants_can_be_chosen() {
    let vendor = Vendor::new();
    for (kind, expected) in [
        ("text/plain", "text/plain;charset=UTF-8"),
        ("text/javascript", "text/javascript;charset=UTF-8"),
        ("none", ""),
    ] {
        plan(&vendor, json!({ "type": kind })).await;
        assert_eq!(vendor.form(SECOND, &signed()).await.header("content-type"), expected);
    }
    plan(&vendor, json!({ "cookie": "httponly" })).await;
    let answer = vendor.form(SECOND, &signed()).await;
    assert!(answer.header("set-cookie").ends_with("; HttpOnly"));
    plan(&vendor, json!({ "cookie": "none" })).await;
    assert_eq!(vendor.form(SECOND, &signed()).await.header("set-cookie"), "");
    for (wants, expected) in [("jquery", "\"wants\":\"jquery\""), ("axios", "\"wants\":\"axios\"")]
    {
        plan(&vendor, json!({ "wants": wants })).await;
        assert!(vendor.form(SECOND, &signed()).await.text.contains(expected));
    }
}

#[tokio::test(start_paused = true)]
async fn a_slow_script_comes_late_and_a_hanging_one_only_when_the_process_ends() {
    let vendor = Vendor::new();
    plan(&vendor, json!({ "script": "slow:5000" })).await;
    let began = tokio::time::Instant::now();
    assert_eq!(vendor.form(SECOND, &signed()).await.status, StatusCode::OK);
    assert!(began.elapsed() >= Duration::from_secs(5));
    plan(&vendor, json!({ "script": "hang" })).await;
    let hour = Duration::from_secs(3600);
    assert!(tokio::time::timeout(hour, vendor.form(SECOND, &signed())).await.is_err());
    plan(&vendor, json!({ "script": "hang" })).await;
    vendor.close.send_replace(true);
    let answer = tokio::time::timeout(hour, vendor.form(SECOND, &signed())).await.unwrap();
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
}
