//! What the core asks of the JavaScript that started it: it makes the errors and keeps the log.

use std::cell::RefCell;

use js_sys::Object;
use wasm_bindgen::prelude::*;

use crate::page::member;

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
        member::set(&error, "code", code);
        member::set(&error, "message", message);
        member::set(&error, "remedy", remedy.clone());
        member::set(&error, "cause", cause.clone());
        member::set(&error, "attempts", attempts.clone());
        error.into()
    })
}

/// Reports what a listener of the page threw.
pub fn report(error: &JsValue) {
    with(|host| host.report(error));
}

/// Whether anybody reads the log: what is asked for often makes no detail otherwise.
pub fn listening() -> bool {
    with(Host::listening).unwrap_or_default()
}

/// Writes an entry into the page's log, if anybody reads it.
pub fn log(kind: &str, name: &str, detail: &[(&str, JsValue)]) {
    if !listening() {
        return;
    }
    let entry = Object::new();
    for (key, value) in detail {
        member::set(&entry, key, value.clone());
    }
    with(|host| host.log(kind, name, &entry));
}
