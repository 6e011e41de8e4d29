//! One member of an object. `Reflect` would cross to JavaScript three times for it, because the name must
//! be a string there first; a message has many members.

use js_sys::Object;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    type Value;
    // A type of its own: whether a `JsValue` is none would be asked of JavaScript again.
    #[wasm_bindgen(method, structural, catch, indexing_getter)]
    fn get(this: &Value, name: &str) -> Result<Option<Value>, JsValue>;
    #[wasm_bindgen(method, structural, indexing_setter)]
    fn set(this: &Value, name: &str, value: &JsValue);
}

/// A member as it is, unless it is absent or `null`, its getter throws, or what should have it is no
/// object.
pub fn get(object: &JsValue, name: &str) -> Option<JsValue> {
    if !object.is_object() {
        return None;
    }
    object.unchecked_ref::<Value>().get(name).ok().flatten().map(Into::into)
}

/// A member that is a text.
pub fn text(object: &JsValue, name: &str) -> Option<String> {
    get(object, name)?.as_string()
}

/// Sets a member of an object of our own, which cannot fail.
pub fn set(object: &Object, name: &str, value: impl Into<JsValue>) {
    object.unchecked_ref::<Value>().set(name, &value.into());
}
