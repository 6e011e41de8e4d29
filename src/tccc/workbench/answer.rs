//! Makes one thing of the vendor's two shapes of answers.
//!
//! A failure rejects with `{status: 'error', errorMsg}`; integrators also see it *resolved* with a
//! status that is not `success` (`vendor/tccc.md` §1, "Responses").

use calldock_contract::{Code, Error, redact};
use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::error::Failure;
use crate::page::member;

/// Waits for an answer to `what` and returns its data.
///
/// # Errors
/// [`Code::VendorRejected`] with the vendor's text, personal data taken out of it.
pub async fn data(what: &str, answer: Result<JsValue, JsValue>) -> Result<JsValue, Failure> {
    let answer = answer.map_err(|thrown| rejected(what, thrown))?;
    // An older vendor answers at once, a newer one with a promise: `resolve` takes either.
    let settled = JsFuture::from(Promise::resolve(&answer)).await;
    let value = settled.map_err(|thrown| rejected(what, thrown))?;
    match member::text(&value, "status") {
        Some(status) if status != "success" => Err(rejected(what, value)),
        Some(_) => Ok(member::get(&value, "data").unwrap_or_default()),
        None => Ok(value),
    }
}

fn rejected(what: &str, answer: JsValue) -> Failure {
    let text = ["errorMsg", "message"]
        .iter()
        .find_map(|key| member::text(&answer, key))
        .or_else(|| answer.as_string());
    let found = match &text {
        Some(text) => ["\"", &redact::vendor_text(text), "\""].concat(),
        None if answer.is_instance_of::<js_sys::Error>() => "an exception".into(),
        None => "a refusal without a text".into(),
    };
    Failure::from(Error::unexpected(Code::VendorRejected, what, "the vendor to accept", &found))
        .because(answer)
}
