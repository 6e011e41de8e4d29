//! Posts `ccc-sdk` messages to the frame around the page (`docs/vendor/tccc.md` §2): the number read, the
//! parent's origin decided, the message written and posted, in one step.
//!
//! Objects of the page are passed in, and the message is one JSON text: a callOut takes at most 20 crossings
//! between wasm and JavaScript (`tests/e2e/call-out.test.mjs`).

use calldock_contract::tables::messages::{FROM_POST_MESSAGE, SOURCE};
use calldock_contract::text::origin::{self, ANY, Parent, VENDOR_ORIGINS};
use calldock_contract::{Code, PhoneNumber};
use js_sys::JSON;
use wasm_bindgen::prelude::*;
use web_sys::{Document, MessagePort, Url, Window};

use crate::abi::{err, fail};
use crate::around::{Around, Place, Surrounding, origin_of};
use crate::json;

#[wasm_bindgen]
extern "C" {
    /// The members of a message.
    pub type Body;

    #[wasm_bindgen(method, setter, js_name = phoneNumber)]
    fn set_phone_number(this: &Body, number: &str);
}

/// Where a message goes, and what is known of the frame around the page.
struct Way<'a> {
    parent: &'a Surrounding,
    /// Whether the page is in a frame.
    framed: bool,
    here: &'a Place,
    document: &'a Document,
    /// The parent's origin as its own message showed it; empty if it was asked and did not respond.
    known: Option<String>,
    /// Origins that may receive the message, besides the vendor's; one in a line.
    allowed: Option<String>,
    target: Option<String>,
    /// The mark of a message to which a host page may respond (`js/tccc/wire.ts`); 0 if the page is not ready
    /// for a response.
    mark: u32,
}

/// Posts a callOut.
///
/// `rest` is the JSON text of the other members. Returns three lines: the origin the message went to, the
/// number that is dialled, and `1` if a host page may respond. Returns an empty text, without having
/// posted, if the page has to be ready for a response first, or has to ask the parent for its origin.
///
/// # Errors
/// [`Code::InvalidOption`] for a number or an origin that is none; [`Code::OriginRefused`].
#[wasm_bindgen(js_name = callOut)]
#[expect(clippy::too_many_arguments, reason = "objects of the page do not cross")]
pub fn call_out(
    parent: &Surrounding,
    framed: bool,
    here: &Place,
    document: &Document,
    known: Option<String>,
    allowed: Option<String>,
    target: Option<String>,
    mark: u32,
    number: &str,
    rest: Option<String>,
) -> JsValue {
    let way = Way { parent, framed, here, document, known, allowed, target, mark };
    returned((|| {
        let number = PhoneNumber::parse(number).map_err(fail)?;
        let mut body = String::from("{\"phoneNumber\":");
        json::text(&mut body, number.as_str());
        join(&mut body, rest.as_deref().unwrap_or("{}"));
        way.post("callOut", &body, number.as_str())
    })())
}

/// Posts another message; `body` is its JSON text. Returns what [`call_out`] does, without a number.
///
/// # Errors
/// [`Code::InvalidOption`] for an invalid origin; [`Code::OriginRefused`].
#[wasm_bindgen]
#[expect(clippy::too_many_arguments, reason = "objects of the page do not cross")]
pub fn post(
    parent: &Surrounding,
    framed: bool,
    here: &Place,
    document: &Document,
    known: Option<String>,
    allowed: Option<String>,
    target: Option<String>,
    mark: u32,
    event: &str,
    body: &str,
) -> JsValue {
    let way = Way { parent, framed, here, document, known, allowed, target, mark };
    returned(if event == "sendCustomMessage" {
        let mut marked = ["{\"", FROM_POST_MESSAGE, "\":1"].concat();
        join(&mut marked, body);
        way.post(event, &marked, "")
    } else {
        way.post(event, body, "")
    })
}

