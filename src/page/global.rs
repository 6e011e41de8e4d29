//! Waits until a script has registered its global.

use calldock_contract::Code;
use gloo_timers::future::TimeoutFuture;
use js_sys::Date;
use wasm_bindgen::JsValue;

use crate::error::Failure;
use crate::page::fields;
use crate::page::member;

/// How often to look, in ms: a frame of a screen, so that nobody sees the wait.
const LOOK_EVERY: u32 = 16;

/// The first of `names` that the window has in the right shape, and under which name.
pub fn find(names: &[&'static str], fits: fn(&JsValue) -> bool) -> Option<(&'static str, JsValue)> {
    let window = js_sys::global();
    names.iter().find_map(|name| {
        let value = member::get(&window, name)?;
        fits(&value).then_some((*name, value))
    })
}

/// Looks again and again, for `patience` ms, because vendors register their global late.
///
/// # Errors
/// [`Code::GlobalMissing`], telling what stands under the name instead.
pub async fn wait_for(
    names: &[&'static str],
    fits: fn(&JsValue) -> bool,
    patience: u32,
) -> Result<(&'static str, JsValue), Failure> {
    // By the clock: timers of a hidden tab come late.
    let end = Date::now() + f64::from(patience);
    loop {
        if let Some(found) = find(names, fits) {
            return Ok(found);
        }
        if Date::now() >= end {
            return Err(missing(names));
        }
        TimeoutFuture::new(LOOK_EVERY).await;
    }
}

fn missing(names: &[&'static str]) -> Failure {
    let window = js_sys::global();
    let mut message = String::from("the vendor's script: expected it to register window.");
    message.push_str(&names.join(" or window."));
    message.push_str(", found ");
    let other = names
        .iter()
        .find_map(|name| member::get(&window, name).map(|value| (*name, fields::kind(&value))));
    match other {
        Some((name, kind)) => {
            for part in ["window.", name, " to be ", kind, " of another shape"] {
                message.push_str(part);
            }
        }
        None => message.push_str("none"),
    }
    Failure::new(Code::GlobalMissing, message)
}
