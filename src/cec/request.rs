//! CEC's requests: the vendor's scripts, fetched with the proof of the visitor's identity, and the documented
//! REST interface, authenticated by the vendor's cookie (`docs/vendor/huawei.md` §2).
//!
//! The fetch is the only thing that stays open inside this module; its signal ends it.

use calldock_contract::Code;
use calldock_contract::tables::cec::{FORM, REST, SCRIPTS};
use calldock_contract::text::context_path::is_page;
use calldock_contract::text::scan::decimal;
use gloo_net::http::Request;
use js_sys::{Date, Object, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::future_to_promise;
use web_sys::AbortSignal;

use super::put;
use crate::abi::err;

/// Requests one of the vendor's scripts; resolves to its text.
pub fn script(context: &str, name: String, body: String, json: bool, stop: AbortSignal) -> Promise {
    // In two parts: the whole number of ms is beyond 32 bits.
    let now = Date::now() / 1000.0;
    let ms = (now.fract() * 1000.0) as usize;
    let time = [&decimal(now as usize), &decimal(1000 + ms)[1..]].concat();
    let address = [context, SCRIPTS, &name, "?&t=", &time].concat();
    let content_type = if json { "application/json" } else { FORM };
    send(address, name, Some((content_type, body)), true, stop)
}

/// Sends a command; resolves to the text of the response.
pub fn command(context: &str, method: String, value: &str, stop: AbortSignal) -> Promise {
    let address = [context, REST, &method].concat();
    let body = match method.as_str() {
        "sendMessageForWebChannel" => {
            let end = r#"","mediaType":"TEXT","content":"","userAgent":"PC"}"#;
            Some([r#"{"controlType":""#, value, end].concat())
        }
        "createClickToCall" => Some([r#"{"mediaAbility":""#, value, r#""}"#].concat()),
        _ => None,
    };
    let body = body.map(|body| ("application/json;charset=UTF-8", body));
    send(address, method, body, false, stop)
}

fn send(
    address: String,
    name: String,
    body: Option<(&'static str, String)>,
    is_script: bool,
    stop: AbortSignal,
) -> Promise {
    future_to_promise(async move {
        let lost = || err(Code::Network, &name, "a response", "no connection");
        let options = without_prototype();
        put(&options, "credentials", &"include".into());
        put(&options, "signal", &stop);
        if let Some((content_type, body)) = body {
            let headers = without_prototype();
            put(&headers, "content-type", &content_type.into());
            put(&options, "headers", &headers);
            put(&options, "method", &"POST".into());
            put(&options, "body", &body.into());
        }
        let request = web_sys::Request::new_with_str_and_init(&address, options.unchecked_ref());
        let request = Request::from(request.map_err(|_| lost())?);
        let response = request.send().await.map_err(|_| lost())?;
        let status = response.status();
        let content_type = response.headers().get("content-type").unwrap_or_default();
        let text = response.text().await.map_err(|_| lost())?;
        let expected = if is_script { "200 with a script" } else { "200 with resultCode 0" };
        let refused = |found: &str| Err(err(Code::VendorRejected, &name, expected, found));
        if status != 200 {
            return refused(&["HTTP ", &decimal(status.into())].concat());
        }
        if is_page(&content_type, &text) {
            return refused("that the proxy responded with a page");
        }
        if text.trim_ascii().is_empty() {
            return refused("an empty response");
        }
        Ok(JsValue::from(text))
    })
}

/// An object for options: what other code has put on `Object.prototype` is none.
fn without_prototype() -> Object {
    Object::create(JsValue::NULL.unchecked_ref())
}
