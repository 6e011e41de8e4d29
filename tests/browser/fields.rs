use calldock::page::fields::Fields;
use calldock_contract::Code;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::json;

#[wasm_bindgen_test]
fn members_are_read_as_what_they_are() {
    let object =
        json(r#"{"text":"刘先生","flag":false,"number":1.5,"list":["a","b"],"nothing":null}"#);
    let fields = Fields::of("options", Code::InvalidOption, &object).unwrap();
    assert_eq!(fields.text("text").unwrap(), "刘先生");
    assert_eq!(fields.optional_bool("flag").unwrap(), Some(false));
    assert_eq!(fields.number("number").unwrap(), 1.5);
    assert_eq!(fields.optional_texts("list").unwrap().unwrap(), ["a", "b"]);
    assert_eq!(fields.optional_text("nothing").unwrap(), None);
    assert_eq!(fields.optional_text("absent").unwrap(), None);
    assert!(fields.has("flag") && !fields.has("nothing"));
}

#[wasm_bindgen_test]
fn a_wrong_member_is_named_and_its_value_is_not_repeated() {
    let object = json(r#"{"token":13800000000,"flag":"13800000000","list":["a",13800000000]}"#);
    let fields = Fields::of("login", Code::LoginFailed, &object).unwrap();
    let errors = [
        fields.text("token").unwrap_err(),
        fields.text("absent").unwrap_err(),
        fields.optional_bool("flag").unwrap_err(),
        fields.optional_texts("list").unwrap_err(),
        fields.number("flag").unwrap_err(),
    ];
    let expected = [
        "login.token: expected a text, found a number",
        "login.absent: expected a text, found nothing",
        "login.flag: expected true or false, found a text",
        "login.list: expected a list of texts, found a number",
        "login.flag: expected a number, found a text",
    ];
    for (error, expected) in errors.iter().zip(expected) {
        assert_eq!((error.code, error.message.as_str()), (Code::LoginFailed, expected));
    }
}

#[wasm_bindgen_test]
fn what_is_no_object_is_refused() {
    for value in [JsValue::NULL, JsValue::UNDEFINED, "x".into(), 1.into(), json("[1]")] {
        assert!(Fields::of("options", Code::InvalidOption, &value).is_err());
    }
}
