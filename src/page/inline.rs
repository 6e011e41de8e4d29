//! Runs a script that was fetched as a text (`vendor/huawei.md` §2 and §3).

use std::cell::RefCell;
use std::rc::Rc;

use calldock_contract::{Code, redact};
use gloo_events::EventListener;
use js_sys::{Object, Reflect};
use wasm_bindgen::JsCast;
use web_sys::ErrorEvent;

use crate::error::Failure;
use crate::page::policy::{Wanted, Watch};
use crate::page::{self, script, trusted_types};

/// Set by the last line of a script that we run: whoever throws does not get there.
const RAN: &str = "calldock.ran";

/// Runs a text as a script of the page and returns what it threw while it ran.
///
/// It runs when its element is appended, once; its exceptions reach only the window. The text is set
/// before that and never parsed as HTML.
///
/// # Errors
/// [`Code::TrustedTypesBlocked`], [`Code::CspBlocked`]; it has not run then.
pub async fn run(text: &str, nonce: Option<&str>) -> Result<Option<String>, Failure> {
    let (window, document) = (page::window()?, page::document()?);
    let element = script::element(&document, nonce)?;
    let text = [text, "\n;globalThis['", RAN, "']=true"].concat();
    Reflect::set(&element, &"text".into(), &trusted_types::script(&text))
        .map_err(trusted_types::refused)?;
    let head = document.head().ok_or_else(|| {
        Failure::new(Code::UnsupportedBrowser, "document: expected a head, found none")
    })?;
    let thrown: Rc<RefCell<Option<String>>> = Rc::default();
    let heard = thrown.clone();
    let listener = EventListener::new(&window, "error", move |event| {
        if let Some(error) = event.dyn_ref::<ErrorEvent>() {
            *heard.borrow_mut() = Some(redact::vendor_text(&error.message()));
        }
    });
    let watch = Watch::on(Wanted::InlineScript)?;
    let _ = head.append_child(&element);
    drop(listener);
    element.remove();
    let window: &Object = window.unchecked_ref();
    let ran = Reflect::has(window, &RAN.into()).unwrap_or_default();
    let _ = Reflect::delete_property(window, &RAN.into());
    let thrown = thrown.take();
    if ran || thrown.is_some() {
        return Ok(thrown);
    }
    Err(watch.failure().await.map_or_else(
        || {
            Failure::new(
                Code::CspBlocked,
                "the vendor's script: expected the page to run its text, found it refused",
            )
        },
        Failure::from,
    ))
}
