//! How errors cross: as a thrown JavaScript array `[code, where, expected, found]`. TypeScript makes the
//! sentence, in the reader's language (`js/core/errors.ts`).

use calldock_contract::{Code, Error};
use js_sys::Array;
use wasm_bindgen::JsValue;

/// An error of the contract on its way to TypeScript.
pub fn fail(error: Error) -> JsValue {
    err(error.code, &error.at, &error.expected, &error.found)
}

/// An error of this crate on its way to TypeScript.
pub fn err(code: Code, at: &str, expected: &str, found: &str) -> JsValue {
    Array::of4(&code.as_str().into(), &at.into(), &expected.into(), &found.into()).into()
}
