//! An `AbortSignal` as something to wait for.

use std::future::Future;
use std::pin::pin;

use calldock_contract::Code;
use futures_util::future::{Either, select};
use gloo_events::EventListener;
use js_sys::{Function, Promise};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortSignal;

use crate::error::Failure;

/// Does the work until it is done or the signal stops it. Stopped work is dropped, and whatever it had
/// started (listeners, timers, scripts) is undone by its guards.
///
/// # Errors
/// The work's own, or [`Code::Aborted`].
pub async fn unless_stopped<T>(
    stop: &AbortSignal,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    match select(pin!(stopped(stop)), pin!(work)).await {
        Either::Left(_) => Err(Failure::new(Code::Aborted, "the work was stopped by its signal")),
        Either::Right((result, _)) => result,
    }
}

async fn stopped(stop: &AbortSignal) {
    if stop.aborted() {
        return;
    }
    let mut told: Option<Function> = None;
    let promise = Promise::new(&mut |resolve, _| told = Some(resolve));
    let _listener = EventListener::once(stop.unchecked_ref(), "abort", move |_| {
        if let Some(told) = told {
            let _ = told.call0(&wasm_bindgen::JsValue::UNDEFINED);
        }
    });
    let _ = JsFuture::from(promise).await;
}
