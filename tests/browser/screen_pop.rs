use calldock::tccc::embedded::screen_pop::ScreenPop;
use js_sys::{Array, Map, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::text;

#[wasm_bindgen_test]
fn a_call_is_a_plain_object_with_null_for_what_is_absent() {
    let call =
        ScreenPop::new().read("#?mobile=10086&nickName=%E5%88%98&status=100&type=om").unwrap();
    assert_eq!(text(&call, "status"), "ringing");
    assert_eq!(text(&call, "type"), "audio");
    assert_eq!(text(&call, "nickName"), "刘");
    assert!(Reflect::get(&call, &"agentEmail".into()).unwrap().is_null());
}

#[wasm_bindgen_test]
fn what_nobody_documented_is_in_a_map_where_no_name_does_harm() {
    let call = ScreenPop::new().read("#?mobile=1&__proto__=x&constructor=y&status=300").unwrap();
    let extra: Map = Reflect::get(&call, &"extra".into()).unwrap().dyn_into().unwrap();
    assert_eq!(extra.get(&"__proto__".into()), "x");
    assert_eq!(extra.size(), 2);
    assert_eq!(text(&call, "status"), "other:300");
}

#[wasm_bindgen_test]
fn each_call_names_what_changed_since_the_last_one() {
    let mut reader = ScreenPop::new();
    let changed = |call| -> Array { Reflect::get(&call, &"changed".into()).unwrap().into() };
    let first = changed(reader.read("#?mobile=1&status=100").unwrap());
    assert_eq!(first.join(","), "status,mobile");
    assert!(reader.read("#/orders").unwrap().is_undefined());
    let second = changed(reader.read("#?mobile=1&status=200").unwrap());
    assert_eq!(second.join(","), "status");
}

#[wasm_bindgen_test]
fn a_hash_that_cannot_be_read_does_not_forget_the_last_call() {
    let mut reader = ScreenPop::new();
    reader.read("#?mobile=1&status=100").unwrap();
    let error = reader.read("#?nickName=%C1%F5").unwrap_err();
    assert_eq!(text(&error, "code"), "INVALID_OPTION");
    let call = reader.read("#?mobile=1&status=400").unwrap();
    let changed: Array = Reflect::get(&call, &"changed".into()).unwrap().into();
    assert_eq!(changed.join(","), "status");
}
