//! The address of the chat page (seed 000; `vendor/tccc.md` §3).

use calldock_contract::chat_link::{CHAT_PAGE, ChatLink};
use calldock_contract::{Code, Error, redact};
use js_sys::JSON;
use wasm_bindgen::prelude::*;
use web_sys::Url;

use crate::error::Failure;
use crate::page::fields::Fields;
use crate::page::script::is_safe;

/// Builds the address. `login` is `{webAppId, clientData, userSig}`, `options` is `{title?, chatPage?}`.
///
/// # Errors
/// `INVALID_OPTION`, naming the member; `SECRET_IN_PAGE`.
#[wasm_bindgen(js_name = chatLink)]
pub fn chat_link(login: &JsValue, options: &JsValue) -> Result<String, JsValue> {
    Ok(build(login, options)?)
}

fn build(login: &JsValue, options: &JsValue) -> Result<String, Failure> {
    let login = Fields::of("login", Code::LoginFailed, login);
    login.refuse_secrets();
    let options = Fields::of("options", Code::InvalidOption, options);
    let link = ChatLink {
        web_app_id: login.text("webAppId"),
        title: options.optional_text("title"),
        client_data: login.text("clientData"),
        user_sig: login.text("userSig"),
    };
    login.done()?;
    let page = options.optional_text("chatPage").unwrap_or_else(|| CHAT_PAGE.into());
    options.done()?;
    // Signed as a text and sent as that text; it is read here only to tell a wrong one early.
    let data = JSON::parse(&link.client_data).unwrap_or_default();
    let data = Fields::of("clientData", Code::InvalidOption, &data);
    data.text("uid");
    data.done()?;
    let Some(url) = Url::new(&page).ok().filter(is_safe) else {
        let expected = "an https address (http only for localhost)";
        return Err(Error::invalid("options.chatPage", expected, &redact::url(&page)).into());
    };
    url.set_hash("");
    Ok([&url.href(), link.to_hash()?.as_str()].concat())
}
