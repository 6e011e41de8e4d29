//! How far a piece of work is, for the message of its deadline.

use crate::page::member;
use calldock_contract::Error;
use js_sys::Array;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// How far an opening is, for the deadline's message; kept by `js/settle.ts`.
    #[derive(Clone)]
    pub type Progress;
    /// Names the stage.
    #[wasm_bindgen(method, setter)]
    pub fn set_stage(this: &Progress, stage: &str);
    /// What has failed so far, as `{code, message}`.
    #[wasm_bindgen(method, getter)]
    pub fn attempts(this: &Progress) -> Array;
}

impl Progress {
    /// Begins a stage, for example `login` or `script`.
    pub fn enter(&self, stage: &str) {
        self.set_stage(stage);
    }

    /// Remembers an attempt that failed.
    pub fn failed(&self, error: &Error) {
        let entry = js_sys::Object::new();
        member::set(&entry, "code", error.code.as_str());
        member::set(&entry, "message", error.message.as_str());
        self.attempts().push(&entry);
    }
}
