//! One attempt: one login, one script, one global, one `ready`.

use std::rc::Rc;

use calldock_contract::login::ScriptOptions;
use calldock_contract::{Code, Error, EventName, SdkAppId, SdkLogin, redact};
use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::events::{Listeners, Subscriptions};
use super::open;
use super::vendor::{self, Vendor};
use crate::error::Failure;
use crate::host;
use crate::page::fields::{self, Fields};
use crate::page::login::{self, Unusable};
use crate::page::progress::Progress;
use crate::page::script::{Prepared, Request, Script};

/// What a login has.
const MEMBERS: &str = "{token, sdkUrl, sdkAppId, userId}";

/// What an opening was asked with.
#[derive(Clone)]
pub struct Options {
    /// What the page says about the script.
    pub script: ScriptOptions,
    /// The nonce, where the page names it itself.
    pub nonce: Option<String>,
    /// How long, in ms, the global may be in coming after the script has run.
    pub patience: u32,
    /// How many attempts there may be.
    pub attempts: u32,
    /// Whether the login can be asked anew: one that was given as a literal cannot.
    pub renewable: bool,
}

/// A workbench that is up: the vendor's global, our subscriptions to it, our script.
pub struct Live {
    /// The vendor's global.
    pub vendor: Vendor,
    /// The agent who is logged in.
    pub user_id: String,
    /// Ours; dropped with this.
    pub _subscriptions: Subscriptions,
    /// Ours; dropped with this. A page that re-attached has none.
    pub _script: Option<Script>,
}

/// Why an attempt failed, and what may follow.
pub struct Failed {
    /// Why.
    pub failure: Failure,
    /// What may follow.
    pub next: Next,
}

/// What may follow a failed attempt.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Nothing: it would fail again, or the script has run already.
    Nothing,
    /// Another attempt with a new login.
    Again,
    /// One new login, because the vendor found the token expired.
    Renew,
}

impl<F: Into<Failure>> From<F> for Failed {
    fn from(failure: F) -> Self {
        Self { failure: failure.into(), next: Next::Nothing }
    }
}

impl From<Unusable> for Failed {
    fn from(unusable: Unusable) -> Self {
        let next = if unusable.again { Next::Again } else { Next::Nothing };
        Self { failure: unusable.failure, next }
    }
}

/// Asks the page for a login and reads it.
pub async fn ask(ask: &Function, attempt: u32, progress: &Progress) -> Result<SdkLogin, Failed> {
    let login = read(&login::ask(ask, attempt, MEMBERS, progress).await?)?;
    host::log(
        "login",
        "login.answered",
        &[
            ("attempt", attempt.into()),
            ("sdkUrl", redact::url(&login.sdk_url).into()),
            ("userId", redact::text(&login.user_id).into()),
        ],
    );
    Ok(login)
}

fn read(object: &JsValue) -> Result<SdkLogin, Error> {
    let fields = Fields::of("login", Code::LoginFailed, object);
    let login = SdkLogin {
        token: fields.text("token"),
        sdk_url: fields.text("sdkUrl"),
        sdk_app_id: sdk_app_id(&fields),
        user_id: fields.text("userId"),
        expires_at: None,
    };
    fields.done()?;
    login.validate()?;
    Ok(login)
}

fn sdk_app_id(fields: &Fields) -> SdkAppId {
    let value = fields.value("sdkAppId").unwrap_or_default();
    let number = match value.as_string() {
        Some(digits) => digits.parse().ok(),
        None => value.as_f64().and_then(SdkAppId::from_number),
    };
    number.unwrap_or_else(|| {
        fields.refuse("sdkAppId", "a positive number", fields::kind(&value));
        SdkAppId(0)
    })
}

/// Makes the element of the vendor's script for a login.
///
/// # Errors
/// As [`Script::prepare`].
pub fn prepare(login: &SdkLogin, options: &Options) -> Result<Prepared, Failure> {
    Script::prepare(Request {
        url: &login.sdk_url,
        dataset: &login.dataset(&options.script),
        nonce: options.nonce.as_deref(),
        named: ("login.sdkUrl", Code::LoginFailed),
        // As the vendor's own pages inject it (vendor/tccc.md §1).
        cors: true,
    })
}

/// Runs the vendor's script for a login and waits until the agent is logged in. Whatever fails after
/// the script has run leaves nothing of it behind.
pub async fn start(
    script: Prepared,
    login: &SdkLogin,
    options: &Options,
    listeners: &Rc<Listeners>,
    progress: &Progress,
) -> Result<Live, Failed> {
    progress.enter("script");
    host::log("script", "script.injected", &[("url", redact::url(&login.sdk_url).into())]);
    let script = script.inject().await.map_err(|failure| {
        let again = failure.error.code == Code::Network;
        Failed { failure, next: if again { Next::Again } else { Next::Nothing } }
    })?;
    open::has_run();
    host::log("script", "script.loaded", &[("url", redact::url(&login.sdk_url).into())]);

    let mut unready = Unready { vendor: None, kept: false };
    progress.enter("global");
    let vendor = Vendor::appear(options.patience).await.map_err(|mut failure| {
        if let Some(thrown) = script.thrown() {
            failure.error.message.push_str("; the script threw ");
            failure.error.message.push_str(&thrown);
        }
        failure
    })?;
    host::log("script", "global.found", &[("name", vendor.name().into())]);

    progress.enter("ready");
    unready.vendor = Some(vendor.clone());
    let subscriptions = until_ready(&vendor, listeners).await?;
    unready.kept = true;
    Ok(Live {
        vendor,
        user_id: login.user_id.clone(),
        _subscriptions: subscriptions,
        _script: Some(script),
    })
}

/// Takes the vendor's half-started workbench down unless it is kept: the next open starts afresh. Its
/// element may stand in the page though its global never came.
struct Unready {
    vendor: Option<Vendor>,
    kept: bool,
}

impl Drop for Unready {
    fn drop(&mut self) {
        match &self.vendor {
            _ if self.kept => {}
            Some(vendor) => vendor.tear_down(),
            None => vendor::remove_interface(),
        }
    }
}

/// Subscribes, and waits for the vendor's yes or no to the token.
async fn until_ready(vendor: &Vendor, listeners: &Rc<Listeners>) -> Result<Subscriptions, Failed> {
    let mut ours = Vec::new();
    let answer = Promise::new(&mut |yes, no| {
        ours.push(listeners.add(EventName::Ready, yes, true));
        ours.push(listeners.add(EventName::TokenExpired, no, true));
    });
    let subscriptions = Subscriptions::to(vendor, listeners)?;
    let answer = JsFuture::from(answer).await;
    for id in ours {
        listeners.remove(id);
    }
    if answer.is_ok() {
        return Ok(subscriptions);
    }
    Err(Failed {
        failure: Failure::new(
            Code::TokenExpired,
            "the login: expected a token the vendor accepts, found 'tokenExpired' at the start",
        ),
        next: Next::Renew,
    })
}
