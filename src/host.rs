//! The host role: pages that hold the agent workbench or open TCCC's chat (seeds 000, 002, 003).
//!
//! TypeScript has checked and copied the objects (`js/check.ts`); only their texts arrive here.

use calldock_contract::text::{chat_link, chat_link::ChatLink, origin};
use calldock_contract::{Code, PhoneNumber, redact};
use wasm_bindgen::prelude::*;
use web_sys::{HtmlScriptElement, Url, Window};

use crate::abi::{err, fail};
use crate::inject::{Script, inject, is_safe};

/// The vendor's chat widget.
const WIDGET: &str = "https://tccc.qcloud.com/web/im/imPublish.js";

/// Checks a login before anything in the page changes: with a token, or the address alone (F1).
///
/// # Errors
/// [`Code::LoginFailed`], naming the member.
#[wasm_bindgen(js_name = checkSdkLogin)]
pub fn check_sdk_login(
    sdk_url: &str,
    token: Option<String>,
    sdk_app_id: Option<String>,
    user_id: Option<String>,
) -> Result<(), JsValue> {
    for (at, value) in [("login.token", &token), ("login.userId", &user_id)] {
        if value.as_ref().is_some_and(|text| text.bytes().all(|c| c <= b' ')) {
            return Err(err(Code::LoginFailed, at, "a text", "an empty text"));
        }
    }
    // A whole number that JavaScript can hold, and not 0.
    let is_number = |digits: String| {
        digits.len() < 17
            && digits.bytes().all(|c| c.is_ascii_digit())
            && digits.bytes().any(|c| c != b'0')
    };
    if !sdk_app_id.is_none_or(is_number) {
        return Err(err(Code::LoginFailed, "login.sdkAppId", "a positive number", "another value"));
    }
    check_address(sdk_url, "login.sdkUrl", Code::LoginFailed)
}

fn check_address(address: &str, at: &str, code: Code) -> Result<(), JsValue> {
    if Url::new(address).is_ok_and(|url| is_safe(&url)) {
        return Ok(());
    }
    Err(err(code, at, "an https address (http only for localhost)", &redact::url(address)))
}

/// Injects the agent script for a checked login. With a token, the element has the vendor's dataset
/// (seed 002, "SDK 初始化参数"); an address alone carries the token in its query.
///
/// # Errors
/// As [`inject`].
#[wasm_bindgen(js_name = injectWorkbench)]
#[expect(clippy::too_many_arguments, reason = "an object would cost its reading")]
pub fn inject_workbench(
    window: &Window,
    sdk_url: &str,
    token: Option<String>,
    sdk_app_id: Option<String>,
    user_id: Option<String>,
    show: Option<bool>,
    render_dom_id: Option<String>,
    nonce: Option<String>,
) -> Result<HtmlScriptElement, JsValue> {
    let mut dataset = Vec::with_capacity(5);
    if let Some(token) = &token {
        dataset.push(("token", token.as_str()));
        dataset.push(("sdkAppId", sdk_app_id.as_deref().unwrap_or_default()));
        dataset.push(("userid", user_id.as_deref().unwrap_or_default()));
    }
    if let Some(show) = show {
        dataset.push(("showWorkBenchAtFirstLogin", if show { "true" } else { "false" }));
    }
    if let Some(id) = &render_dom_id {
        dataset.push(("renderDomId", id));
    }
    let script = Script {
        url: sdk_url,
        dataset: &dataset,
        nonce: nonce.as_deref(),
        // As the vendor's own pages inject it (vendor/tccc.md §1).
        cross_origin: true,
        named: ("login.sdkUrl", Code::LoginFailed),
    };
    inject(window, &script)
}

/// Injects the chat widget's script for a web channel (`vendor/tccc.md` §3).
///
/// # Errors
/// [`Code::InvalidOption`] for an id or an address that is none, and as [`inject`].
#[wasm_bindgen(js_name = injectChatWidget)]
pub fn inject_chat_widget(
    window: &Window,
    script_url: Option<String>,
    web_app_id: &str,
    nonce: Option<String>,
) -> Result<HtmlScriptElement, JsValue> {
    chat_link::check_web_app_id(web_app_id).map_err(fail)?;
    let url = [script_url.as_deref().unwrap_or(WIDGET), "?webAppId=", web_app_id].concat();
    let script = Script {
        url: &url,
        dataset: &[],
        nonce: nonce.as_deref(),
        cross_origin: false,
        named: ("loadChatWidget.scriptUrl", Code::InvalidOption),
    };
    inject(window, &script)
}

/// Reads a telephone number; returns it as it is dialled.
///
/// # Errors
/// [`Code::InvalidOption`].
#[wasm_bindgen(js_name = readNumber)]
pub fn read_number(text: &str) -> Result<String, JsValue> {
    PhoneNumber::parse(text).map(|number| number.as_str().into()).map_err(fail)
}

/// Reads an origin of the option `option`; returns it as browsers write it.
///
/// # Errors
/// [`Code::InvalidOption`], with what to change.
#[wasm_bindgen(js_name = readOrigin)]
pub fn read_origin(option: &str, text: &str) -> Result<String, JsValue> {
    origin::parse(option, text).map_err(fail)
}

/// Checks the id of a web channel.
///
/// # Errors
/// [`Code::InvalidOption`].
#[wasm_bindgen(js_name = checkWebAppId)]
pub fn check_web_app_id(id: &str) -> Result<(), JsValue> {
    chat_link::check_web_app_id(id).map_err(fail)
}

/// Checks the address of a chat page; returns it without a hash. The vendor's own if there is none.
///
/// # Errors
/// [`Code::InvalidOption`].
#[wasm_bindgen(js_name = chatPage)]
pub fn chat_page(page: Option<String>) -> Result<String, JsValue> {
    let Some(page) = page else { return Ok(chat_link::CHAT_PAGE.into()) };
    check_address(&page, "options.chatPage", Code::InvalidOption)?;
    Ok(page.split_once('#').map_or(page.as_str(), |(before, _)| before).into())
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
