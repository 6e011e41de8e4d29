use std::cell::Cell;
use std::rc::Rc;

use calldock::page::abort;
use gloo_timers::future::TimeoutFuture;
use js_sys::Array;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::AbortController;

use crate::text;

struct Started(Rc<Cell<bool>>);

impl Drop for Started {
    fn drop(&mut self) {
        self.0.set(true);
    }
}

/// A promise of work that begins, waits and undoes what it began.
fn begin(stop: &AbortController, begun: &Rc<Cell<bool>>, undone: &Rc<Cell<bool>>) -> JsFuture {
    let (begun, started) = (begun.clone(), Started(undone.clone()));
    let promise = abort::promise(stop.signal(), Array::new(), async move {
        let _started = started;
        begun.set(true);
        TimeoutFuture::new(60_000).await;
        Ok(JsValue::NULL)
    });
    JsFuture::from(promise)
}

#[wasm_bindgen_test]
async fn work_that_ends_first_gives_its_result() {
    let stop = AbortController::new().unwrap();
    let promise = abort::promise(stop.signal(), Array::new(), async { Ok(7.into()) });
    assert_eq!(JsFuture::from(promise).await.unwrap(), 7);
}

#[wasm_bindgen_test]
async fn stopped_work_is_dropped_with_all_it_had_started() {
    let (stop, begun, undone) = (AbortController::new().unwrap(), Rc::default(), Rc::default());
    let work = begin(&stop, &begun, &undone);
    TimeoutFuture::new(5).await;
    assert!(begun.get() && !undone.get());
    stop.abort();
    assert_eq!(text(&work.await.unwrap_err(), "code"), "ABORTED");
    assert!(undone.get());
}

#[wasm_bindgen_test]
async fn a_signal_that_was_aborted_before_lets_nothing_begin() {
    let (stop, begun, undone) = (AbortController::new().unwrap(), Rc::default(), Rc::default());
    stop.abort();
    assert!(begin(&stop, &begun, &undone).await.is_err());
    assert!(!begun.get() && undone.get());
}