/// Sends a message over the port of a host page, whose origin its own message showed. Returns the number that
/// is dialled if it is not the one that was passed in.
///
/// `origin` is left out where the same origin was decided about before, with the same `allowed` and `target`.
///
/// # Errors
/// As [`call_out`].
#[wasm_bindgen]
pub fn ask(
    port: &MessagePort,
    message: &JsValue,
    body: &Body,
    origin: Option<String>,
    allowed: Option<String>,
    target: Option<String>,
    number: Option<String>,
) -> JsValue {
    let sent = (|| {
        if let Some(origin) = origin {
            let (allowed, target) = (allowed.as_deref(), target.as_deref());
            origin::choose(Parent::Known(&origin), allowed, target).map_err(fail)?;
        }
        let mut changed = JsValue::UNDEFINED;
        if let Some(given) = number {
            let number = PhoneNumber::parse(&given).map_err(fail)?;
            if number.as_str() != given {
                body.set_phone_number(number.as_str());
                changed = number.as_str().into();
            }
        }
        port.post_message(message)?;
        Ok(changed)
    })();
    sent.unwrap_or_else(|error| wasm_bindgen::throw_val(error))
}

/// Hands a result over without the crossings that a `Result` takes. Everything else has been dropped.
fn returned(result: Result<String, JsValue>) -> JsValue {
    match result {
        Ok(text) => text.into(),
        Err(error) => wasm_bindgen::throw_val(error),
    }
}

/// Adds the members of an object to one that is not yet closed, and closes it.
fn join(open: &mut String, object: &str) {
    let members = object.trim_start_matches('{');
    if members != "}" {
        open.push(',');
    }
    open.push_str(members);
}

impl Way<'_> {
    fn post(&self, event: &str, body: &str, number: &str) -> Result<String, JsValue> {
        let known = match &self.known {
            known @ Some(origin) if !origin.is_empty() => known.clone(),
            _ if self.framed => parent_origin(self),
            _ => None,
        };
        let at = match &known {
            _ if !self.framed => Parent::None,
            Some(origin) => Parent::Known(origin),
            None if self.known.is_none() && self.target.is_none() => return Ok(String::new()),
            None => Parent::Unknown,
        };
        let target =
            origin::choose(at, self.allowed.as_deref(), self.target.as_deref()).map_err(fail)?;
        // The vendor's workbench never responds, and gets the documented message and nothing else.
        let may_respond = target != ANY && !VENDOR_ORIGINS.contains(&target.as_str());

        let mut payload = String::from("\"payload\":{\"event\":");
        json::text(&mut payload, event);
        payload.push_str(",\"message\":");
        payload.push_str(body);
        payload.push('}');
        let mark = match (may_respond, self.mark) {
            (false, _) => "}",
            (true, 0) => return Ok(String::new()),
            (true, 1) => ",\"calldock\":1}",
            (true, _) => ",\"calldock\":2}",
        };
        let text = ["{\"source\":\"", SOURCE, "\",", &payload, mark].concat();
        let window: &Window = self.parent.unchecked_ref();
        let posted = window.post_message(&JSON::parse(&text)?, &target);
        posted.map_err(|_| {
            let expected = "an origin that this browser can post to";
            err(Code::OriginRefused, "the frame around this page", expected, &target)
        })?;
        Ok([target.as_str(), "\n", number, "\n", if may_respond { "1" } else { "" }].concat())
    }
}

/// The parent's origin, as the browser tells it, else the referrer's, which names the parent as long as
/// the frame was not navigated by another page.
fn parent_origin(way: &Way) -> Option<String> {
    if let Some(origin) = origin_of(way.parent, Around::Parent, way.here) {
        return Some(origin);
    }
    let referrer = Url::new(&way.document.referrer()).ok()?.origin();
    // A referrer of our own origin is a page before this one in the same frame: the parent is not of our
    // origin, as the first question showed.
    (way.here.origin().ok()?? != referrer).then_some(referrer)
}
