//! What any vendor needs of a page. Nothing here knows a vendor.
//!
//! * [`abort`]: an `AbortSignal` as something to wait for.
//! * [`fields`]: reads an object of the page's, member by member, and names the one that is wrong.
//! * [`global`]: waits until a script has registered its global.
//! * [`login`]: reads what a page's login gave.
//! * [`parent`]: the frame around the page.
//! * [`inline`]: runs a script that was fetched as a text.
//! * [`member`]: one member of an object.
//! * [`policy`]: Content Security Policy: the page's nonce, and what it refused.
//! * [`progress`]: how far a piece of work is.
//! * [`script`]: injects a script and waits for it.
//! * [`shape`]: copies an object of the page's after checking it against a table.
//! * [`trusted_types`]: the one Trusted Types policy.

pub mod abort;
pub mod fields;
pub mod global;
pub mod inline;
pub mod login;
pub mod member;
pub mod parent;
pub mod policy;
pub mod progress;
pub mod script;
pub mod shape;
pub mod trusted_types;

use std::pin::Pin;

use calldock_contract::Code;
use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::future_to_promise;
use web_sys::{Document, Window};

use crate::error::Failure;

/// A promise of work that ends by itself. Boxed, so that the machinery exists once.
pub fn promise(work: impl Future<Output = Result<JsValue, JsValue>> + 'static) -> Promise {
    let work: Pin<Box<dyn Future<Output = Result<JsValue, JsValue>>>> = Box::pin(work);
    future_to_promise(work)
}

/// The window.
///
/// # Errors
/// [`Code::UnsupportedBrowser`] where there is none, in a worker for example.
pub fn window() -> Result<Window, Failure> {
    web_sys::window().ok_or_else(|| {
        Failure::new(Code::UnsupportedBrowser, "window: expected a page, found none (a worker?)")
    })
}

/// The document.
///
/// # Errors
/// As [`window`].
pub fn document() -> Result<Document, Failure> {
    window()?.document().ok_or_else(|| {
        Failure::new(Code::UnsupportedBrowser, "document: expected a page, found none")
    })
}

/// Refuses a page that did not come over HTTPS or from localhost: no microphone, no vendor script.
///
/// # Errors
/// [`Code::InsecureContext`].
pub fn require_secure_context() -> Result<(), Failure> {
    if window()?.is_secure_context() {
        return Ok(());
    }
    Err(Failure::new(
        Code::InsecureContext,
        "the page: expected HTTPS or localhost, found an insecure context",
    ))
}
