//! A failure on its way to the page.

use std::ops::{Deref, DerefMut};

use calldock_contract::{Code, Error};
use js_sys::Array;
use wasm_bindgen::JsValue;

use crate::host;

/// What went wrong, what the browser or the vendor threw, and what fits better than the code's remedy.
/// One pointer wide, as [`Error`] is.
#[derive(Debug)]
pub struct Failure(Box<Circumstances>);

/// What a [`Failure`] tells.
#[derive(Debug)]
pub struct Circumstances {
    /// The code and the sentence.
    pub error: Error,
    /// What was thrown underneath; `undefined` where nothing was.
    pub cause: JsValue,
    /// A remedy that fits better than the code's own: a server's, say.
    pub remedy: Option<String>,
}

impl Deref for Failure {
    type Target = Circumstances;

    fn deref(&self) -> &Circumstances {
        &self.0
    }
}

impl DerefMut for Failure {
    fn deref_mut(&mut self) -> &mut Circumstances {
        &mut self.0
    }
}

impl Failure {
    /// A failure in words of its own.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Error::new(code, message).into()
    }

    /// Adds what was thrown underneath.
    pub fn because(mut self, cause: JsValue) -> Self {
        self.cause = cause;
        self
    }

    /// The `CalldockError` of this failure, after the attempts that failed before it.
    pub fn into_js(self, attempts: &Array) -> JsValue {
        let told = *self.0;
        let remedy = told.remedy.map(JsValue::from).unwrap_or_default();
        host::fail(told.error.code.as_str(), &told.error.message, &remedy, &told.cause, attempts)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self(Box::new(Circumstances { error, cause: JsValue::UNDEFINED, remedy: None }))
    }
}

impl From<Failure> for JsValue {
    fn from(failure: Failure) -> Self {
        failure.into_js(&Array::new())
    }
}
