//! What a page says to the workbench around it (seed 004, "来电弹屏调用电话呼出能力").

use calldock_contract::ccc_sdk::{Body, FROM_POST_MESSAGE, Message};
use calldock_contract::parent_origin::{self, VENDOR_ORIGINS};
use calldock_contract::{Code, Error, redact};
use js_sys::Object;
use wasm_bindgen::prelude::*;

use crate::error::Failure;
use crate::host;
use crate::page::fields::{self, Fields};
use crate::page::member;
use crate::page::parent::Frame;
use crate::page::shape;

/// What an event's message to the window around the page says, and to whom: `{body, targetOrigin, vendor}`,
/// where `vendor` says that the vendor's own workbench gets it, which never answers.
///
/// `options` is `{allowParents?, targetOrigin?}`.
///
/// # Errors
/// `INVALID_OPTION` for a body the event does not have or an origin that is none, `ORIGIN_REFUSED` where
/// the frame around the page is not one to trust.
#[wasm_bindgen(js_name = composeMessage)]
pub fn compose_message(event: &str, body: &JsValue, options: &JsValue) -> Result<JsValue, JsValue> {
    Ok(compose(event, body, options)?)
}

fn compose(event: &str, body: &JsValue, options: &JsValue) -> Result<JsValue, Failure> {
    let body = read(event, body)?;
    let options = Fields::of("options", Code::InvalidOption, options);
    let allowed = options.optional_texts("allowParents").unwrap_or_default();
    let target = options.optional_text("targetOrigin");
    options.done()?;
    let target = parent_origin::choose(Frame::around()?.parent(), &allowed, target.as_deref())?;

    log(event, &target, &body);
    if event == "sendCustomMessage" {
        member::set(body.unchecked_ref(), FROM_POST_MESSAGE, 1);
    }
    let composed = Object::new();
    member::set(&composed, "body", body);
    member::set(&composed, "vendor", VENDOR_ORIGINS.contains(&target.as_str()));
    member::set(&composed, "targetOrigin", target);
    Ok(composed.into())
}

/// The body of an event's message, checked: of one to be posted, or of one that came.
///
/// # Errors
/// [`Code::InvalidOption`].
pub fn read(event: &str, body: &JsValue) -> Result<JsValue, Error> {
    let Some(message) = Message::named(event) else {
        return Err(Error::invalid("event", "a documented one", &redact::text(event)));
    };
    match message.body {
        Body::Members(members) => shape::copy(message.event, members, body),
        Body::Text if body.as_string().is_some_and(|text| !text.is_empty()) => Ok(body.clone()),
        Body::Text => Err(Error::invalid(message.event, "a text", fields::kind(body))),
    }
}

fn log(event: &str, target: &str, body: &JsValue) {
    if !host::listening() {
        return;
    }
    let number = member::text(body, "phoneNumber");
    let number = number.map(|number| ("phoneNumber", redact::text(&number).into()));
    let detail = [("event", event.into()), ("targetOrigin", target.into())];
    let detail: Vec<_> = detail.into_iter().chain(number).collect();
    host::log("message", "message.posted", &detail);
}
