//! What a host page hears from its own business frames: the same messages the vendor's workbench takes.

use calldock_contract::ccc_sdk::FROM_POST_MESSAGE;
use calldock_contract::{Code, parent_origin};
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;

use super::embedded::message;
use crate::error::Failure;
use crate::page::fields::Fields;

/// The body of a `ccc-sdk` message that came, checked.
///
/// # Errors
/// `INVALID_OPTION` for an event or a body that is not of the documented form.
#[wasm_bindgen(js_name = readMessage)]
pub fn read_message(event: &str, body: &JsValue) -> Result<JsValue, JsValue> {
    if event == "sendCustomMessage" && body.is_object() {
        let _ = Reflect::delete_property(body.unchecked_ref::<Object>(), &FROM_POST_MESSAGE.into());
    }
    Ok(message::read(event, body).map_err(Failure::from)?)
}

/// The origins whose frames may ask, as browsers write them.
///
/// # Errors
/// `INVALID_OPTION` for a list that is none, or something in it that is no origin.
#[wasm_bindgen(js_name = readOrigins)]
pub fn read_origins(options: &JsValue) -> Result<Array, JsValue> {
    Ok(origins(options)?)
}

fn origins(options: &JsValue) -> Result<Array, Failure> {
    let fields = Fields::of("options", Code::InvalidOption, options);
    let allowed = fields.optional_texts("allow").unwrap_or_default();
    if allowed.is_empty() {
        fields.refuse("allow", "a list of origins", "none");
    }
    fields.done()?;
    let origins = Array::new();
    for origin in &allowed {
        origins.push(&parent_origin::parse("allow", origin)?.into());
    }
    Ok(origins)
}
