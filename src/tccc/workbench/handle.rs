//! The open workbench, as the page holds it.

use std::cell::RefCell;
use std::rc::Rc;

use calldock_contract::method::METHODS;
use calldock_contract::{Code, Error, EventName, redact};
use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::attempt::{Live, Options};
use super::command::Command;
use super::events::Listeners;
use super::open::{self, Before, Opener};
use super::vendor::Vendor;
use crate::error::Failure;
use crate::host;
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

    /// Calls one of the vendor's methods, by the name of [`calldock_contract::method`].
    pub fn command(&self, name: &str, options: JsValue) -> Promise {
        let ready = self.vendor().and_then(|vendor| Ok((vendor, Command::read(name, &options)?)));
        page::promise(async move {
            let (vendor, command) = ready?;
            Ok(command.run(&vendor).await?)
        })
    }

    /// Logs an agent in anew: the same one, after the vendor found the token expired, or another one. A
    /// new login, then a new script in the place of the old one. The page's listeners stay.
    #[wasm_bindgen(js_name = logIn)]
    pub fn log_in(
        &self,
        ask: Function,
        hold: Function,
        same: bool,
        stop: AbortSignal,
        progress: Progress,
    ) -> Promise {
        let (place, listeners) = (self.live.clone(), self.listeners.clone());
        let options = self.options.clone();
        let only = same.then(|| self.user_id());
        abort::promise(stop, progress.attempts(), async move {
            let before = Before::Open { place: place.clone(), only };
            let opener = Opener { ask, hold };
            let live = opener.attempts(&options, &listeners, &before, &progress).await?;
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

    /// Closes, and takes down the vendor's interface too: another tab has the agent.
    pub fn leave(&self) {
        let vendor = self.vendor();
        self.close();
        if let Ok(vendor) = vendor {
            vendor.tear_down();
            open::forget_running();
        }
    }
}

fn named(event: &str) -> Result<EventName, Failure> {
    EventName::from_name(event).ok_or_else(|| {
        let known: Vec<_> = EventName::ALL.iter().map(|event| event.as_str()).collect();
        Error::invalid("event", &known.join(", "), &redact::text(event)).into()
    })
}

/// The names of every event, for listeners of all of them.
#[wasm_bindgen(js_name = workbenchEvents)]
pub fn workbench_events() -> Array {
    EventName::ALL.iter().map(|event| JsValue::from(event.as_str())).collect()
}

/// The names of every method, for the groups of `js/tccc/methods.ts`.
#[wasm_bindgen(js_name = workbenchMethods)]
pub fn workbench_methods() -> Array {
    METHODS.iter().map(|method| JsValue::from(method.name)).collect()
}
