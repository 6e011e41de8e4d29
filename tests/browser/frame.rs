use calldock::hash::{ScreenPop, read_hash};
use js_sys::{Array, Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{member, text, window};

fn changed(call: &JsValue) -> String {
    String::from(member(call, "changed").unchecked_into::<Array>().join(","))
}

#[wasm_bindgen_test]
fn a_call_is_a_plain_object_with_null_for_absent_members() {
    let call = read_hash("#?mobile=10086&nickName=%E5%88%98&status=100&type=om").unwrap().unwrap();
    assert_eq!(text(&call, "status"), "ringing");
    assert_eq!(text(&call, "type"), "audio");
    assert_eq!(text(&call, "nickName"), "刘");
    assert!(member(&call, "agentEmail").is_null());
}

#[wasm_bindgen_test]
fn undocumented_parameters_are_pairs_in_their_order() {
    let call = read_hash("#?mobile=1&zz=1&__proto__=x&10=y&status=300").unwrap().unwrap();
    let extra = member(&call, "extra").unchecked_into::<Array>();
    let names: Vec<String> = extra
        .iter()
        .map(|pair| pair.unchecked_into::<Array>().get(0).as_string().unwrap())
        .collect();
    assert_eq!(names, ["zz", "__proto__", "10"]);
    assert_eq!(text(&call, "status"), "other:300");
}

#[wasm_bindgen_test]
fn an_undecodable_value_costs_neither_the_call_nor_the_others() {
    let hash = "#?mobile=13800000000&type=phone&status=100&nickName=%D5%C5%C8%FD";
    let call = read_hash(hash).unwrap().unwrap();
    assert_eq!(text(&call, "mobile"), "13800000000");
    assert!(member(&call, "nickName").is_null());
    let unreadable = member(&call, "unreadable").unchecked_into::<Array>();
    assert_eq!(String::from(unreadable.join(",")), "nickName");
}

#[wasm_bindgen_test]
fn each_call_names_what_changed_since_the_last_one() {
    let enter = Function::new_with_args("listener", "return listener");
    let deliver = Function::new_no_args("");
    let pop = ScreenPop::new(window().into(), &enter, deliver).unwrap();
    let first = pop.read("#?mobile=1&status=100").unwrap().unwrap();
    assert_eq!(changed(&first), "status,mobile");
    assert!(pop.read("#/orders").unwrap().is_none());
    let second = pop.read("#?mobile=1&status=200").unwrap().unwrap();
    assert_eq!(changed(&second), "status");
}

#[wasm_bindgen_test]
fn the_listener_is_entered_through_the_wrapper_and_removed_when_freed() {
    let enter = Function::new_with_args(
        "listener",
        "window.entered = 0; return (event) => { window.entered += 1; listener(event) }",
    );
    let deliver =
        Function::new_with_args("call, error", "window.delivered = [call, error?.length ?? 0]");
    let event = |hash: &str| {
        let options = js_sys::Object::new();
        let url = ["https://page.example/", hash].concat();
        Reflect::set(&options, &"newURL".into(), &url.into()).unwrap();
        let make = Function::new_with_args("o", "return new HashChangeEvent('hashchange', o)");
        let event = make.call1(&JsValue::NULL, &options).unwrap();
        window().dispatch_event(event.unchecked_ref()).unwrap();
    };
    let delivered =
        |index: u32| member(&window(), "delivered").unchecked_into::<Array>().get(index);
    let pop = ScreenPop::new(window().into(), &enter, deliver).unwrap();
    event("#?mobile=7&status=100");
    assert_eq!(member(&window(), "entered").as_f64(), Some(1.0));
    assert_eq!(text(&delivered(0), "mobile"), "7");
    event(&["#?mobile=", &"1".repeat(300_000)].concat());
    assert!(delivered(0).is_undefined());
    assert_eq!(delivered(1).as_f64(), Some(4.0), "an error of four texts");
    drop(pop);
    event("#?mobile=8&status=100");
    assert_eq!(member(&window(), "entered").as_f64(), Some(2.0));
}

#[wasm_bindgen_test]
fn every_text_reads_back_as_it_was() {
    for value in ["", "13800000000", "\"\\\n\0\u{1f}", "刘先生 \u{2028} 😀", "</script>"] {
        let mut json = String::new();
        calldock::json::text(&mut json, value);
        assert_eq!(js_sys::JSON::parse(&json).unwrap().as_string().as_deref(), Some(value));
    }
}
