//! Hears the vendor's events and tells the page's listeners.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use calldock_contract::{Code, Error, EventName, redact};
use js_sys::{Array, Function, JSON, Object};
use wasm_bindgen::prelude::*;

use super::open;
use super::vendor::Vendor;
use crate::error::Failure;
use crate::host;
use crate::page::member;

/// What of an event is written into the log, as far as it is a text.
const LOGGED: [&str; 5] = ["type", "closeBy", "status", "serverType", "message"];

/// One listener of the page.
#[derive(Clone)]
struct Listener {
    id: u32,
    event: EventName,
    function: Function,
    once: bool,
}

/// The page's listeners; they outlive a renewal of the vendor's script.
#[derive(Default)]
pub struct Listeners {
    next: Cell<u32>,
    list: RefCell<Vec<Listener>>,
}

impl Listeners {
    /// Adds a listener and returns the number to remove it by.
    pub fn add(&self, event: EventName, function: Function, once: bool) -> u32 {
        let id = self.next.get();
        self.next.set(id.wrapping_add(1));
        self.list.borrow_mut().push(Listener { id, event, function, once });
        id
    }

    /// Removes one.
    pub fn remove(&self, id: u32) {
        self.list.borrow_mut().retain(|listener| listener.id != id);
    }

    /// Removes every listener of an event that is this function.
    pub fn remove_function(&self, event: EventName, function: &Function) {
        self.list.borrow_mut().retain(|l| l.event != event || l.function != *function);
    }

    /// Removes all.
    pub fn clear(&self) {
        self.list.borrow_mut().clear();
    }

    /// Tells everyone who listens. One that throws does not stop the others; one that is added
    /// meanwhile hears the next event, one that is removed meanwhile does not hear this one.
    fn tell(&self, event: EventName, payload: &JsValue) {
        let heard: Vec<_> =
            self.list.borrow().iter().filter(|l| l.event == event).cloned().collect();
        for listener in heard {
            if !self.list.borrow().iter().any(|l| l.id == listener.id) {
                continue;
            }
            if listener.once {
                self.remove(listener.id);
            }
            if let Err(thrown) = listener.function.call1(&JsValue::UNDEFINED, payload) {
                host::log("error", "listener.threw", &[("event", event.as_str().into())]);
                host::report(&thrown);
            }
        }
    }
}

/// What the vendor calls for one event. `Fn`, because a listener may make the vendor emit it again.
type Hearing = Closure<dyn Fn(JsValue)>;

/// Our subscriptions to one vendor global; dropping it ends them all.
pub struct Subscriptions {
    vendor: Vendor,
    hearing: Vec<(EventName, Hearing)>,
}

impl Subscriptions {
    /// Subscribes to every event the vendor documents.
    ///
    /// # Errors
    /// [`Code::VendorRejected`] where the vendor throws; before `ready` anything else may, `on` must not.
    pub fn to(vendor: &Vendor, listeners: &Rc<Listeners>) -> Result<Self, Failure> {
        let mut subscriptions = Self { vendor: vendor.clone(), hearing: Vec::new() };
        for event in EventName::ALL.iter().copied() {
            let listeners = listeners.clone();
            let heard = Hearing::new(move |envelope: JsValue| {
                let payload = flat(&envelope);
                log(event, &payload);
                if event == EventName::TokenExpired {
                    open::forget_running();
                }
                listeners.tell(event, &payload);
            });
            vendor.on(event, heard.as_ref().unchecked_ref()).map_err(|thrown| {
                Failure::from(Error::unexpected(
                    Code::VendorRejected,
                    "on()",
                    "the vendor to take a listener",
                    "an exception",
                ))
                .because(thrown)
            })?;
            subscriptions.hearing.push((event, heard));
        }
        Ok(subscriptions)
    }
}

impl Drop for Subscriptions {
    fn drop(&mut self) {
        for (event, heard) in &self.hearing {
            self.vendor.off(*event, heard.as_ref().unchecked_ref());
        }
    }
}

/// The payload of either envelope: the 2024 guide nests it in `data`, older documents are flat. A copy,
/// so that what one listener does to it is not the vendor's to see.
fn flat(envelope: &JsValue) -> JsValue {
    let data = member::get(envelope, "data").filter(JsValue::is_object);
    let inner = data.as_ref().unwrap_or(envelope);
    let payload = Object::new();
    if inner.is_object() {
        Object::assign(&payload, inner.unchecked_ref());
        read_client_data(&payload);
    }
    payload.into()
}

/// A chat's `clientData` is a JSON text; what is no object stays a text only.
fn read_client_data(payload: &Object) {
    let Some(text) = member::text(payload, "clientData") else { return };
    member::set(payload, "clientDataText", text.as_str());
    let data = JSON::parse(&text).ok().filter(|data| data.is_object() && !Array::is_array(data));
    member::set(payload, "clientData", data.unwrap_or_default());
}

fn log(event: EventName, payload: &JsValue) {
    if !host::listening() {
        return;
    }
    // A session's id is a number of the vendor's, of nobody; the rest may quote a customer.
    let session = member::text(payload, "sessionId").map(|id| ("sessionId", id.into()));
    let words = LOGGED
        .into_iter()
        .filter_map(|key| Some((key, redact::vendor_text(&member::text(payload, key)?).into())));
    let detail: Vec<_> = session.into_iter().chain(words).collect();
    host::log("event", &["event.", event.as_str()].concat(), &detail);
}
