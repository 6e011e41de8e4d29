//! The one Trusted Types policy, `calldock`, which lets through only what is being injected.

use std::cell::RefCell;

use calldock_contract::Code;
use js_sys::Object;
use wasm_bindgen::prelude::*;

use crate::error::Failure;
use crate::page::member;

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
    #[wasm_bindgen(method, catch, js_name = createScript)]
    fn create_script(this: &Policy, text: &str) -> Result<JsValue, JsValue>;
}

thread_local! {
    /// A name may be taken once, so the policy is kept for the page's life.
    static MADE: RefCell<Option<Policy>> = const { RefCell::new(None) };
    /// The one address or script the policy says yes to.
    static ADMITTED: RefCell<String> = const { RefCell::new(String::new()) };
}

/// The address as the page's script elements take it: a `TrustedScriptURL` where the browser knows
/// them and the page allows our policy, else the text itself.
pub fn script_url(url: &str) -> JsValue {
    admit(url, Policy::create_script_url)
}

/// The same for a script's text: a `TrustedScript`.
pub fn script(text: &str) -> JsValue {
    admit(text, Policy::create_script)
}

fn admit(text: &str, create: fn(&Policy, &str) -> Result<JsValue, JsValue>) -> JsValue {
    let Some(policy) = policy() else { return text.into() };
    ADMITTED.with(|admitted| *admitted.borrow_mut() = text.into());
    let trusted = create(&policy, text);
    ADMITTED.with(|admitted| admitted.borrow_mut().clear());
    trusted.unwrap_or_else(|_| text.into())
}

fn policy() -> Option<Policy> {
    if let Some(policy) = MADE.with(|made| made.borrow().clone()) {
        return Some(policy);
    }
    let factory = member::get(&js_sys::global(), "trustedTypes").filter(JsValue::is_object)?;
    let rules = Object::new();
    let admit = Closure::<dyn Fn(String) -> Option<String>>::new(|text: String| {
        ADMITTED.with(|admitted| (*admitted.borrow() == text).then_some(text))
    });
    let admit = admit.into_js_value();
    member::set(&rules, "createScriptURL", admit.clone());
    member::set(&rules, "createScript", admit);
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
