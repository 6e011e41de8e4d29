use calldock::page::login;
use calldock_contract::Code;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Headers, Response, ResponseInit};

use crate::{json, text};

fn answer(status: u16, kind: &str, body: &str) -> JsValue {
    let headers = Headers::new().unwrap();
    headers.set("content-type", kind).unwrap();
    let init = ResponseInit::new();
    init.set_status(status);
    init.set_headers(&headers);
    Response::new_with_opt_str_and_init(Some(body), &init).unwrap().into()
}

const LOGIN: &str = r#"{"token":"t","sdkUrl":"https://h/s.js","sdkAppId":1,"userId":"a"}"#;

#[wasm_bindgen_test]
async fn an_answer_and_an_object_are_the_same() {
    let told = login::object(answer(200, "application/json; charset=utf-8", LOGIN), "{…}").await;
    assert_eq!(text(&told.ok().unwrap(), "token"), "t");
    assert_eq!(text(&login::object(json(LOGIN), "{…}").await.ok().unwrap(), "userId"), "a");
}

#[wasm_bindgen_test]
async fn what_an_endpoint_answers_instead_is_told_and_asked_again_only_if_that_may_help() {
    let problem = r#"{"title":"t","detail":"the vendor's clock differs","status":502,"code":"VENDOR_REJECTED","remedy":"Set the clock."}"#;
    let rows = [
        (answer(200, "text/html", "<p>sign in</p>"), Code::LoginFailed, false),
        (answer(200, "application/json", "13800000000"), Code::LoginFailed, false),
        (answer(401, "application/json", "{}"), Code::LoginFailed, false),
        (answer(404, "text/html", "<p>"), Code::LoginFailed, false),
        (answer(500, "text/plain", "oops"), Code::LoginFailed, true),
        (answer(429, "text/plain", ""), Code::LoginFailed, true),
        (answer(502, "application/problem+json", problem), Code::VendorRejected, false),
        (
            answer(403, "application/problem+json", r#"{"title":"Forbidden"}"#),
            Code::LoginFailed,
            false,
        ),
    ];
    for (given, code, again) in rows {
        let unusable = login::object(given, "{…}").await.err().unwrap();
        let message = &unusable.failure.error.message;
        assert_eq!((unusable.failure.error.code, unusable.again), (code, again), "{message}");
        assert!(!message.contains("138") && !message.contains("<p>"), "{message}");
    }
}

#[wasm_bindgen_test]
async fn a_servers_own_remedy_is_kept() {
    let body = r#"{"detail":"d","code":"VENDOR_REJECTED","remedy":"Set the clock."}"#;
    let unusable =
        login::object(answer(502, "application/problem+json", body), "{…}").await.err().unwrap();
    assert_eq!(unusable.failure.remedy.as_deref(), Some("Set the clock."));
}

#[wasm_bindgen_test]
async fn a_secret_in_a_login_is_refused_and_not_repeated() {
    for name in ["secretKey", "secretId"] {
        let given = json(&format!(r#"{{"token":"t","{name}":"AKIDxyz"}}"#));
        let failure = login::object(given, "{…}").await.err().unwrap().failure;
        assert_eq!(failure.error.code, Code::SecretInPage);
        assert!(failure.error.message.contains(name) && !failure.error.message.contains("AKID"));
    }
}
