//! What a signature says without its key (`vendor/tccc.md` §3).
//!
//! JavaScript has inflated it, because the browser can; here is what it means.

use calldock_contract::Code;
use js_sys::{Array, JSON, Object};
use wasm_bindgen::prelude::*;

use crate::error::Failure;
use crate::page::fields::Fields;
use crate::page::member;

/// In front of the user's own id in the identifier: this word, then 8 characters and a `-`.
const EXTRA: &str = "TCCC-EXTRA-UID-";

/// Reads an inflated signature. `client_data` is the text it should be for, `now` in seconds since 1970.
///
/// # Errors
/// `INVALID_OPTION` where it is no signature of the vendor's.
#[wasm_bindgen(js_name = inspectUserSig)]
pub fn inspect_user_sig(
    inflated: &str,
    client_data: Option<String>,
    signed_data: Option<String>,
    now: f64,
) -> Result<Object, JsValue> {
    Ok(inspect(inflated, client_data.as_deref(), signed_data, now)?)
}

fn inspect(
    inflated: &str,
    client_data: Option<&str>,
    signed_data: Option<String>,
    now: f64,
) -> Result<Object, Failure> {
    let json = JSON::parse(inflated).unwrap_or_default();
    let fields = Fields::of("userSig", Code::InvalidOption, &json);
    let identifier = fields.text("TLS.identifier");
    let issued_at = fields.number("TLS.time");
    let expires_at = issued_at + fields.number("TLS.expire");
    let sdk_app_id = fields.number("TLS.sdkappid");
    fields.done()?;
    let uid = match identifier.strip_prefix(EXTRA).and_then(|rest| rest.split_once('-')) {
        Some((_, uid)) => uid,
        None => &identifier,
    };
    let faults = Array::new();
    if expires_at <= now {
        faults.push(&"EXPIRED".into());
    }
    if let Some(client_data) = client_data {
        let theirs = JSON::parse(client_data).unwrap_or_default();
        let theirs = Fields::of("clientData", Code::InvalidOption, &theirs);
        let theirs_uid = theirs.text("uid");
        theirs.done()?;
        if theirs_uid != uid {
            faults.push(&"OTHER_USER".into());
        }
        if signed_data.as_deref() != Some(client_data) {
            faults.push(&"OTHER_TEXT".into());
        }
    }
    let report = Object::new();
    member::set(&report, "uid", uid);
    member::set(&report, "identifier", identifier.as_str());
    member::set(&report, "sdkAppId", sdk_app_id);
    member::set(&report, "issuedAt", issued_at);
    member::set(&report, "expiresAt", expires_at);
    member::set(&report, "clientData", signed_data.map_or(JsValue::NULL, JsValue::from));
    member::set(&report, "faults", faults);
    Ok(report)
}
