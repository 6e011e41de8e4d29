//! A failure on its way to the page.

use calldock_contract::{Code, Error};
use js_sys::Array;
use wasm_bindgen::JsValue;

use crate::host;

/// What went wrong, what the browser or the vendor threw, and what had failed before.
#[derive(Debug)]
pub struct Failure {
    /// The code and the sentence.
    pub error: Error,
    /// What was thrown underneath; `undefined` where nothing was.
    pub cause: JsValue,
    /// A remedy that fits better than the code's own: a server's, say.
    pub remedy: Option<String>,
}

impl Failure {
    /// A failure in words of its own.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Error::new(code, message).into()
    }

    /// Adds what was thrown underneath.
    pub fn because(self, cause: JsValue) -> Self {
        Self { cause, ..self }
    }

    /// The `CalldockError` of this failure, after the attempts that failed before it.
    pub fn into_js(self, attempts: &Array) -> JsValue {
        let remedy = self.remedy.map(JsValue::from).unwrap_or_default();
        host::fail(self.error.code.as_str(), &self.error.message, &remedy, &self.cause, attempts)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { error, cause: JsValue::UNDEFINED, remedy: None }
    }
}

impl From<Failure> for JsValue {
    fn from(failure: Failure) -> Self {
        failure.into_js(&Array::new())
    }
}
