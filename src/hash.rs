//! Listens to `hashchange` and reads every hash into a call (screen-pop guide, "业务系统获取通信相关参数"). The
//! hash itself is not touched, so a hash router may have it too.

use std::cell::RefCell;
use std::rc::Rc;

use calldock_contract::CallContext;
use js_sys::{Function, JSON, Object};
use wasm_bindgen::prelude::*;
use web_sys::{EventTarget, HashChangeEvent};

use crate::abi::fail;
use crate::json;

type Last = Rc<RefCell<Option<CallContext>>>;

/// Reads the hashes of a page, in their order; freeing it ends the listening.
#[wasm_bindgen]
pub struct ScreenPop {
    last: Last,
    page: EventTarget,
    listener: Function,
    _closure: Closure<dyn Fn(HashChangeEvent)>,
}

#[wasm_bindgen]
impl ScreenPop {
    /// Listens to the hashes of a window.
    ///
    /// `enter(callback)` returns the function to register, which notices a trap. `deliver(call, error)` is
    /// called for each hash with a call, or one that cannot be read.
    ///
    /// # Errors
    /// What the page's `addEventListener` throws.
    #[wasm_bindgen(constructor)]
    pub fn new(page: EventTarget, enter: &Function, deliver: Function) -> Result<Self, JsValue> {
        let last = Last::default();
        let seen = last.clone();
        let closure = Closure::<dyn Fn(HashChangeEvent)>::new(move |event: HashChangeEvent| {
            // Never location.hash here: two changes in one task would read the second one twice.
            let url = event.new_url();
            let hash = url.find('#').map_or("", |at| &url[at..]);
            let (call, error) = match read(hash, &seen) {
                Ok(None) => return,
                Ok(Some(call)) => (call.into(), JsValue::UNDEFINED),
                Err(error) => (JsValue::UNDEFINED, error),
            };
            let _ = deliver.call2(&JsValue::UNDEFINED, &call, &error);
        });
        let listener: Function =
            enter.call1(&JsValue::UNDEFINED, closure.as_ref())?.unchecked_into();
        page.add_event_listener_with_callback("hashchange", &listener)?;
        Ok(Self { last, page, listener, _closure: closure })
    }

    /// The call of a hash that changed before this was made; `undefined` where it is not a call.
    ///
    /// # Errors
    /// [`calldock_contract::Code::InvalidOption`] for a hash that is over-long.
    pub fn read(&self, hash: &str) -> Result<Option<Object>, JsValue> {
        read(hash, &self.last)
    }
}

impl Drop for ScreenPop {
    fn drop(&mut self) {
        let _ = self.page.remove_event_listener_with_callback("hashchange", &self.listener);
    }
}

/// The call of one hash; `undefined` where it is not a call.
///
/// # Errors
/// [`calldock_contract::Code::InvalidOption`] for a hash that is over-long.
#[wasm_bindgen(js_name = readHash)]
pub fn read_hash(hash: &str) -> Result<Option<Object>, JsValue> {
    read(hash, &Last::default())
}

fn read(hash: &str, last: &RefCell<Option<CallContext>>) -> Result<Option<Object>, JsValue> {
    let Some(call) = CallContext::from_hash(hash).map_err(fail)? else {
        return Ok(None);
    };
    let changed = call.changed_since(last.borrow().as_ref());
    let record = json::call(&call, &changed);
    last.replace(Some(call));
    Ok(Some(JSON::parse(&record)?.unchecked_into()))
}
