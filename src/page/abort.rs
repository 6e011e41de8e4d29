//! An `AbortSignal` as something to wait for.

use std::future::Future;
use std::pin::{Pin, pin};

use calldock_contract::Code;
use futures_util::future::{Either, select};
use gloo_events::EventListener;
use js_sys::{Array, Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortSignal;

use crate::error::Failure;
use crate::page;

/// Work of any kind, boxed, so that what waits for it exists once.
type Work = Pin<Box<dyn Future<Output = Result<JsValue, Failure>>>>;

/// A promise of work that ends when it is done or when the signal stops it. Stopped work is dropped,
/// and whatever it had started (listeners, timers, scripts) is undone by its guards.
///
/// It rejects with the work's own failure or `ABORTED`; `attempts` is what had failed before.
pub fn promise(
    stop: AbortSignal,
    attempts: Array,
    work: impl Future<Output = Result<JsValue, Failure>> + 'static,
) -> Promise {
    let work: Work = Box::pin(work);
    page::promise(async move {
        unless_stopped(&stop, work).await.map_err(|failure| failure.into_js(&attempts))
    })
}

/// Does the work until it is done or the signal stops it.
///
/// # Errors
/// The work's own, or [`Code::Aborted`].
async fn unless_stopped(stop: &AbortSignal, work: Work) -> Result<JsValue, Failure> {
    match select(pin!(stopped(stop)), work).await {
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
            let _ = told.call0(&JsValue::UNDEFINED);
        }
    });
    let _ = JsFuture::from(promise).await;
}
