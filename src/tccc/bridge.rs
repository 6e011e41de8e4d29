//! What a host page hears from its own business frames: the same messages the vendor's workbench takes.

use calldock_contract::ccc_sdk::{FROM_POST_MESSAGE, SOURCE};
use calldock_contract::{Code, parent_origin};
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;

use super::embedded::message;
use crate::error::Failure;
use crate::page::fields::Fields;

/// Reads what was posted: `[event, body]`, or `undefined` for what is no `ccc-sdk` message.
///
/// # Errors
/// `INVALID_OPTION` for one whose event or body is not of the documented form.
#[wasm_bindgen(js_name = readMessage)]
pub fn read_message(data: &JsValue) -> Result<JsValue, JsValue> {
    if member(data, "source").as_string().as_deref() != Some(SOURCE) {
        return Ok(JsValue::UNDEFINED);
    }
    let payload = member(data, "payload");
    let event = member(&payload, "event").as_string().unwrap_or_default();
    let body = member(&payload, "message");
    if event == "sendCustomMessage" && body.is_object() {
        let _ = Reflect::delete_property(body.unchecked_ref::<Object>(), &FROM_POST_MESSAGE.into());
    }
    let body = message::read(&event, &body).map_err(Failure::from)?;
    Ok(Array::of2(&event.into(), &body).into())
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

fn member(value: &JsValue, key: &str) -> JsValue {
    if value.is_object() {
        Reflect::get(value, &key.into()).unwrap_or_default()
    } else {
        JsValue::UNDEFINED
    }
}
