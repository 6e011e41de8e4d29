//! The one Trusted Types policy, `calldock`, which lets through only the address being injected.

use std::cell::RefCell;

use calldock_contract::Code;
use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;

use crate::error::Failure;
use crate::host;

/// The name to list in the page's `trusted-types` directive.
pub const POLICY: &str = "calldock";

#[wasm_bindgen]
extern "C" {
    /// `window.trustedTypes`.
    type Factory;
    #[wasm_bindgen(method, catch, js_name = createPolicy)]
    fn create_policy(this: &Factory, name: &str, rules: &Object) -> Result<Policy, JsValue>;

    /// A policy.
    #[derive(Clone)]
    type Policy;
    #[wasm_bindgen(method, catch, js_name = createScriptURL)]
    fn create_script_url(this: &Policy, url: &str) -> Result<JsValue, JsValue>;
}

thread_local! {
    /// A name may be taken once, so the policy is kept for the page's life.
    static MADE: RefCell<Option<Policy>> = const { RefCell::new(None) };
    /// The one address the policy says yes to.
    static ADMITTED: RefCell<String> = const { RefCell::new(String::new()) };
}

/// The address as the page's script elements take it: a `TrustedScriptURL` where the browser knows
/// them and the page allows our policy, else the text itself.
pub fn script_url(url: &str) -> JsValue {
    let Some(policy) = policy() else { return url.into() };
    ADMITTED.with(|admitted| *admitted.borrow_mut() = url.into());
    let trusted = policy.create_script_url(url);
    ADMITTED.with(|admitted| admitted.borrow_mut().clear());
    trusted.unwrap_or_else(|_| url.into())
}

fn policy() -> Option<Policy> {
    if let Some(policy) = MADE.with(|made| made.borrow().clone()) {
        return Some(policy);
    }
    let factory = Reflect::get(&js_sys::global(), &"trustedTypes".into()).ok()?;
    if !factory.is_object() {
        return None;
    }
    let rules = Object::new();
    let admit = Closure::<dyn Fn(String) -> Option<String>>::new(|url: String| {
        ADMITTED.with(|admitted| (*admitted.borrow() == url).then_some(url))
    });
    host::set(&rules, "createScriptURL", admit.into_js_value());
    let policy = factory.unchecked_into::<Factory>().create_policy(POLICY, &rules).ok()?;
    MADE.with(|made| *made.borrow_mut() = Some(policy.clone()));
    Some(policy)
}

/// The failure of a page that enforces Trusted Types and does not allow our policy.
pub fn refused(cause: JsValue) -> Failure {
    Failure::new(
        Code::TrustedTypesBlocked,
        "the page's Content-Security-Policy: expected trusted-types to allow 'calldock', found it refused",
    )
    .because(cause)
}
