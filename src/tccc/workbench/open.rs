//! Attempt after attempt, until one succeeds or none is left.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use calldock_contract::login::ScriptOptions;
use calldock_contract::{Code, Error, SdkLogin};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Function, Math, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortSignal;

use super::attempt::{self, Failed, Live, Next, Options};
use super::events::{Listeners, Subscriptions};
use super::handle::WorkbenchHandle;
use super::vendor::{self, Vendor};
use crate::error::Failure;
use crate::host;
use crate::page::fields::Fields;
use crate::page::progress::Progress;
use crate::page::{self, abort, login};

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
/// called with the number of the attempt and gives a `Response` or a login, or a promise of one; `hold`
/// is called with the agent before the vendor's script is run, and may refuse.
///
/// # Errors
/// A `CalldockError` with the attempts that failed before.
#[wasm_bindgen(js_name = openWorkbench)]
pub fn open_workbench(
    options: JsValue,
    ask: Function,
    hold: Function,
    stop: AbortSignal,
    progress: Progress,
) -> Promise {
    abort::promise(stop, progress.attempts(), async move {
        page::require_secure_context()?;
        let options = read(&options)?;
        let before = adopt()?;
        let listeners = Rc::new(Listeners::default());
        let opener = Opener { ask, hold };
        let live = opener.attempts(&options, &listeners, &before, &progress).await?;
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

/// What stands in the page before a login.
pub enum Before {
    /// No workbench.
    Nothing,
    /// One that the page has closed. It goes on, for the vendor publishes no destroy.
    Closed(Vendor, String),
    /// An open one, which is logged in anew: the same agent after its token expired, or another one.
    Open {
        /// Where it is; empty while it is being replaced.
        place: Rc<RefCell<Option<Live>>>,
        /// The agent it must be, if it must be the same.
        only: Option<String>,
    },
}

/// What to do about a vendor's workbench that stands in the page already; a half-started one of ours is
/// taken down.
///
/// # Errors
/// [`Code::AlreadyOpen`] for one that other code has injected.
fn adopt() -> Result<Before, Failure> {
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
        return Ok(Before::Nothing);
    };
    let running = RUNNING.with(|running| running.borrow().clone());
    match running {
        Some((vendor, user_id)) if vendor == present => Ok(Before::Closed(vendor, user_id)),
        _ if RAN.get() => {
            present.tear_down();
            Ok(Before::Nothing)
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

/// What the page gives to an opening.
pub struct Opener {
    /// Gives a login.
    pub ask: Function,
    /// Says whether this tab may have the agent.
    pub hold: Function,
}

impl Opener {
    /// Makes attempts until one succeeds.
    ///
    /// # Errors
    /// The last one's.
    pub async fn attempts(
        &self,
        options: &Options,
        listeners: &Rc<Listeners>,
        before: &Before,
        progress: &Progress,
    ) -> Result<Live, Failure> {
        let mut renewed = false;
        let mut attempt = 1;
        loop {
            let failed = match self.once(options, listeners, before, attempt, progress).await {
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
        &self,
        options: &Options,
        listeners: &Rc<Listeners>,
        before: &Before,
        attempt: u32,
        progress: &Progress,
    ) -> Result<Live, Failed> {
        let login = attempt::ask(&self.ask, attempt, progress).await?;
        if let Before::Open { only: Some(agent), .. } = before
            && *agent != login.user_id
        {
            let what = "the login: expected the agent whose token expired, found another agent";
            return Err(Failure::new(Code::LoginFailed, what).into());
        }
        let held = self.hold(&login);
        // The browser looks at the locks of all tabs; the element is made meanwhile.
        let script = attempt::prepare(&login, options);
        held.await?;
        match before {
            Before::Closed(vendor, agent) if *agent == login.user_id => {
                return reattach(vendor, agent, listeners);
            }
            Before::Closed(vendor, _) => vendor.tear_down(),
            Before::Open { place, .. } => {
                // Our subscriptions end while the vendor's global still stands.
                let old = place.borrow_mut().take();
                if let Some(vendor) = old.map(|live| live.vendor.clone()) {
                    vendor.tear_down();
                }
            }
            Before::Nothing => {}
        }
        forget_running();
        let live = attempt::start(script?, &login, options, listeners, progress).await?;
        let known = (live.vendor.clone(), live.user_id.clone());
        RUNNING.with(|running| *running.borrow_mut() = Some(known));
        Ok(live)
    }

    /// Asks for the agent at once: two tabs of one agent disturb each other at the vendor's.
    fn hold(&self, login: &SdkLogin) -> impl Future<Output = Result<(), Failure>> + use<> {
        let (app, agent) = (login.sdk_app_id.to_string(), login.user_id.as_str());
        let held = self.hold.call2(&JsValue::UNDEFINED, &app.into(), &agent.into());
        let held = held.map(|promise| Promise::resolve(&promise));
        async {
            match held {
                Ok(promise) => JsFuture::from(promise).await,
                Err(thrown) => Err(thrown),
            }
            .map(drop)
            .map_err(login::failed)
        }
    }
}

/// The page closed its workbench and opens it again: the vendor's script still runs.
fn reattach(vendor: &Vendor, agent: &str, listeners: &Rc<Listeners>) -> Result<Live, Failed> {
    host::log("workbench", "workbench.reattached", &[]);
    Ok(Live {
        vendor: vendor.clone(),
        user_id: agent.to_owned(),
        _subscriptions: Subscriptions::to(vendor, listeners)?,
        _script: None,
    })
}

/// Waits before the next attempt: 200 ms, then twice as long each time, give or take half of it, so
/// that many pages do not come back at once.
async fn back_off(attempt: u32) {
    let base = 200_u32 << (attempt - 1).min(4);
    TimeoutFuture::new((f64::from(base) * (0.5 + Math::random())) as u32).await;
}
