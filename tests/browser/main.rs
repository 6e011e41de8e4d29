//! The core's rooms in a real browser, each by itself; the whole is tested end to end in `tests/e2e`.
//!
//! * `fields`: reading an object names the member that is wrong and never repeats its value.
//! * `frame`: a page that is in no frame posts nothing.
//! * `inline`: a script that was fetched as a text.
//! * `login`: what an endpoint may answer.
//! * `screen_pop`: a call as the page sees it.
//! * `user_sig`: what a chat signature says.
//! * `vendor`: the vendor's global in all the shapes it is seen in.
//! * `work`: work that is stopped.
#![cfg(target_arch = "wasm32")]

mod fields;
mod frame;
mod inline;
mod login;
mod screen_pop;
mod user_sig;
mod vendor;
mod work;

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test_configure;

wasm_bindgen_test_configure!(run_in_browser);

/// The JavaScript value of a JSON text.
fn json(text: &str) -> JsValue {
    js_sys::JSON::parse(text).unwrap()
}

/// A member of an object, as a text.
fn text(object: &JsValue, key: &str) -> String {
    Reflect::get(object, &key.into()).unwrap().as_string().unwrap_or_default()
}
