//! A page inside CEC's agent workbench (`docs/vendor/field.md` F12): the call in its query read, a number posted to
//! the top window.

use calldock_contract::text::agent;
use calldock_contract::text::origin::Parent;
use calldock_contract::{CallContext, PhoneNumber};
use js_sys::{JSON, Object};
use wasm_bindgen::prelude::*;
use web_sys::Window;

use crate::abi::fail;
use crate::json;

#[wasm_bindgen]
extern "C" {
    /// A `Location`, or what a test or a micro-frontend has in its place.
    pub type Place;

    #[wasm_bindgen(method, getter, catch)]
    fn origin(this: &Place) -> Result<Option<String>, JsValue>;

    /// Missing in Firefox.
    #[wasm_bindgen(method, getter, js_name = ancestorOrigins)]
    fn ancestor_origins(this: &Place) -> Option<Origins>;

    type Origins;

    #[wasm_bindgen(method, indexing_getter)]
    fn get(this: &Origins, index: u32) -> Option<String>;

    #[wasm_bindgen(method, getter)]
    fn length(this: &Origins) -> u32;

    /// The top window, or what a test has in its place.
    pub type Surrounding;

    #[wasm_bindgen(method, getter, catch)]
    fn location(this: &Surrounding) -> Result<Option<Place>, JsValue>;
}

/// The call in the query of a page, or in the body of the form that was posted for it; `undefined` where there
/// is none.
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
        let known = if framed { top_origin(top, here) } else { None };
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

/// The top window's origin: its own word where it is of our origin, else the browser's list of ancestors.
fn top_origin(top: &Surrounding, here: &Place) -> Option<String> {
    if let Ok(Some(origin)) = top.location().ok()??.origin() {
        return Some(origin);
    }
    let list = here.ancestor_origins()?;
    list.get(list.length().checked_sub(1)?)
}
