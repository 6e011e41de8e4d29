use calldock::host::{inject_script, read_text};
use calldock::inject::withdraw;
use js_sys::{Object, Reflect};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{parts, window};

#[wasm_bindgen_test]
fn the_dataset_is_on_the_element() {
    let dataset = Object::new();
    Reflect::set(&dataset, &"renderDomId".into(), &"box".into()).unwrap();
    let url = "https://calldock.invalid/sdk.js?token=t";
    let element = inject_script(&window(), "login.sdkUrl", url, None, &dataset, true).unwrap();
    withdraw(&element);
    assert_eq!(element.get_attribute("data-render-dom-id").as_deref(), Some("box"));
    assert_eq!(element.cross_origin().as_deref(), Some("anonymous"));
}

#[wasm_bindgen_test]
fn a_text_is_read_or_refused_by_what_it_is_for() {
    let rows = [
        ("phoneNumber", "138 0000 0000", "13800000000"),
        ("webAppId", "9903496b6be2e67ad291dd2323f3ae9f", "9903496b6be2e67ad291dd2323f3ae9f"),
        ("login.sdkUrl", "https://a.example/?token=x", "https://a.example/?token=x"),
        ("allow", "https://a.example:443", "https://a.example"),
    ];
    for (at, text, read) in rows {
        assert_eq!(read_text(at, text.into()).unwrap(), read);
    }
    let rows = [
        ("phoneNumber", "letters", "INVALID_OPTION"),
        ("webAppId", "99", "INVALID_OPTION"),
        ("login.sdkUrl", "http://a.example/?token=x", "LOGIN_FAILED"),
        ("options.chatPage", "http://a.example/", "INVALID_OPTION"),
        ("allow", "https://*.a.example", "INVALID_OPTION"),
    ];
    for (place, text, expected) in rows {
        let [code, at, _, found] = parts(read_text(place, text.into()).unwrap_err());
        assert_eq!([code.as_str(), at.as_str()], [expected, place]);
        assert!(!found.contains("token=x"), "{found}");
    }
}
