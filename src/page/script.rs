//! Injects a script and waits for it.

use std::cell::RefCell;
use std::rc::Rc;

use calldock_contract::{Code, Error, redact};
use gloo_events::EventListener;
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, ErrorEvent, HtmlScriptElement, Url};

use crate::error::Failure;
use crate::page::policy::{self, Wanted, Watch};
use crate::page::{self, trusted_types};

/// A script element in the page; dropping it takes the element out again.
pub struct Script {
    element: HtmlScriptElement,
    thrown: Rc<RefCell<Option<String>>>,
    _thrown_listener: EventListener,
}

/// A script that is not in the page yet: nothing has been asked of its server.
pub struct Prepared {
    script: Script,
    url: Url,
    watch: Watch,
}

impl Drop for Script {
    fn drop(&mut self) {
        self.element.remove();
        // A script that is still on its way runs even when its element is gone, unless the element
        // belongs to another document by then (HTML, "execute the script element").
        if let Ok(nowhere) = Document::new() {
            let _ = nowhere.adopt_node(&self.element);
        }
    }
}

/// A script to inject.
pub struct Request<'a> {
    /// Its whole address.
    pub url: &'a str,
    /// Its dataset.
    pub dataset: &'a [(&'static str, String)],
    /// The nonce; the page's own if none is given.
    pub nonce: Option<&'a str>,
    /// What names the address, for a message: `login.sdkUrl`, say, and the code of such an error.
    pub named: (&'static str, Code),
    /// Whether the vendor's own pages ask with CORS. A server that knows nothing of it answers a plain
    /// script element only.
    pub cors: bool,
}

impl Script {
    /// Makes the element of a script.
    ///
    /// # Errors
    /// The request's own code for an address that is none or not HTTPS, [`Code::TrustedTypesBlocked`].
    pub fn prepare(request: Request) -> Result<Prepared, Failure> {
        let url = checked(&request)?;
        let document = page::document()?;
        let element = element(&document, request.nonce)?;
        if request.cors {
            // Errors inside it keep their text.
            element.set_cross_origin(Some("anonymous"));
        }
        for (key, value) in request.dataset {
            element.dataset().set(key, value).map_err(|cause| internal("dataset", cause))?;
        }
        let address = trusted_types::script_url(request.url);
        Reflect::set(&element, &"src".into(), &address).map_err(trusted_types::refused)?;

        let thrown = Rc::new(RefCell::new(None));
        let script =
            Self { _thrown_listener: hear_thrown(request.url, thrown.clone())?, thrown, element };
        let watch = Watch::on(Wanted::ScriptFrom(url.origin()))?;
        Ok(Prepared { script, url, watch })
    }

    /// What the script threw while it ran, if it did.
    pub fn thrown(&self) -> Option<String> {
        self.thrown.borrow().clone()
    }
}

impl Prepared {
    /// Injects the script and waits until it has loaded, which is when it has run.
    ///
    /// # Errors
    /// [`Code::CspBlocked`], and [`Code::Network`] for all that a browser does not tell apart: the
    /// connection, the HTTP status, the type of the answer.
    pub async fn inject(self) -> Result<Script, Failure> {
        let Self { script, url, watch } = self;
        let document = page::document()?;
        let loaded = settled(&script.element);
        let place = document.body().map(JsCast::unchecked_into).or(document.head().map(Into::into));
        let place: web_sys::Node = place.ok_or_else(|| {
            Failure::new(Code::UnsupportedBrowser, "document: expected a body, found none")
        })?;
        place.append_child(&script.element).map_err(|cause| internal("appendChild", cause))?;
        if loaded.await {
            return Ok(script);
        }
        if let Some(refusal) = watch.failure().await {
            return Err(refusal.into());
        }
        Err(Error::unexpected(
            Code::Network,
            &redact::url(&url.href()),
            "a script",
            "no connection, an HTTP error or another type than JavaScript",
        )
        .into())
    }
}

/// An empty script element with a nonce: the one that is given, else the page's own.
///
/// # Errors
/// Where the browser makes none.
pub fn element(document: &Document, nonce: Option<&str>) -> Result<HtmlScriptElement, Failure> {
    let element: HtmlScriptElement = document
        .create_element("script")
        .map_err(|cause| internal("createElement", cause))?
        .unchecked_into();
    if let Some(nonce) = nonce.map(String::from).or_else(policy::nonce) {
        let _ = Reflect::set(&element, &"nonce".into(), &nonce.into());
    }
    Ok(element)
}

/// Waits for the element's `load` (true) or `error` (false).
fn settled(element: &HtmlScriptElement) -> impl Future<Output = bool> + use<> {
    let mut tell: Option<Function> = None;
    let promise = Promise::new(&mut |resolve, _| tell = Some(resolve));
    let listeners = ["load", "error"].map(|event| {
        let tell = tell.clone();
        EventListener::once(element, event, move |_| {
            if let Some(tell) = tell {
                let _ = tell.call1(&JsValue::UNDEFINED, &(event == "load").into());
            }
        })
    });
    async move {
        let result = JsFuture::from(promise).await;
        drop(listeners);
        result.is_ok_and(|value| value.is_truthy())
    }
}

/// Listens for what the script at `url` throws: it reaches only the window.
fn hear_thrown(url: &str, thrown: Rc<RefCell<Option<String>>>) -> Result<EventListener, Failure> {
    let (window, url) = (page::window()?, String::from(url));
    Ok(EventListener::new(&window, "error", move |event| {
        if let Some(error) = event.dyn_ref::<ErrorEvent>()
            && error.filename() == url
        {
            *thrown.borrow_mut() = Some(redact::vendor_text(&error.message()));
        }
    }))
}

/// The address, if scripts may come from there.
fn checked(request: &Request) -> Result<Url, Failure> {
    let refused = || {
        let (name, code) = request.named;
        let expected = "an https address (http only for localhost)";
        Error::unexpected(code, name, expected, &redact::url(request.url))
    };
    match Url::new(request.url) {
        Ok(url) if is_safe(&url) => Ok(url),
        _ => Err(refused().into()),
    }
}

/// Whether scripts and data may come from an address: over HTTPS, or from this very machine.
pub fn is_safe(url: &Url) -> bool {
    let local = matches!(url.hostname().as_str(), "localhost" | "127.0.0.1" | "[::1]");
    match url.protocol().as_str() {
        "https:" => true,
        "http:" => local,
        _ => false,
    }
}

fn internal(what: &str, cause: JsValue) -> Failure {
    Failure::new(Code::Internal, [what, ": expected the browser to do it, found it throw"].concat())
        .because(cause)
}
