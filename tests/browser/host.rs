use calldock::host::{check_sdk_login, inject_workbench};
use calldock::inject::withdraw;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{parts, window};

fn some(text: &str) -> Option<String> {
    Some(text.into())
}

#[wasm_bindgen_test]
fn a_login_with_a_token_is_the_vendors_dataset() {
    let url = "https://calldock.invalid/sdk.js";
    let (token, app, user) = (some("t"), some("1400000000"), some("agent@example.com"));
    let element =
        inject_workbench(&window(), url, token, app, user, Some(true), some("box"), None).unwrap();
    withdraw(&element);
    let attribute = |name: &str| element.get_attribute(name);
    assert_eq!(attribute("data-token").as_deref(), Some("t"));
    assert_eq!(attribute("data-sdk-app-id").or(attribute("data-sdkappid")), some("1400000000"));
    assert_eq!(attribute("data-userid").as_deref(), Some("agent@example.com"));
    assert_eq!(attribute("data-render-dom-id").as_deref(), Some("box"));
    assert_eq!(element.cross_origin().as_deref(), Some("anonymous"));
}

#[wasm_bindgen_test]
fn a_login_by_address_alone_has_no_dataset() {
    let url = "https://calldock.invalid/sdk.js?token=t";
    let element = inject_workbench(&window(), url, None, None, None, None, None, None).unwrap();
    withdraw(&element);
    let names: Vec<String> = element.get_attribute_names().iter().filter_map(|n| n.as_string()).collect();
    assert!(names.iter().all(|name| !name.starts_with("data-")), "{names:?}");
}

#[wasm_bindgen_test]
fn a_login_that_is_none_names_its_member_and_not_its_value() {
    let user = || some("agent@example.com");
    let rows = [
        (("http://cdn.example/sdk.js", some("t"), some("1"), user()), "login.sdkUrl"),
        (("https://cdn.example/sdk.js", some(""), some("1"), user()), "login.token"),
        (("https://cdn.example/sdk.js", some("t"), some("x"), user()), "login.sdkAppId"),
        (("https://cdn.example/sdk.js", some("t"), some("1"), some("")), "login.userId"),
    ];
    for ((url, token, app, user), member) in rows {
        let [code, at, _, found] = parts(check_sdk_login(url, token, app, user).unwrap_err());
        assert_eq!([code.as_str(), at.as_str()], ["LOGIN_FAILED", member]);
        assert!(!found.contains("agent@"), "{found}");
    }
}
