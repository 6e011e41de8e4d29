//! Attempt after attempt, until one succeeds or none is left.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use calldock_contract::login::ScriptOptions;
use calldock_contract::{Code, Error};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Function, Math, Promise};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::attempt::{self, Failed, Live, Next, Options};
use super::events::{Listeners, Subscriptions};
use super::handle::WorkbenchHandle;
use super::vendor::{self, Vendor};
use crate::error::Failure;
use crate::host;
use crate::page::fields::Fields;
use crate::page::progress::Progress;
use crate::page::{self, abort};

thread_local! {
    /// Whether a script of ours has ever run here: then a vendor's global is ours to take down.
    static RAN: Cell<bool> = const { Cell::new(false) };
    /// The workbench that is logged in, and its agent. It goes on after `close()`, for the vendor
    /// publishes no destroy; the next open finds it here.
    static RUNNING: RefCell<Option<(Vendor, String)>> = const { RefCell::new(None) };
}

/// Opens the workbench.
///
/// `options` is `{showWorkbenchAtFirstLogin?, renderDomId?, nonce?, timeoutMs, attempts, renewable?}`; `ask` is
/// called with the number of the attempt and gives a `Response` or a login, or a promise of one.
///
/// # Errors
/// A `CalldockError` with the attempts that failed before.
#[wasm_bindgen(js_name = openWorkbench)]
pub fn open_workbench(
    options: JsValue,
    ask: Function,
    stop: AbortSignal,
    progress: Progress,
) -> Promise {
    abort::promise(stop, progress.attempts(), async move {
        page::require_secure_context()?;
        let options = read(&options)?;
        let running = adopt()?;
        let listeners = Rc::new(Listeners::default());
        let live = attempts(&options, &ask, &listeners, running, &progress).await?;
        host::log("workbench", "workbench.ready", &[]);
        Ok(WorkbenchHandle::new(live, listeners, options).into())
    })
}

fn read(options: &JsValue) -> Result<Options, Error> {
    let fields = Fields::of("options", Code::InvalidOption, options);
    let options = Options {
        script: ScriptOptions {
            show_workbench_at_first_login: fields.optional_bool("showWorkbenchAtFirstLogin"),
            render_dom_id: fields.optional_text("renderDomId"),
        },
        nonce: fields.optional_text("nonce"),
        // The rest of the time belongs to the login, the script and `ready`.
        patience: (fields.number("timeoutMs") / 2.0).min(5000.0) as u32,
        attempts: fields.number("attempts") as u32,
        renewable: fields.optional_bool("renewable").unwrap_or(true),
    };
    fields.done()?;
    Ok(options)
}

/// What to do about a vendor's workbench that stands in the page already: nothing stands there, or the
/// running workbench of an earlier open; a half-started one of ours is taken down.
///
/// # Errors
/// [`Code::AlreadyOpen`] for one that other code has injected.
fn adopt() -> Result<Option<(Vendor, String)>, Failure> {
    let foreign = |what: &str| {
        let expected = "none before the workbench is opened";
        let found = "one that other code of the page has injected";
        Err(Error::unexpected(Code::AlreadyOpen, what, expected, found).into())
    };
    let Some(present) = Vendor::present() else {
        // The vendor draws before it registers its global.
        if vendor::interface().is_some() && !RAN.get() {
            return foreign("the vendor's element");
        }
        vendor::remove_interface();
        return Ok(None);
    };
    let running = RUNNING.with(|running| running.borrow().clone());
    match running {
        Some(running) if running.0 == present => Ok(Some(running)),
        _ if RAN.get() => {
            present.tear_down();
            Ok(None)
        }
        _ => foreign(&["window.", present.name()].concat()),
    }
}

/// Notes that a script of ours has run: what it leaves is ours to take down.
pub fn has_run() {
    RAN.set(true);
}

/// The running workbench is logged out: whoever opens next must not attach to it.
pub fn forget_running() {
    RUNNING.with(|running| *running.borrow_mut() = None);
}

/// Makes attempts until one succeeds.
pub async fn attempts(
    options: &Options,
    ask: &Function,
    listeners: &Rc<Listeners>,
    running: Option<(Vendor, String)>,
    progress: &Progress,
) -> Result<Live, Failure> {
    let mut renewed = false;
    let mut attempt = 1;
    loop {
        let failed = match once(options, ask, listeners, running.clone(), attempt, progress).await {
            Ok(live) => return Ok(live),
            Err(failed) => failed,
        };
        let error = &failed.failure.error;
        host::log(
            "error",
            "attempt.failed",
            &[
                ("attempt", attempt.into()),
                ("code", error.code.as_str().into()),
                ("message", error.message.as_str().into()),
            ],
        );
        match failed.next {
            Next::Renew if !renewed && options.renewable => renewed = true,
            Next::Again if attempt < options.attempts => back_off(attempt).await,
            _ => return Err(failed.failure),
        }
        progress.failed(&failed.failure.error);
        attempt += 1;
    }
}

async fn once(
    options: &Options,
    ask: &Function,
    listeners: &Rc<Listeners>,
    running: Option<(Vendor, String)>,
    attempt: u32,
    progress: &Progress,
) -> Result<Live, Failed> {
    let login = attempt::ask(ask, attempt, progress).await?;
    let Some((vendor, user_id)) = running else {
        let live = attempt::start(&login, options, listeners, progress).await?;
        let known = (live.vendor.clone(), live.user_id.clone());
        RUNNING.with(|running| *running.borrow_mut() = Some(known));
        return Ok(live);
    };
    if user_id != login.user_id {
        return Err(Failed::from(Error::unexpected(
            Code::AlreadyOpen,
            "the login",
            "the agent whose workbench runs on this page",
            "another agent",
        )));
    }
    // The page closed its workbench and opens it again: the vendor's script still runs.
    host::log("workbench", "workbench.reattached", &[]);
    let subscriptions = Subscriptions::to(&vendor, listeners)?;
    Ok(Live { vendor, user_id, _subscriptions: subscriptions, _script: None })
}

/// Waits before the next attempt: 200 ms, then twice as long each time, give or take half of it, so
/// that many pages do not come back at once.
async fn back_off(attempt: u32) {
    let base = 200_u32 << (attempt - 1).min(4);
    TimeoutFuture::new((f64::from(base) * (0.5 + Math::random())) as u32).await;
}
