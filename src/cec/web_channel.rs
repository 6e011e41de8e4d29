//! The documented REST of an open chat, authenticated by the vendor's cookie (`vendor/huawei.md` §2).

use calldock_contract::{Code, Error, redact};
use gloo_net::http::{Method, RequestBuilder};
use js_sys::{JSON, Object};
use wasm_bindgen::JsValue;
use web_sys::RequestCredentials;

use super::options::ContextPath;
use crate::error::Failure;
use crate::host;
use crate::page::member;

/// Where it is, beneath the context path.
const REST: &str = "/rest/webadapter/v1/webadapterfacade/";

/// Asks one of its methods and returns the answer.
///
/// # Errors
/// [`Code::Network`]; [`Code::VendorRejected`] for another HTTP status than 200, for an answer that is
/// no JSON, and for a `resultCode` that is not `0`.
pub async fn ask(
    context: &ContextPath,
    method: &'static str,
    body: Option<&Object>,
) -> Result<JsValue, Failure> {
    let address = [&context.address, REST, method].concat();
    let verb = if body.is_some() { Method::POST } else { Method::GET };
    let mut request =
        RequestBuilder::new(&address).method(verb).credentials(RequestCredentials::Include);
    let sent = match body {
        Some(body) => {
            request = request.header("content-type", "application/json;charset=UTF-8");
            request.body(JSON::stringify(body).map(String::from).unwrap_or_default())
        }
        None => request.build(),
    };
    let unreachable =
        || Failure::from(Error::unexpected(Code::Network, method, "an answer", "no connection"));
    let answer = sent.map_err(|_| unreachable())?.send().await.map_err(|_| unreachable())?;
    let status = answer.status();
    let text = answer.text().await.map_err(|_| unreachable())?;
    host::log("call", &["chat.", method].concat(), &[("status", status.into())]);
    let refused = |found: &str| {
        Err(Error::unexpected(Code::VendorRejected, method, "200 with resultCode 0", found).into())
    };
    if status != 200 {
        return refused(&["HTTP ", &status.to_string()].concat());
    }
    let Ok(json) = JSON::parse(&text) else { return refused(&redact::text(&text)) };
    match member::text(&json, "resultCode") {
        Some(code) if code != "0" => {
            let told = redact::vendor_text(&member::text(&json, "resultDesc").unwrap_or_default());
            refused(&["resultCode ", &code, " \"", &told, "\""].concat())
        }
        _ => Ok(json),
    }
}

/// The body of `sendMessageForWebChannel`.
pub fn control(control_type: &str) -> Object {
    let body = Object::new();
    member::set(&body, "controlType", control_type);
    member::set(&body, "mediaType", "TEXT");
    member::set(&body, "content", "");
    member::set(&body, "userAgent", "PC");
    body
}
