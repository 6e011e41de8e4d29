use calldock::page::inline;
use js_sys::Reflect;
use wasm_bindgen_test::wasm_bindgen_test;

fn number(key: &str) -> Option<f64> {
    Reflect::get(&js_sys::global(), &key.into()).unwrap().as_f64()
}

#[wasm_bindgen_test]
async fn a_text_runs_once_and_its_element_is_gone() {
    let text = "var inlineRuns = (window.inlineRuns ?? 0) + 1 // the last line";
    assert_eq!(inline::run(text, None).await.unwrap(), None);
    assert_eq!(number("inlineRuns"), Some(1.0));
    let window: js_sys::Object = js_sys::global();
    assert!(!Reflect::has(&window, &"calldock.ran".into()).unwrap());
}

#[wasm_bindgen_test]
async fn what_a_text_throws_is_told_without_its_numbers() {
    let thrown = inline::run("throw new Error('for 13800000000')", None).await.unwrap().unwrap();
    assert!(thrown.contains("for ‹11 characters›"), "{thrown}");
    let syntax = inline::run("let let = 1", None).await.unwrap().unwrap();
    assert!(syntax.contains("SyntaxError"), "{syntax}");
}

#[wasm_bindgen_test]
async fn a_script_end_tag_in_a_text_is_only_text() {
    let text = "window.inlineTag = '</script><b>'.length";
    assert_eq!(inline::run(text, None).await.unwrap(), None);
    assert_eq!(number("inlineTag"), Some(12.0));
}
