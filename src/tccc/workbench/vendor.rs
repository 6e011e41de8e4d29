//! The vendor's global; the only place that knows its spelling (`vendor/tccc.md` §1).

use calldock_contract::{Code, EventName};
use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Element;

use crate::error::Failure;
use crate::page::member;
use crate::page::{document, global};

/// The names of the global: every signature says the first, seed 002 the second.
pub const NAMES: [&str; 2] = ["tccc", "TCCC"];

/// The element the vendor draws its interface into.
const INTERFACE: &str = "t3c-sdk#tcccSdkDomRoot";

/// The vendor's global, as it stands in the window.
#[derive(Clone, PartialEq)]
pub struct Vendor {
    name: &'static str,
    object: JsValue,
}

/// A global of the right shape: other vendors' pages set `window.tccc = {}` as well.
fn fits(value: &JsValue) -> bool {
    member::get(value, "on").is_some_and(|on| on.is_function())
        && member::get(value, "events").is_some_and(|events| events.is_object())
}

/// The element the vendor has drawn, which may be there before the global is.
pub fn interface() -> Option<Element> {
    document().ok()?.query_selector(INTERFACE).ok()?
}

/// Takes that element out of the page.
pub fn remove_interface() {
    if let Some(drawn) = interface() {
        drawn.remove();
    }
}

impl Vendor {
    /// The global that stands in the window now.
    pub fn present() -> Option<Self> {
        global::find(&NAMES, fits).map(|(name, object)| Self { name, object })
    }

    /// Waits for the global, `patience` ms at most.
    ///
    /// # Errors
    /// [`Code::GlobalMissing`].
    pub async fn appear(patience: u32) -> Result<Self, Failure> {
        let (name, object) = global::wait_for(&NAMES, fits, patience).await?;
        Ok(Self { name, object })
    }

    /// The global itself.
    pub fn raw(&self) -> JsValue {
        self.object.clone()
    }

    /// The name it stands under.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// `on(event, listener)`.
    ///
    /// # Errors
    /// What the vendor throws.
    pub fn on(&self, event: EventName, listener: &Function) -> Result<(), JsValue> {
        self.call(&self.object, "on", &Array::of2(&self.event(event), listener)).map(drop)
    }

    /// `off(event, listener)`; nothing can be done about one that fails.
    pub fn off(&self, event: EventName, listener: &Function) {
        let _ = self.call(&self.object, "off", &Array::of2(&self.event(event), listener));
    }

    /// Calls a method in the vendor's spelling: `Call.hungUp`, or a function of the global itself.
    ///
    /// # Errors
    /// What the vendor throws.
    pub fn invoke(&self, method: &str, arguments: &Array) -> Result<JsValue, JsValue> {
        match method.split_once('.') {
            Some((part, method)) => {
                self.call(&Reflect::get(&self.object, &part.into())?, method, arguments)
            }
            None => self.call(&self.object, method, arguments),
        }
    }

    /// Takes down what the vendor's script left, so that another injection starts afresh. No destroy is
    /// published; this is what public integrations do.
    pub fn tear_down(&self) {
        let window = js_sys::global();
        for name in NAMES.map(JsValue::from) {
            if Reflect::get(&window, &name).is_ok_and(|now| now == self.object) {
                let _ = Reflect::delete_property(window.unchecked_ref::<Object>(), &name);
            }
        }
        remove_interface();
    }

    /// The vendor's own constant for an event where it has one, else the documented name.
    fn event(&self, event: EventName) -> JsValue {
        let name = event.as_str();
        let constant = member::get(&self.object, "events")
            .and_then(|constants| member::get(&constants, name))
            .filter(JsValue::is_string);
        constant.unwrap_or_else(|| name.into())
    }

    fn call(&self, this: &JsValue, method: &str, arguments: &Array) -> Result<JsValue, JsValue> {
        let function: Function = Reflect::get(this, &method.into())?.dyn_into().map_err(|_| {
            JsValue::from(Failure::new(
                Code::VendorRejected,
                ["window.", self.name, ": expected a method ", method, ", found none"].concat(),
            ))
        })?;
        Reflect::apply(&function, this, arguments)
    }
}
