use std::cell::Cell;
use std::rc::Rc;

use calldock::error::Failure;
use calldock::page::abort::unless_stopped;
use calldock_contract::Code;
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::AbortController;

struct Started(Rc<Cell<bool>>);

impl Drop for Started {
    fn drop(&mut self) {
        self.0.set(true);
    }
}

#[wasm_bindgen_test]
async fn work_that_ends_first_gives_its_result() {
    let stop = AbortController::new().unwrap();
    let result = unless_stopped(&stop.signal(), async { Ok::<_, Failure>(7) }).await;
    assert_eq!(result.ok(), Some(7));
}

#[wasm_bindgen_test]
async fn stopped_work_is_dropped_at_once_with_all_it_had_started() {
    let (stop, undone) = (AbortController::new().unwrap(), Rc::new(Cell::new(false)));
    let started = Started(undone.clone());
    let work = async move {
        let _started = started;
        TimeoutFuture::new(60_000).await;
        Ok::<_, Failure>(())
    };
    let signal = stop.signal();
    let stopper = async {
        TimeoutFuture::new(5).await;
        stop.abort();
    };
    let (result, ()) = futures_util::future::join(unless_stopped(&signal, work), stopper).await;
    assert_eq!(result.unwrap_err().error.code, Code::Aborted);
    assert!(undone.get());
}

#[wasm_bindgen_test]
async fn a_signal_that_was_aborted_before_lets_nothing_begin() {
    let (stop, begun) = (AbortController::new().unwrap(), Cell::new(false));
    stop.abort();
    let work = async {
        begun.set(true);
        Ok::<_, Failure>(())
    };
    assert!(unless_stopped(&stop.signal(), work).await.is_err());
    assert!(!begun.get());
}
