use calldock::page::fields::Fields;
use calldock::page::member;
use calldock_contract::Code;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::json;

#[wasm_bindgen_test]
fn members_are_read_as_what_they_are() {
    let object =
        json(r#"{"text":"刘先生","flag":false,"number":1.5,"list":["a","b"],"nothing":null}"#);
    let fields = Fields::of("options", Code::InvalidOption, &object);
    assert_eq!(fields.text("text"), "刘先生");
    assert_eq!(fields.optional_bool("flag"), Some(false));
    assert_eq!(fields.number("number"), 1.5);
    assert_eq!(fields.optional_texts("list").unwrap(), ["a", "b"]);
    assert_eq!(fields.optional_word("text", &["刘先生"]).as_deref(), Some("刘先生"));
    assert_eq!(fields.optional_text("nothing"), None);
    assert_eq!(fields.optional_text("absent"), None);
    assert!(fields.done().is_ok());
}

/// The message of what is wrong after one member was read.
fn wrong(read: impl Fn(&Fields)) -> (Code, String) {
    let object = json(r#"{"token":13800000000,"flag":"13800000000","list":["a",13800000000]}"#);
    let fields = Fields::of("login", Code::LoginFailed, &object);
    read(&fields);
    let error = fields.done().unwrap_err();
    (error.code, error.message.clone())
}

#[wasm_bindgen_test]
fn a_wrong_member_is_named_and_its_value_is_not_repeated() {
    let rows = [
        (wrong(|f| drop(f.text("token"))), "login.token: expected a text, found a number"),
        (wrong(|f| drop(f.text("absent"))), "login.absent: expected a text, found nothing"),
        (
            wrong(|f| assert_eq!(f.optional_bool("flag"), None)),
            "login.flag: expected true or false, found a text",
        ),
        (
            wrong(|f| drop(f.optional_texts("list"))),
            "login.list: expected a list of texts, found a number",
        ),
        (
            wrong(|f| drop(f.optional_word("flag", &["a", "b"]))),
            "login.flag: expected a, b, found ‹11 characters›",
        ),
        (
            wrong(|f| assert_eq!(f.number("flag"), 0.0)),
            "login.flag: expected a number, found a text",
        ),
    ];
    for ((code, message), expected) in rows {
        assert_eq!((code, message.as_str()), (Code::LoginFailed, expected));
    }
}

#[wasm_bindgen_test]
fn the_first_thing_that_is_wrong_is_told() {
    let (_, message) = wrong(|fields| {
        fields.text("absent");
        fields.text("token");
    });
    assert!(message.starts_with("login.absent"), "{message}");
}

#[wasm_bindgen_test]
fn what_is_no_object_is_refused() {
    for value in [JsValue::NULL, JsValue::UNDEFINED, "x".into(), 1.into(), json("[1]")] {
        assert!(Fields::of("options", Code::InvalidOption, &value).done().is_err());
    }
}

#[wasm_bindgen_test]
fn what_cannot_be_read_is_no_member() {
    let object = js_sys::eval("({ text: 'a', nothing: null, get thrown() { throw 1 } })").unwrap();
    assert_eq!(member::text(&object, "text").as_deref(), Some("a"));
    for name in ["nothing", "absent", "thrown"] {
        assert_eq!(member::get(&object, name), None, "{name}");
    }
    for value in [JsValue::UNDEFINED, JsValue::NULL, "text".into()] {
        assert_eq!(member::get(&value, "length"), None);
    }
}
