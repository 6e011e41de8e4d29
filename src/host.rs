//! What the core asks of the JavaScript that started it: it makes the errors and keeps the log.

use std::cell::RefCell;

use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The JavaScript side, as `js/core.ts` hands it over.
    pub type Host;

    /// Makes a `CalldockError`.
    #[wasm_bindgen(method)]
    fn fail(
        this: &Host,
        code: &str,
        message: &str,
        remedy: &JsValue,
        cause: &JsValue,
        attempts: &JsValue,
    ) -> JsValue;

    /// Whether anybody reads the log; entries are not even made otherwise.
    #[wasm_bindgen(method, getter)]
    fn listening(this: &Host) -> bool;

    /// Takes an entry; its detail is already redacted.
    #[wasm_bindgen(method)]
    fn log(this: &Host, kind: &str, name: &str, detail: &JsValue);

    /// Reports what a listener of the page threw, as the browser reports an uncaught error.
    #[wasm_bindgen(method)]
    fn report(this: &Host, error: &JsValue);
}

thread_local! {
    static HOST: RefCell<Option<Host>> = const { RefCell::new(None) };
}

/// Introduces the JavaScript side; called once, before anything else.
#[wasm_bindgen]
pub fn start(host: Host) {
    HOST.with(|place| *place.borrow_mut() = Some(host));
}

fn with<T>(use_it: impl FnOnce(&Host) -> T) -> Option<T> {
    HOST.with(|host| host.borrow().as_ref().map(use_it))
}

/// Makes the error a page sees. Without a host (the core's own tests) it is a plain object.
pub fn fail(
    code: &str,
    message: &str,
    remedy: &JsValue,
    cause: &JsValue,
    attempts: &JsValue,
) -> JsValue {
    with(|host| host.fail(code, message, remedy, cause, attempts)).unwrap_or_else(|| {
        let error = Object::new();
        set(&error, "code", code);
        set(&error, "message", message);
        set(&error, "remedy", remedy.clone());
        set(&error, "cause", cause.clone());
        set(&error, "attempts", attempts.clone());
        error.into()
    })
}

/// Reports what a listener of the page threw.
pub fn report(error: &JsValue) {
    with(|host| host.report(error));
}

/// Writes an entry into the page's log, if anybody reads it.
pub fn log(kind: &str, name: &str, detail: &[(&str, JsValue)]) {
    with(|host| {
        if host.listening() {
            let entry = Object::new();
            for (key, value) in detail {
                set(&entry, key, value.clone());
            }
            host.log(kind, name, &entry);
        }
    });
}

/// Sets a member of an object of our own, which cannot fail.
pub fn set(object: &Object, key: &str, value: impl Into<JsValue>) {
    let _ = Reflect::set(object, &key.into(), &value.into());
}
