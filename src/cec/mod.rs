//! Huawei Cloud's Customer Engagement Center (CEC guide; `docs/vendor/huawei.md`).
//!
//! * [`chat`]: what the vendor's scripts find on the window, and their text run once.
//! * [`request`]: the requests for the scripts and to the documented REST interface.

pub mod chat;
pub mod request;

use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;

/// Sets a member of an object of our own.
fn put(object: &Object, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name.into(), value);
}
