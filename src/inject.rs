//! Scripts that are injected into the page: with a dataset, a nonce and a trusted value.

use std::cell::RefCell;

use calldock_contract::text::address;
use calldock_contract::{Code, redact};
use js_sys::{Function, Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{Document, HtmlScriptElement, Node, Window};

use crate::abi::err;

/// Set by the last line of a text that is run: a text that throws does not get there.
const RAN: &str = "calldock.ran";

thread_local! {
    static TRUST: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// Sets the function that makes trusted values: `trust(kind, text)` (`js/core/trusted-types.ts`). All
/// roles and all copies of the package on a page share one policy, so it cannot be made here.
#[wasm_bindgen]
pub fn start(trust: Function) {
    TRUST.set(Some(trust));
}

/// A script to inject.
pub struct Script<'a> {
    /// Its whole address.
    pub url: &'a str,
    /// Its dataset: texts by their names in `element.dataset`.
    pub dataset: Option<&'a Object>,
    /// The nonce; the page's own if there is none.
    pub nonce: Option<&'a str>,
    /// Whether it is requested with CORS, so that errors inside it keep their text. A server that does
    /// not support CORS serves only a plain element.
    pub cross_origin: bool,
    /// Whether it runs after the scripts that were injected so before it.
    pub in_order: bool,
    /// What names the address in an error, and the code of that error.
    pub named: (&'a str, Code),
}

/// Injects a script and returns its element. The caller listens to `load` and `error`, which come later.
///
/// # Errors
/// The script's own code for an address that is not HTTPS or localhost; [`Code::TrustedTypesBlocked`];
/// [`Code::UnsupportedBrowser`] for a document without a body and a head.
pub fn inject(window: &Window, script: &Script) -> Result<HtmlScriptElement, JsValue> {
    let (named, code) = script.named;
    if !address::is_safe(script.url) {
        let expected = "an https address (http only for localhost)";
        return Err(err(code, named, expected, &redact::url(script.url)));
    }
    let document = document(window)?;
    let element = element(&document, script.nonce)?;
    if script.cross_origin {
        element.set_cross_origin(Some("anonymous"));
    }
    if script.in_order {
        element.set_async(false);
    }
    if let Some(dataset) = script.dataset {
        Object::assign(element.dataset().unchecked_ref(), dataset);
    }
    set_trusted(&element, "src", "createScriptURL", script.url)?;
    let body = document.body().map(Node::from);
    let Some(place) = body.or_else(|| document.head().map(Node::from)) else {
        return Err(err(Code::UnsupportedBrowser, "document", "a body", "none"));
    };
    place.append_child(&element)?;
    Ok(element)
}

/// Removes a script. One that is still loading does not run any more: its element moves to another
/// document (HTML, "execute the script element").
#[wasm_bindgen]
pub fn withdraw(element: &HtmlScriptElement) {
    element.remove();
    if let Ok(other) = Document::new() {
        let _ = other.adopt_node(element);
    }
}

/// Runs a text once as a script of the page; returns whether it ran to its end. What it throws reaches
/// only the window's `error` event. The text is never parsed as HTML.
///
/// # Errors
/// [`Code::TrustedTypesBlocked`]; [`Code::UnsupportedBrowser`] for a document without a head.
pub fn run_once(window: &Window, text: &str, nonce: Option<&str>) -> Result<bool, JsValue> {
    let document = document(window)?;
    let element = element(&document, nonce)?;
    let text = [text, "\n;globalThis['", RAN, "']=true"].concat();
    set_trusted(&element, "text", "createScript", &text)?;
    let Some(head) = document.head() else {
        return Err(err(Code::UnsupportedBrowser, "document", "a head", "none"));
    };
    // A text that throws does not make this throw.
    head.append_child(&element)?;
    element.remove();
    let window: &Object = window.unchecked_ref();
    let ran = Reflect::has(window, &RAN.into()).unwrap_or_default();
    let _ = Reflect::delete_property(window, &RAN.into());
    Ok(ran)
}

/// The document of a window.
///
/// # Errors
/// [`Code::UnsupportedBrowser`] if it has none.
pub fn document(window: &Window) -> Result<Document, JsValue> {
    window.document().ok_or_else(|| err(Code::UnsupportedBrowser, "window", "a document", "none"))
}

/// An empty script element with a nonce: the given one, else the page's own.
fn element(document: &Document, nonce: Option<&str>) -> Result<HtmlScriptElement, JsValue> {
    let element: HtmlScriptElement = document.create_element("script")?.unchecked_into();
    // The attribute of a script of the page reads as an empty text.
    let given = nonce.filter(|nonce| !nonce.is_empty()).map(String::from);
    if let Some(nonce) = given.or_else(|| page_nonce(document)) {
        Reflect::set(&element, &"nonce".into(), &nonce.into())?;
    }
    Ok(element)
}

/// The nonce of the page's own scripts. Browsers hide the attribute and keep the property; a script may have an empty
/// one.
fn page_nonce(document: &Document) -> Option<String> {
    let scripts = document.scripts();
    (0..scripts.length()).find_map(|index| {
        let script = scripts.item(index)?;
        let nonce = Reflect::get(&script, &"nonce".into()).ok()?.as_string()?;
        (!nonce.is_empty()).then_some(nonce)
    })
}

/// Sets a script's address or text as a trusted value.
fn set_trusted(
    element: &HtmlScriptElement,
    member: &str,
    kind: &str,
    text: &str,
) -> Result<(), JsValue> {
    let trust = TRUST.with_borrow(Clone::clone);
    let value = match trust {
        Some(trust) => trust.call2(&JsValue::UNDEFINED, &kind.into(), &text.into())?,
        None => text.into(),
    };
    match Reflect::set(element, &member.into(), &value) {
        Ok(_) => Ok(()),
        Err(_) => Err(err(
            Code::TrustedTypesBlocked,
            "the page's Content-Security-Policy",
            "trusted-types to allow 'calldock'",
            "it refused",
        )),
    }
}
