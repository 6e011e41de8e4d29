//! The vendor's chat widget: `imPublish.js` and its one global (`vendor/tccc.md` §3).

use calldock_contract::{Code, Error, chat_link, redact};
use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use crate::error::Failure;
use crate::host;
use crate::page::abort;
use crate::page::fields::Fields;
use crate::page::global;
use crate::page::progress::Progress;
use crate::page::script::{Request, Script};

/// The vendor's script.
const SCRIPT: &str = "https://tccc.qcloud.com/web/im/imPublish.js";

/// The global it registers: `customerServiceIframe(event, listener)`.
const GLOBAL: &str = "customerServiceIframe";

/// How long, in ms, the global may be in coming.
const PATIENCE: u32 = 5000;

/// The events the vendor documents.
const EVENTS: [&str; 2] = ["seatJoin", "seatLeave"];

/// The widget in the page.
#[wasm_bindgen]
pub struct ChatWidgetHandle {
    global: Function,
}

/// Loads the widget. `options` is `{webAppId, scriptUrl?, nonce?}`. A widget that is there already is
/// taken: the vendor publishes no way to remove it.
#[wasm_bindgen(js_name = loadChatWidget)]
pub fn load_chat_widget(options: JsValue, stop: AbortSignal, progress: Progress) -> Promise {
    abort::promise(
        stop,
        Array::new(),
        async move { load(&options, &progress).await.map(JsValue::from) },
    )
}

async fn load(options: &JsValue, progress: &Progress) -> Result<ChatWidgetHandle, Failure> {
    let fields = Fields::of("loadChatWidget", Code::InvalidOption, options);
    fields.refuse_secrets();
    let id = fields.text("webAppId");
    let script = fields.optional_text("scriptUrl").unwrap_or_else(|| SCRIPT.into());
    let nonce = fields.optional_text("nonce");
    fields.done()?;
    chat_link::check_web_app_id(&id)?;
    if let Some((_, global)) = global::find(&[GLOBAL], JsValue::is_function) {
        return Ok(ChatWidgetHandle { global: global.unchecked_into() });
    }
    progress.enter("script");
    let url = [&script, "?webAppId=", &id].concat();
    let (nonce, named) = (nonce.as_deref(), ("loadChatWidget.scriptUrl", Code::InvalidOption));
    let script = Script::prepare(Request { url: &url, dataset: &[], nonce, named, cors: false })?
        .inject()
        .await?;
    progress.enter("global");
    let (_, global) = global::wait_for(&[GLOBAL], JsValue::is_function, PATIENCE).await?;
    // The vendor may look for its own element later.
    std::mem::forget(script);
    Ok(ChatWidgetHandle { global: global.unchecked_into() })
}

#[wasm_bindgen]
impl ChatWidgetHandle {
    /// Listens for an event of the widget's.
    ///
    /// # Errors
    /// `INVALID_OPTION` for an event the vendor does not document.
    pub fn on(&self, event: &str, listener: &Function) -> Result<(), JsValue> {
        if !EVENTS.contains(&event) {
            let error = Error::invalid("event", &EVENTS.join(", "), &redact::text(event));
            return Err(Failure::from(error).into());
        }
        host::log("event", "chat.listening", &[("event", event.into())]);
        self.global.call2(&JsValue::UNDEFINED, &event.into(), listener).map(drop)
    }
}
