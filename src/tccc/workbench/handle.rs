//! The open workbench, as the page holds it.

use std::cell::RefCell;
use std::rc::Rc;

use calldock_contract::outbound::PhoneEncodeType;
use calldock_contract::{Code, Error, EventName, OutboundCall, redact};
use js_sys::{Function, Object, Promise};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::answer;
use super::attempt::{Live, Options};
use super::events::Listeners;
use super::open;
use super::vendor::Vendor;
use crate::error::Failure;
use crate::host;
use crate::page::fields::Fields;
use crate::page::progress::Progress;
use crate::page::{self, abort};

/// An open workbench. `js/tccc/workbench.ts` types it for the page.
#[wasm_bindgen]
pub struct WorkbenchHandle {
    /// `None` once it was closed.
    live: Rc<RefCell<Option<Live>>>,
    listeners: Rc<Listeners>,
    options: Options,
}

impl WorkbenchHandle {
    /// Takes over what an opening has brought about.
    pub fn new(live: Live, listeners: Rc<Listeners>, options: Options) -> Self {
        Self { live: Rc::new(RefCell::new(Some(live))), listeners, options }
    }

    fn vendor(&self) -> Result<Vendor, Failure> {
        self.live.borrow().as_ref().map(|live| live.vendor.clone()).ok_or_else(|| {
            Failure::new(Code::Aborted, "the workbench: expected an open one, found it closed")
        })
    }
}

#[wasm_bindgen]
impl WorkbenchHandle {
    /// The agent who is logged in; empty once closed.
    #[wasm_bindgen(getter, js_name = userId)]
    pub fn user_id(&self) -> String {
        self.live.borrow().as_ref().map(|live| live.user_id.clone()).unwrap_or_default()
    }

    /// The vendor's global; `undefined` once closed.
    #[wasm_bindgen(getter)]
    pub fn raw(&self) -> JsValue {
        self.vendor().map(|vendor| vendor.raw()).unwrap_or_default()
    }

    /// Adds a listener and returns the number to remove it by.
    ///
    /// # Errors
    /// `INVALID_OPTION` for an event the vendor does not document.
    pub fn on(&self, event: &str, listener: Function, once: bool) -> Result<u32, JsValue> {
        Ok(self.listeners.add(named(event)?, listener, once))
    }

    /// Removes the listener of that number.
    pub fn forget(&self, id: u32) {
        self.listeners.remove(id);
    }

    /// Removes a listener by its function.
    ///
    /// # Errors
    /// `INVALID_OPTION` for an event the vendor does not document.
    pub fn off(&self, event: &str, listener: &Function) -> Result<(), JsValue> {
        self.listeners.remove_function(named(event)?, listener);
        Ok(())
    }

    /// Starts an outbound call; resolves with the vendor's data, the session's id among it.
    #[wasm_bindgen(js_name = startOutbound)]
    pub fn start_outbound(&self, options: JsValue) -> Promise {
        let call = self.vendor().and_then(|vendor| Ok((vendor, outbound(&options)?)));
        page::promise(async move {
            let (vendor, call) = call?;
            let number = redact::text(&call.phone_number);
            host::log("call", "call.startOutbound", &[("phoneNumber", number.into())]);
            Ok(answer::data("startOutbound", vendor.start_outbound_call(&to_js(&call)?)).await?)
        })
    }

    /// Ends a session.
    #[wasm_bindgen(js_name = hangUp)]
    pub fn hang_up(&self, session_id: String) -> Promise {
        let vendor = self.vendor();
        page::promise(async move {
            let vendor = vendor?;
            if session_id.is_empty() {
                let error = Error::invalid("sessionId", "the id of a session", "nothing");
                return Err(Failure::from(error).into());
            }
            let session = Object::new();
            host::set(&session, "sessionId", session_id.as_str());
            host::log("call", "call.hangUp", &[("sessionId", session_id.into())]);
            answer::data("hangUp", vendor.hang_up(&session)).await?;
            Ok(JsValue::UNDEFINED)
        })
    }

    /// Logs the same agent in anew, after the vendor found the token expired: a new login, a new
    /// script. The page's listeners stay.
    pub fn renew(&self, ask: Function, stop: AbortSignal, progress: Progress) -> Promise {
        let (place, listeners) = (self.live.clone(), self.listeners.clone());
        let options = self.options.clone();
        abort::promise(stop, progress.attempts(), async move {
            let old = place.borrow_mut().take();
            let user_id = old.as_ref().map(|live| live.user_id.clone()).unwrap_or_default();
            if let Some(old) = old {
                old.vendor.tear_down();
            }
            let live = open::attempts(&options, &ask, &listeners, None, &progress).await?;
            if live.user_id != user_id {
                live.vendor.tear_down();
                return Err(Failure::new(
                    Code::LoginFailed,
                    "the login: expected the agent whose token expired, found another agent",
                ));
            }
            *place.borrow_mut() = Some(live);
            host::log("workbench", "workbench.renewed", &[]);
            Ok(JsValue::UNDEFINED)
        })
    }

    /// Takes away all that is ours: listeners, subscriptions, the script element. The vendor's own
    /// interface stays, for it publishes no destroy. May be called more than once.
    pub fn close(&self) {
        self.listeners.clear();
        let live = self.live.borrow_mut().take();
        if live.is_some() {
            host::log("workbench", "workbench.closed", &[]);
        }
    }
}

fn named(event: &str) -> Result<EventName, Failure> {
    EventName::from_name(event).ok_or_else(|| {
        let known: Vec<_> = EventName::ALL.iter().map(|event| event.as_str()).collect();
        Error::invalid("event", &known.join(", "), &redact::text(event)).into()
    })
}

fn outbound(options: &JsValue) -> Result<OutboundCall, Failure> {
    let fields = Fields::of("startOutbound", Code::InvalidOption, options);
    let call = OutboundCall {
        phone_number: fields.text("phoneNumber").trim().into(),
        phone_desc: fields.optional_text("phoneDesc"),
        uui: fields.optional_text("uui"),
        skill_group_id: fields.optional_text("skillGroupId"),
        caller_phone_number: fields.optional_text("callerPhoneNumber"),
        serving_number_group_ids: fields.optional_texts("servingNumberGroupIds"),
        phone_encode_type: fields
            .optional_word("phoneEncodeType", &["number"])
            .map(|_| PhoneEncodeType::Number),
    };
    fields.done()?;
    call.validate()?;
    Ok(call)
}

fn to_js(call: &OutboundCall) -> Result<JsValue, Failure> {
    call.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).map_err(|error| {
        Failure::new(Code::Internal, "startOutbound: the options could not be handed to the vendor")
            .because(error.into())
    })
}
