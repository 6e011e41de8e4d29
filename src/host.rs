//! The host role: pages that hold the agent workbench or open TCCC's chat (agent SDK and chat guides: `docs/vendor/README.md`).
//!
//! TypeScript has checked and copied the objects (`js/check.ts`); only their texts arrive here.

use calldock_contract::text::{address::is_safe, chat_link, chat_link::ChatLink, origin};
use calldock_contract::{Code, Error, PhoneNumber, redact};
use js_sys::Object;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlScriptElement, Window};

use crate::abi::fail;
use crate::inject::{Script, inject};

/// Reads a text of the option or the member `at`; returns it as it is used: a telephone number as it is
/// dialled, an origin as browsers write it.
///
/// # Errors
/// [`Code::InvalidOption`], or [`Code::LoginFailed`] for a login's member, with what to change.
#[wasm_bindgen(js_name = readText)]
pub fn read_text(at: &str, text: String) -> Result<String, JsValue> {
    match at {
        "phoneNumber" => PhoneNumber::parse(&text).map(|number| number.as_str().into()),
        "webAppId" => chat_link::check_web_app_id(&text).map(|()| text),
        "login.sdkUrl" | "options.chatPage" if is_safe(&text) => Ok(text),
        "login.sdkUrl" | "options.chatPage" => {
            let expected = "an https address (http only for localhost)";
            Err(Error::new(code_of(at), at, expected, redact::url(&text)))
        }
        option => origin::parse(option, &text),
    }
    .map_err(fail)
}

/// The code of an error at a member of a login, or at an option.
fn code_of(at: &str) -> Code {
    if at.starts_with("login") { Code::LoginFailed } else { Code::InvalidOption }
}

/// Injects a script of the vendor's with its dataset: the agent script, requested with CORS as the vendor's
/// own pages request it (`docs/vendor/tccc.md` §1), or the chat widget. `at` names its address in an error.
///
/// # Errors
/// As [`inject`].
#[wasm_bindgen(js_name = injectScript)]
pub fn inject_script(
    window: &Window,
    at: &str,
    url: &str,
    nonce: Option<String>,
    dataset: &Object,
    cross_origin: bool,
) -> Result<HtmlScriptElement, JsValue> {
    let named = (at, code_of(at));
    let (dataset, nonce) = (Some(dataset), nonce.as_deref());
    inject(window, &Script { url, dataset, nonce, cross_origin, in_order: false, named })
}

/// Builds the address of a chat on a checked page. `client_data` is sent exactly as it was signed.
///
/// # Errors
/// [`Code::InvalidOption`], naming the member.
#[wasm_bindgen(js_name = chatLink)]
pub fn chat_link(
    page: &str,
    web_app_id: String,
    title: Option<String>,
    client_data: Option<String>,
    user_sig: Option<String>,
    mobile: bool,
    hide_header: bool,
) -> Result<String, JsValue> {
    let signed = client_data.zip(user_sig);
    let link = ChatLink { web_app_id, title, signed, mobile, hide_header };
    Ok([page, &link.to_hash().map_err(fail)?].concat())
}
