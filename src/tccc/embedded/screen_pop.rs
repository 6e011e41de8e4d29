//! Reads the call from the page's hash.
//!
//! The page's JavaScript hears the `hashchange` events, because it must hear them before the core has
//! started; here is what they mean.

use calldock_contract::CallContext;
use calldock_contract::screen_pop::PARAMETERS;
use js_sys::{Array, Object};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::error::Failure;
use crate::host;
use crate::page::member;

/// A reader of one page's hashes, in their order.
#[wasm_bindgen]
#[derive(Default)]
pub struct ScreenPop {
    last: Option<CallContext>,
}

#[wasm_bindgen]
impl ScreenPop {
    /// A reader that has seen no call yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// The call of a hash, with the names of what changed since the last one; `undefined` where the
    /// hash is not a call.
    ///
    /// # Errors
    /// `INVALID_OPTION` for a hash that is over-long or no UTF-8.
    pub fn read(&mut self, hash: &str) -> Result<JsValue, JsValue> {
        let call = CallContext::from_hash(hash).map_err(Failure::from)?;
        let Some(call) = call else { return Ok(JsValue::UNDEFINED) };
        let changed = call.changed_since(self.last.as_ref());
        log(&call, &changed);
        let object = to_js(&call)?;
        let names: Array = changed.into_iter().map(JsValue::from).collect();
        member::set(&object, "changed", names);
        self.last = Some(call);
        Ok(object.into())
    }
}

fn to_js(call: &CallContext) -> Result<Object, Failure> {
    let serializer = serde_wasm_bindgen::Serializer::new().serialize_missing_as_null(true);
    call.serialize(&serializer).map(JsCast::unchecked_into).map_err(|error| {
        Failure::new(calldock_contract::Code::Internal, "a call could not be handed to the page")
            .because(error.into())
    })
}

/// Only the words of the vendor's lists are written down; numbers, names and what others have put into
/// the hash are not.
fn log(call: &CallContext, changed: &[String]) {
    if !host::listening() {
        return;
    }
    let word = |value: Option<&'static str>| value.map_or(JsValue::NULL, JsValue::from);
    let status = word(call.status.as_ref().map(|status| status.shown()));
    let service = word(call.service.as_ref().map(|service| service.shown()));
    let known = |name: &String| PARAMETERS.iter().find(|known| *known == name);
    let changed: Vec<_> = changed.iter().map(|name| *known(name).unwrap_or(&"other")).collect();
    let changed = changed.join(", ").into();
    host::log("hash", "hash.read", &[("status", status), ("type", service), ("changed", changed)]);
}
