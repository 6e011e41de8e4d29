use calldock::inject::{Script, inject, run_once, start, withdraw};
use calldock_contract::Code;
use js_sys::{Function, Object, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlScriptElement;

use crate::{member, parts, text, window};

fn dataset() -> Object {
    let dataset = Object::new();
    for (name, value) in [("token", "t"), ("renderDomId", "box")] {
        Reflect::set(&dataset, &name.into(), &value.into()).unwrap();
    }
    dataset
}

fn script<'a>(url: &'a str, dataset: &'a Object) -> Script<'a> {
    Script {
        url,
        dataset: Some(dataset),
        nonce: Some("n"),
        cross_origin: true,
        in_order: false,
        named: ("login.sdkUrl", Code::LoginFailed),
    }
}

fn is_in_the_page(element: &HtmlScriptElement) -> bool {
    window().document().unwrap().contains(Some(element))
}

#[wasm_bindgen_test]
fn an_injected_script_has_its_dataset_its_nonce_and_cors() {
    let element =
        inject(&window(), &script("https://calldock.invalid/a.js?t=1", &dataset())).unwrap();
    assert!(is_in_the_page(&element));
    assert_eq!(element.src(), "https://calldock.invalid/a.js?t=1");
    assert_eq!(element.get_attribute("data-token").as_deref(), Some("t"));
    assert_eq!(element.get_attribute("data-render-dom-id").as_deref(), Some("box"));
    assert_eq!(element.cross_origin().as_deref(), Some("anonymous"));
    assert_eq!(text(&element, "nonce"), "n");
    withdraw(&element);
    assert!(!is_in_the_page(&element));
    let own = window().document().unwrap();
    assert!(element.owner_document().unwrap() != own, "it does not run any more");
}

#[wasm_bindgen_test]
fn an_address_that_is_not_safe_is_refused_without_its_query() {
    for url in ["http://calldock.invalid/a.js?token=x", "javascript:alert(1)", "a.js", ""] {
        let [code, at, expected, found] =
            parts(inject(&window(), &script(url, &dataset())).unwrap_err());
        assert_eq!([code, at], ["LOGIN_FAILED", "login.sdkUrl"]);
        assert!(expected.contains("https"), "{expected}");
        assert!(!found.contains("token=x"), "{found}");
    }
}

#[wasm_bindgen_test]
fn a_text_runs_once_and_leaves_nothing() {
    let code = "window.runs = (window.runs ?? 0) + 1 // the last line";
    assert!(run_once(&window(), code, None).unwrap());
    assert_eq!(member(&window(), "runs").as_f64(), Some(1.0));
    assert!(!Reflect::has(&window(), &"calldock.ran".into()).unwrap());
}

#[wasm_bindgen_test]
fn a_text_that_throws_has_not_run_to_its_end() {
    // The test's own window reports uncaught errors as failures of the test.
    let quiet = Function::new_no_args("return true");
    let before = window().onerror();
    window().set_onerror(Some(&quiet));
    assert!(!run_once(&window(), "throw new Error('for 13800000000')", None).unwrap());
    assert!(!run_once(&window(), "let let = 1", None).unwrap());
    window().set_onerror(before.as_ref());
}

#[wasm_bindgen_test]
fn a_script_end_tag_in_a_text_is_only_text() {
    assert!(run_once(&window(), "window.tag = '</script><b>'.length", None).unwrap());
    assert_eq!(member(&window(), "tag").as_f64(), Some(12.0));
}

#[wasm_bindgen_test]
fn what_is_injected_passes_the_function_that_makes_trusted_values() {
    let trust = Function::new_with_args(
        "kind, text",
        "window.trusted = [kind, text]; return text.replace('before', 'after')",
    );
    start(trust);
    assert!(run_once(&window(), "window.word = 'before'", None).unwrap());
    assert_eq!(text(&window(), "word"), "after");
    let [kind, given] = [0, 1].map(|index| {
        let trusted = member(&window(), "trusted").unchecked_into::<js_sys::Array>();
        trusted.get(index).as_string().unwrap()
    });
    assert_eq!(kind, "createScript");
    assert!(given.starts_with("window.word = 'before'\n"), "{given}");
    start(Function::new_with_args("kind, text", "return text"));
}

#[wasm_bindgen_test]
fn a_trusted_value_that_the_page_refuses_is_an_error() {
    // As an enforced policy does: setting the value throws.
    let throwing = "return { toString() { throw new TypeError('This document requires a type') } }";
    start(Function::new_with_args("kind, text", throwing));
    let [code, at, ..] = parts(run_once(&window(), "1", None).unwrap_err());
    start(Function::new_with_args("kind, text", "return text"));
    assert_eq!(code, "TRUSTED_TYPES_BLOCKED");
    assert_eq!(at, "the page's Content-Security-Policy");
}
