//! The core's modules in a real browser, each by itself; the whole is tested end to end in `tests/e2e`.
//!
//! * `errors`: how errors cross.
//! * `frame`: hashes read into calls, messages refused outside a frame.
//! * `host`: what the workbench's script element looks like.
//! * `inject`: scripts injected, withdrawn and run once.
#![cfg(target_arch = "wasm32")]

mod errors;
#[cfg(feature = "frame")]
mod frame;
#[cfg(feature = "host")]
mod host;
#[cfg(any(feature = "host", feature = "cec"))]
mod inject;

use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test_configure;

wasm_bindgen_test_configure!(run_in_browser);

/// The window of the test page.
fn window() -> web_sys::Window {
    web_sys::window().unwrap()
}

/// A member of an object.
fn member(object: &JsValue, key: &str) -> JsValue {
    Reflect::get(object, &key.into()).unwrap()
}

/// A member of an object, as a text.
fn text(object: &JsValue, key: &str) -> String {
    member(object, key).as_string().unwrap_or_default()
}

/// The four texts of a thrown error: code, where, expected, found.
fn parts(error: JsValue) -> [String; 4] {
    let array: Array = error.dyn_into().unwrap();
    assert_eq!(array.length(), 4);
    [0, 1, 2, 3].map(|index| array.get(index).as_string().unwrap())
}
