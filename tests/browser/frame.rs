use calldock::tccc::embedded::message::compose_message;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{json, text};

#[wasm_bindgen_test]
fn a_page_in_no_frame_posts_nothing() {
    let error =
        compose_message("callOut", &json(r#"{"phoneNumber":"10086"}"#), &json("{}")).unwrap_err();
    assert_eq!(text(&error, "code"), "ORIGIN_REFUSED");
}

#[wasm_bindgen_test]
fn bad_input_is_named_before_anything_else() {
    let rows = [
        (r#"{}"#, "{}", "callOut.phoneNumber: expected a text, found nothing"),
        (r#"{"phoneNumber":10086}"#, "{}", "callOut.phoneNumber: expected a text, found a number"),
        (
            r#"{"phoneNumber":"10086","desc":1}"#,
            "{}",
            "callOut.desc: expected a text, found a number",
        ),
        (
            r#"{"phoneNumber":"10086"}"#,
            r#"{"allowParents":"https://crm.example.com"}"#,
            "options.allowParents: expected a list of texts, found a text",
        ),
    ];
    for (call, options, message) in rows {
        let error = compose_message("callOut", &json(call), &json(options)).unwrap_err();
        assert_eq!(text(&error, "code"), "INVALID_OPTION");
        assert_eq!(text(&error, "message"), message);
    }
}
