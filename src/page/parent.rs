//! The frame around the page.

use std::cell::RefCell;

use calldock_contract::parent_origin::Parent;
use js_sys::Reflect;
use wasm_bindgen::JsValue;
use web_sys::{Url, Window};

use crate::error::Failure;
use crate::page;

/// The window of the frame around the page, and its origin as far as the browser tells.
pub struct Frame {
    /// Where messages go.
    pub window: Window,
    origin: Option<String>,
    top: bool,
}

impl Frame {
    /// Looks around.
    ///
    /// # Errors
    /// Where there is no window.
    pub fn around() -> Result<Self, Failure> {
        let window = page::window()?;
        let parent = window.parent().ok().flatten().unwrap_or_else(|| window.clone());
        let top = parent == window;
        Ok(Self { origin: if top { None } else { origin(&window, &parent) }, window: parent, top })
    }

    /// What the rule of `calldock-contract` wants to know.
    pub fn parent(&self) -> Parent<'_> {
        match &self.origin {
            _ if self.top => Parent::None,
            Some(origin) => Parent::Known(origin),
            None => Parent::Unknown,
        }
    }
}

thread_local! {
    /// The parent that refused its own word, and its origin. Asked once, because a browser makes an
    /// error with every refusal; a parent that goes to another origin takes this page with it.
    static FOREIGN: RefCell<Option<(Window, Option<String>)>> = const { RefCell::new(None) };
}

/// The parent's origin: its own word where it is of our origin, else the browser's list of ancestors,
/// else the referrer, which names the parent as long as the frame was not navigated by another page.
fn origin(window: &Window, parent: &Window) -> Option<String> {
    let known = FOREIGN.with_borrow(|known| match known {
        Some((known, origin)) if known == parent => Some(origin.clone()),
        _ => None,
    });
    if let Some(origin) = known {
        return origin;
    }
    if let Ok(origin) = parent.location().origin() {
        return Some(origin);
    }
    let origin = told(window);
    FOREIGN.set(Some((parent.clone(), origin.clone())));
    origin
}

/// What the browser tells of a parent that is not of our origin.
fn told(window: &Window) -> Option<String> {
    let location = window.location();
    let listed = Reflect::get(&location, &"ancestorOrigins".into())
        .and_then(|list: JsValue| Reflect::get_u32(&list, 0))
        .ok()
        .and_then(|origin: JsValue| origin.as_string());
    if listed.is_some() {
        return listed;
    }
    let referrer = Url::new(&window.document()?.referrer()).ok()?.origin();
    // A referrer of our own origin is a page before this one in the same frame: the parent is not of
    // our origin, as the first question showed.
    (location.origin().ok()? != referrer).then_some(referrer)
}
