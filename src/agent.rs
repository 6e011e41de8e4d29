//! A page inside CEC's agent workbench (`docs/vendor/field.md` F12): the call in its query read, a number posted to
//! the top window.

use calldock_contract::text::agent;
use calldock_contract::text::origin::Parent;
use calldock_contract::{CallContext, PhoneNumber};
use js_sys::{JSON, Object};
use wasm_bindgen::prelude::*;
use web_sys::Window;

use crate::abi::fail;
use crate::around::{Around, Place, Surrounding, origin_of};
use crate::json;

/// The call in the query of a page with its hash, or in the body of the form that was posted for it; `undefined`
/// where there is none.
///
/// # Errors
/// [`calldock_contract::Code::InvalidOption`] for a query that is over-long.
#[wasm_bindgen(js_name = readQuery)]
pub fn read_query(query: &str) -> Result<Option<Object>, JsValue> {
    let Some(call) = CallContext::from_agent_query(query).map_err(fail)? else {
        return Ok(None);
    };
    Ok(Some(JSON::parse(&json::call(&call, &call.changed_since(None)))?.unchecked_into()))
}

/// Dials a number in CEC's agent workbench, which is the top window (`docs/vendor/field.md` F12). `allowed` has the
/// origins of the company's workbenches, one in a line; `claimed` is what the page's address says.
///
/// Returns two lines: the origin the message went to, and the number that is dialled.
///
/// # Errors
/// [`calldock_contract::Code::InvalidOption`] for an invalid number, media type or origin;
/// [`calldock_contract::Code::OriginRefused`].
#[wasm_bindgen]
#[expect(clippy::too_many_arguments, reason = "objects of the page do not cross")]
pub fn dial(
    top: &Surrounding,
    framed: bool,
    here: &Place,
    allowed: Option<String>,
    claimed: Option<String>,
    number: &str,
    media: &str,
    unlisted: bool,
) -> String {
    let dialled = (|| {
        let number = PhoneNumber::parse(number).map_err(fail)?;
        let message = agent::call_out(&number, media, unlisted).map_err(fail)?;
        let known = if framed { origin_of(top, Around::Top, here) } else { None };
        let at = match &known {
            _ if !framed => Parent::None,
            Some(origin) => Parent::Known(origin),
            None => Parent::Unknown,
        };
        let target = agent::choose(at, allowed.as_deref(), claimed.as_deref()).map_err(fail)?;
        let window: &Window = top.unchecked_ref();
        window.post_message(&message.as_str().into(), &target)?;
        Ok([target.as_str(), "\n", number.as_str()].concat())
    })();
    dialled.unwrap_or_else(|error| wasm_bindgen::throw_val(error))
}
