//! Asks the workbench around the page to call a number (seed 004, "来电弹屏调用电话呼出能力").

use calldock_contract::ccc_sdk::{CallOut, CcSdkMessage, Payload};
use calldock_contract::{Code, Error, PhoneNumber, parent_origin, redact};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::error::Failure;
use crate::host;
use crate::page::fields::Fields;
use crate::page::parent::Frame;

/// What the workbench shows in place of a number is at most this long, in characters.
const DESC_LIMIT: usize = 256;

/// Posts a callOut to the workbench and says to which origin.
///
/// `call` is `{phoneNumber, desc?}`, `options` is `{allowParents?, targetOrigin?}`.
///
/// # Errors
/// `INVALID_OPTION` for a number or an origin that is none, `ORIGIN_REFUSED` where the frame around the
/// page is not one to trust. Nothing was posted then.
#[wasm_bindgen(js_name = callOut)]
pub fn call_out(call: &JsValue, options: &JsValue) -> Result<String, JsValue> {
    Ok(post(call, options)?)
}

fn post(call: &JsValue, options: &JsValue) -> Result<String, Failure> {
    let call = Fields::of("callOut", Code::InvalidOption, call);
    let (number, desc) = (call.text("phoneNumber"), call.optional_text("desc"));
    if let Some(desc) = desc.as_ref().filter(|desc| desc.chars().count() > DESC_LIMIT) {
        call.refuse("desc", "at most 256 characters", &redact::text(desc));
    }
    call.done()?;
    let number = PhoneNumber::parse(&number)?;
    let options = Fields::of("options", Code::InvalidOption, options);
    let allowed = options.optional_texts("allowParents").unwrap_or_default();
    let target = options.optional_text("targetOrigin");
    options.done()?;

    let frame = Frame::around()?;
    let target = parent_origin::choose(frame.parent(), &allowed, target.as_deref())?;
    let message =
        CcSdkMessage::new(Payload::CallOut(CallOut { phone_number: number.as_str().into(), desc }));
    let message = message
        .serialize(&serde_wasm_bindgen::Serializer::json_compatible())
        .map_err(|error| unposted().because(error.into()))?;
    frame.window.post_message(&message, &target).map_err(|cause| unposted().because(cause))?;
    host::log(
        "message",
        "message.posted",
        &[
            ("event", "callOut".into()),
            ("targetOrigin", target.as_str().into()),
            ("phoneNumber", redact::text(number.as_str()).into()),
        ],
    );
    Ok(target)
}

fn unposted() -> Failure {
    Error::unexpected(Code::Internal, "callOut", "the browser to post the message", "it threw")
        .into()
}
