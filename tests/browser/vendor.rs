use std::rc::Rc;

use calldock::tccc::workbench::answer;
use calldock::tccc::workbench::events::{Listeners, Subscriptions};
use calldock::tccc::workbench::vendor::Vendor;
use calldock_contract::{Code, EventName};
use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{json, text};

/// Puts a vendor's global into the window: its listeners are in its `heard`, a Map of arrays.
fn register(name: &str) {
    let code = format!(
        "const heard = new Map();
         window.{name} = {{
           heard,
           events: {{ callIn: 'callIn-constant' }},
           on(event, listener) {{ heard.set(event, [...(heard.get(event) ?? []), listener]) }},
           off(event, listener) {{ heard.set(event, heard.get(event).filter((l) => l !== listener)) }},
           emit(event, payload) {{ for (const l of heard.get(event) ?? []) l(payload) }},
         }}"
    );
    Function::new_no_args(&code).call0(&JsValue::UNDEFINED).unwrap();
}

fn unregister(name: &str) {
    let window: js_sys::Object = js_sys::global();
    Reflect::delete_property(&window, &name.into()).unwrap();
}

fn call(object: &JsValue, method: &str, args: &[JsValue]) -> JsValue {
    let function: Function = Reflect::get(object, &method.into()).unwrap().into();
    Reflect::apply(&function, object, &args.iter().collect::<Array>()).unwrap()
}

fn set(name: &str, value: &JsValue) {
    Reflect::set(&js_sys::global(), &name.into(), value).unwrap();
}

#[wasm_bindgen_test]
async fn the_global_is_told_by_its_shape_and_not_by_its_name() {
    set("tccc", &json("{}"));
    assert!(Vendor::present().is_none());
    let failure = Vendor::appear(20).await.err().unwrap();
    assert_eq!(failure.error.code, Code::GlobalMissing);
    assert!(failure.error.message.ends_with("found window.tccc to be an object of another shape"));
    register("TCCC");
    assert_eq!(Vendor::present().unwrap().name(), "TCCC");
    register("tccc");
    assert_eq!(Vendor::present().unwrap().name(), "tccc");
    unregister("tccc");
    unregister("TCCC");
    assert!(Vendor::appear(0).await.err().unwrap().error.message.ends_with("found none"));
}

#[wasm_bindgen_test]
fn both_envelopes_reach_the_listeners_flat_and_nothing_is_left_afterwards() {
    register("tccc");
    let (vendor, listeners, seen) =
        (Vendor::present().unwrap(), Rc::new(Listeners::default()), Array::new());
    let push: Function = Reflect::get(&seen, &"push".into()).unwrap().into();
    listeners.add(EventName::CallIn, push.bind0(&seen), false);
    let subscriptions = Subscriptions::to(&vendor, &listeners).unwrap();
    let raw = vendor.raw();
    // The vendor's own constant is used where it has one.
    call(&raw, "emit", &["callIn-constant".into(), json(r#"{"sessionId":"1","type":"im"}"#)]);
    call(
        &raw,
        "emit",
        &["callIn-constant".into(), json(r#"{"data":{"sessionId":"2"},"status":"x"}"#)],
    );
    assert_eq!(seen.length(), 2);
    assert_eq!(text(&seen.get(0), "sessionId"), "1");
    assert_eq!(text(&seen.get(1), "sessionId"), "2");
    drop(subscriptions);
    call(&raw, "emit", &["callIn-constant".into(), json("{}")]);
    assert_eq!(seen.length(), 2);
    unregister("tccc");
}

#[wasm_bindgen_test]
fn a_listener_that_throws_leaves_does_not_stop_the_others() {
    register("tccc");
    let (vendor, listeners) = (Vendor::present().unwrap(), Rc::new(Listeners::default()));
    let count =
        |key: &str| Function::new_no_args(&format!("window.{key} = (window.{key} ?? 0) + 1"));
    listeners.add(EventName::Transfer, Function::new_no_args("throw new Error('mine')"), false);
    listeners.add(EventName::Transfer, count("once"), true);
    let every = count("every");
    listeners.add(EventName::Transfer, every.clone(), false);
    let _subscriptions = Subscriptions::to(&vendor, &listeners).unwrap();
    let emit = || call(&vendor.raw(), "emit", &["transfer".into(), json("{}")]);
    emit();
    emit();
    listeners.remove_function(EventName::Transfer, &every);
    emit();
    let number = |key: &str| Reflect::get(&js_sys::global(), &key.into()).unwrap().as_f64();
    assert_eq!((number("once"), number("every")), (Some(1.0), Some(2.0)));
    unregister("tccc");
}

#[wasm_bindgen_test]
fn a_listener_may_make_the_vendor_emit_the_event_again() {
    register("tccc");
    let (vendor, listeners) = (Vendor::present().unwrap(), Rc::new(Listeners::default()));
    let again = "window.depth = (window.depth ?? 0) + 1; if (window.depth < 3) window.tccc.emit('transfer', {})";
    listeners.add(EventName::Transfer, Function::new_no_args(again), false);
    let _subscriptions = Subscriptions::to(&vendor, &listeners).unwrap();
    call(&vendor.raw(), "emit", &["transfer".into(), json("{}")]);
    let depth = Reflect::get(&js_sys::global(), &"depth".into()).unwrap();
    assert_eq!(depth.as_f64(), Some(3.0));
    unregister("tccc");
}

#[wasm_bindgen_test]
async fn either_shape_of_an_answer_becomes_its_data_or_the_vendors_text() {
    let resolved = |text: &str| Ok(Promise::resolve(&json(text)).into());
    let rejected = |text: &str| Ok(Promise::reject(&json(text)).into());
    let data =
        answer::data("x", resolved(r#"{"status":"success","data":{"sessionId":"1"}}"#)).await;
    assert_eq!(text(&data.unwrap(), "sessionId"), "1");
    assert_eq!(
        answer::data("x", Ok(true.into())).await.unwrap(),
        true,
        "an older vendor answers at once"
    );
    let failures = [
        resolved(r#"{"status":"error","errorMsg":"seat 13800000000 is busy"}"#),
        rejected(r#"{"status":"error","errorMsg":"seat 13800000000 is busy"}"#),
        Err(json(r#"{"message":"seat 13800000000 is busy"}"#)),
    ];
    for failure in failures {
        let failure = answer::data("hangUp", failure).await.unwrap_err();
        let error = &failure.error;
        assert_eq!(error.code, Code::VendorRejected);
        assert_eq!(
            error.message,
            "hangUp: expected the vendor to accept, found \"seat ‹11 characters› is busy\""
        );
    }
}

#[wasm_bindgen_test]
fn a_method_the_vendor_does_not_have_is_named() {
    register("tccc");
    let vendor = Vendor::present().unwrap();
    Reflect::set(&vendor.raw(), &"Call".into(), &json("{}")).unwrap();
    let error = vendor.invoke("Call.hungUp", &js_sys::Array::of1(&json("{}"))).unwrap_err();
    assert_eq!(text(&error, "code"), "VENDOR_REJECTED");
    assert_eq!(text(&error, "message"), "window.tccc: expected a method hungUp, found none");
    unregister("tccc");
}
