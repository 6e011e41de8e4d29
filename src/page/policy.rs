//! Content Security Policy: the page's nonce, and what the policy refused.

use std::cell::RefCell;
use std::rc::Rc;

use calldock_contract::{Code, Error};
use gloo_events::EventListener;
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::JsCast;
use web_sys::{SecurityPolicyViolationEvent, SecurityPolicyViolationEventDisposition};

use crate::error::Failure;
use crate::page;
use crate::page::member;

/// How long, in ms, a refusal may be reported after it has happened.
const VIOLATION_GRACE: u32 = 50;

/// The nonce of the page's own scripts. Browsers hide the attribute and keep the property.
pub fn nonce() -> Option<String> {
    let script = page::document().ok()?.query_selector("script[nonce]").ok()??;
    member::text(&script, "nonce").filter(|nonce| !nonce.is_empty())
}

/// What a policy may refuse.
#[derive(Clone)]
pub enum Wanted {
    /// A script from an origin.
    ScriptFrom(String),
    /// A script whose text is in the page.
    InlineScript,
    /// A request to an origin.
    RequestTo(String),
}

impl Wanted {
    fn directive(&self) -> &'static str {
        match self {
            Self::ScriptFrom(_) | Self::InlineScript => "script-src",
            Self::RequestTo(_) => "connect-src",
        }
    }

    /// The source to allow, as a policy writes it.
    fn source(&self) -> &str {
        match self {
            Self::ScriptFrom(origin) | Self::RequestTo(origin) => origin,
            Self::InlineScript => "the nonce of the page's scripts",
        }
    }

    fn is_meant(&self, violation: &SecurityPolicyViolationEvent) -> bool {
        let blocked = violation.blocked_uri();
        violation.disposition() == SecurityPolicyViolationEventDisposition::Enforce
            && violation.effective_directive().starts_with(self.directive())
            && match self {
                Self::ScriptFrom(origin) | Self::RequestTo(origin) => blocked.starts_with(origin),
                Self::InlineScript => blocked == "inline",
            }
    }
}

/// Listens, while it lives, for the policy's refusal of what is wanted.
pub struct Watch {
    wanted: Wanted,
    refused: Rc<RefCell<Option<String>>>,
    _listener: EventListener,
}

impl Watch {
    /// Begins to listen.
    ///
    /// # Errors
    /// Where there is no document.
    pub fn on(wanted: Wanted) -> Result<Self, Failure> {
        let document = page::document()?;
        let refused = Rc::new(RefCell::new(None));
        let (heard, meant) = (refused.clone(), wanted.clone());
        let listener = EventListener::new(&document, "securitypolicyviolation", move |event| {
            let violation: &SecurityPolicyViolationEvent = event.unchecked_ref();
            if meant.is_meant(violation) {
                *heard.borrow_mut() = Some(violation.effective_directive());
            }
        });
        Ok(Self { wanted, refused, _listener: listener })
    }

    /// The failure, if it was refused. Waits a little: the report may come after the refusal.
    pub async fn failure(&self) -> Option<Error> {
        for _ in 0..VIOLATION_GRACE / 10 {
            if self.refused.borrow().is_some() {
                break;
            }
            TimeoutFuture::new(10).await;
        }
        let directive = self.refused.borrow();
        let directive = directive.as_deref()?;
        Some(Error::unexpected(
            Code::CspBlocked,
            "the page's Content-Security-Policy",
            &[self.wanted.directive(), " to allow ", self.wanted.source()].concat(),
            &[directive, " refusing it"].concat(),
        ))
    }
}
