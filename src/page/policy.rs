//! Content Security Policy: the page's nonce, and what the policy refused.

use std::cell::RefCell;
use std::rc::Rc;

use calldock_contract::{Code, Error};
use gloo_events::EventListener;
use js_sys::Reflect;
use wasm_bindgen::JsCast;
use web_sys::{SecurityPolicyViolationEvent, SecurityPolicyViolationEventDisposition};

use crate::error::Failure;
use crate::page;

/// The nonce of the page's own scripts. Browsers hide the attribute and keep the property.
pub fn nonce() -> Option<String> {
    let script = page::document().ok()?.query_selector("script[nonce]").ok()??;
    let nonce = Reflect::get(&script, &"nonce".into()).ok()?.as_string()?;
    (!nonce.is_empty()).then_some(nonce)
}

/// Listens, while it lives, for the policy's refusals of scripts from one origin.
pub struct Watch {
    refused: Rc<RefCell<Option<String>>>,
    _listener: EventListener,
}

impl Watch {
    /// Begins to listen.
    ///
    /// # Errors
    /// Where there is no document.
    pub fn on(origin: &str) -> Result<Self, Failure> {
        let refused = Rc::new(RefCell::new(None));
        let (heard, origin) = (refused.clone(), String::from(origin));
        let document = page::document()?;
        let listener = EventListener::new(&document, "securitypolicyviolation", move |event| {
            let violation: &SecurityPolicyViolationEvent = event.unchecked_ref();
            if violation.disposition() == SecurityPolicyViolationEventDisposition::Enforce
                && violation.effective_directive().starts_with("script-src")
                && violation.blocked_uri().starts_with(&origin)
            {
                *heard.borrow_mut() = Some(violation.effective_directive());
            }
        });
        Ok(Self { refused, _listener: listener })
    }

    /// The failure, if something was refused.
    pub fn failure(&self, origin: &str) -> Option<Error> {
        let directive = self.refused.borrow();
        let directive = directive.as_deref()?;
        Some(Error::unexpected(
            Code::CspBlocked,
            "the page's Content-Security-Policy",
            &["script-src to allow ", origin].concat(),
            &[directive, " refusing it"].concat(),
        ))
    }
}
