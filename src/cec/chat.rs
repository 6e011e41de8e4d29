//! The web chat, in Token and Authorization mode (seed 001, chapters 1 and 2).

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use calldock_contract::cec_chat::{FIRST_SCRIPT, SECOND_SCRIPT, USER_ID_ADVICE, is_page};
use calldock_contract::{CecLogin, CecVoucher, Code, Error};
use gloo_net::http::Request;
use js_sys::{Array, Date, Function, JSON, JsString, Object, Promise, Reflect, RegExp};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, RequestCredentials};

use super::cobrowse::{self, COBROWSE, COBROWSE_COMMON};
use super::globals::Globals;
use super::options::Options;
use super::{login, web_channel};
use crate::error::Failure;
use crate::host;
use crate::page::policy::{Wanted, Watch};
use crate::page::progress::Progress;
use crate::page::script::Script;
use crate::page::{self, abort, inline};

/// The vendor's scripts, beneath the context path.
const SCRIPTS: &str = "/webclient/chat_client/js/";

/// The cookie the vendor sets with its answer.
const COOKIE: &str = "ccmessaging-token";

thread_local! {
    /// The visitor whose chat has begun to run: the scripts run once a page.
    static RAN: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// A script of the vendor's that was run.
struct Run {
    name: &'static str,
    bytes: usize,
    thrown: Option<String>,
}

/// What was seen so far.
#[derive(Default)]
struct Seen {
    warnings: Vec<(&'static str, String)>,
    runs: Vec<Run>,
    nodes_before: u32,
}

/// An open chat. `js/cec/chat.ts` types it for the page.
#[wasm_bindgen]
pub struct ChatHandle {
    options: Rc<Options>,
    globals: Globals,
    seen: Seen,
    user_id: String,
    _cobrowse: Vec<Script>,
    _third_validate: Closure<dyn Fn(JsValue)>,
}

/// Opens the chat.
///
/// `options` is read by [`Options::read`]; `ask` gives a login.
///
/// # Errors
/// A `CalldockError`; a chat whose scripts have not run may be opened again.
#[wasm_bindgen(js_name = openChat)]
pub fn open_chat(
    options: JsValue,
    ask: Function,
    stop: AbortSignal,
    progress: Progress,
) -> Promise {
    abort::promise(stop.clone(), Array::new(), async move {
        open(&options, &ask, &stop, &progress).await.map(JsValue::from)
    })
}

async fn open(
    options: &JsValue,
    ask: &Function,
    stop: &AbortSignal,
    progress: &Progress,
) -> Result<ChatHandle, Failure> {
    page::require_secure_context()?;
    let options = Rc::new(Options::read(options)?);
    let mut seen = Seen { nodes_before: nodes(), ..Seen::default() };
    seen.look_at_the_page(&options)?;
    let login = login::ask(ask, progress).await?;
    seen.look_at_the_login(&login);
    refuse_a_second_run(&login)?;

    let mut cobrowse = Vec::new();
    if options.cobrowse {
        progress.enter("cobrowse");
        for path in [COBROWSE, COBROWSE_COMMON] {
            cobrowse.push(cobrowse::load(&options.context, path, options.nonce.as_deref()).await?);
        }
    }

    let user_data = user_data(&login, &options);
    let called = Rc::new(Cell::new(false));
    let (third_validate, asked) = third_validate(called.clone());
    let globals = Globals::assign(&login, &options, &user_data, third_validate.as_ref());
    let fetch = Fetch { options: &options, login: &login, stop, progress };
    let second = if matches!(login.voucher, CecVoucher::Token { .. }) || options.both_scripts {
        let first = fetch.run(FIRST_SCRIPT, &user_data).await?;
        // The guide's page offers thirdValidate and never calls it: the first script does.
        progress.enter("thirdValidate");
        if let Some(thrown) = first.thrown.as_deref().filter(|_| !called.get()) {
            let expected = "it to call thirdValidate";
            let found = ["it throw \"", thrown, "\""].concat();
            return Err(
                Error::unexpected(Code::VendorRejected, FIRST_SCRIPT, expected, &found).into()
            );
        }
        seen.runs.push(first);
        match JsFuture::from(asked).await.ok().filter(JsValue::is_object) {
            Some(theirs) => theirs.unchecked_into(),
            None => user_data,
        }
    } else {
        user_data
    };
    seen.runs.push(fetch.run(SECOND_SCRIPT, &second).await?);
    host::log("workbench", "chat.open", &[("mode", login.voucher.mode().into())]);
    Ok(ChatHandle {
        user_id: login.third_user_id,
        options,
        globals,
        seen,
        _cobrowse: cobrowse,
        _third_validate: third_validate,
    })
}

/// The body of both requests, in the guide's order.
fn user_data(login: &CecLogin, options: &Options) -> Object {
    let data = Object::new();
    host::set(&data, login.voucher.body_member(), login.voucher.secret());
    host::set(&data, "thirdUserName", login.third_user_name.as_str());
    host::set(&data, "thirdUserId", login.third_user_id.as_str());
    host::set(&data, "tenantSpaceId", login.tenant_space_id.as_str());
    host::set(&data, "channelConfigId", login.channel_config_id.as_str());
    host::set(&data, "locale", options.locale.as_str());
    if let Some(service) = &options.map_service {
        host::set(&data, "mapService", service.as_str());
    }
    host::set(&data, "timestamp", Date::now());
    data
}

/// The global the first script calls, and a promise of what it is called with; `called` becomes true.
fn third_validate(called: Rc<Cell<bool>>) -> (Closure<dyn Fn(JsValue)>, Promise) {
    let mut tell: Option<Function> = None;
    let asked = Promise::new(&mut |resolve, _| tell = Some(resolve));
    let global = Closure::<dyn Fn(JsValue)>::new(move |data: JsValue| {
        called.set(true);
        if let Some(tell) = &tell {
            let _ = tell.call1(&JsValue::UNDEFINED, &data);
        }
    });
    (global, asked)
}

/// # Errors
/// [`Code::AlreadyOpen`]: the vendor's scripts cannot run twice in one page.
fn refuse_a_second_run(login: &CecLogin) -> Result<(), Failure> {
    let Some(user_id) = RAN.with(|ran| ran.borrow().clone()) else { return Ok(()) };
    let found = if user_id == login.third_user_id {
        "one that has run already"
    } else {
        "one that has run already for another visitor"
    };
    let expected = "a page in which the vendor's chat has not run";
    Err(Error::unexpected(Code::AlreadyOpen, "the chat", expected, found).into())
}

/// How the vendor's scripts are fetched and run.
struct Fetch<'a> {
    options: &'a Options,
    login: &'a CecLogin,
    stop: &'a AbortSignal,
    progress: &'a Progress,
}

impl Fetch<'_> {
    async fn run(&self, name: &'static str, user_data: &Object) -> Result<Run, Failure> {
        self.progress.enter(name);
        let text = self.text(name, user_data).await?;
        host::log("script", "script.injected", &[("url", name.into())]);
        let before = RAN.replace(Some(self.login.third_user_id.clone()));
        let thrown = inline::run(&text, self.options.nonce.as_deref()).await.inspect_err(|_| {
            // It has not run, so the page may try again.
            RAN.set(before);
        })?;
        if let Some(thrown) = &thrown {
            host::log(
                "error",
                "script.threw",
                &[("url", name.into()), ("message", thrown.as_str().into())],
            );
        }
        Ok(Run { name, bytes: text.len(), thrown })
    }

    async fn text(&self, name: &str, user_data: &Object) -> Result<String, Failure> {
        let context = &self.options.context;
        let address =
            [&context.address, SCRIPTS, name, "?&t=", &(Date::now() as u64).to_string()].concat();
        let watch = Watch::on(Wanted::RequestTo(context.origin.clone()))?;
        let body = JSON::stringify(user_data).unwrap_or_else(|_| JsString::from("{}"));
        let request = Request::post(&address)
            .credentials(RequestCredentials::Include)
            .header("content-type", self.options.content_type)
            .abort_signal(Some(self.stop))
            .body(body);
        let answer = match request {
            Ok(request) => request.send().await,
            Err(error) => Err(error),
        };
        let Ok(answer) = answer else {
            return Err(match watch.failure().await {
                Some(refusal) => refusal.into(),
                None => unreachable(name, context.is_foreign),
            });
        };
        let (status, ok) = (answer.status(), answer.ok());
        let kind = answer.headers().get("content-type").unwrap_or_default();
        let text = answer.text().await.map_err(|_| unreachable(name, context.is_foreign))?;
        host::log("script", "script.fetched", &[("url", name.into()), ("status", status.into())]);
        let refused = |found: &str| {
            Err(Error::unexpected(Code::VendorRejected, name, "200 with a script", found).into())
        };
        if !ok {
            return refused(&["HTTP ", &status.to_string()].concat());
        }
        if is_page(&kind, &text) {
            return refused("that the proxy answered with a page");
        }
        if text.trim().is_empty() {
            return refused("an empty answer");
        }
        Ok(text)
    }
}

fn unreachable(name: &str, is_foreign: bool) -> Failure {
    let found = if is_foreign {
        "no connection, or an origin that does not allow this page: use a proxy on the page's own"
    } else {
        "no connection"
    };
    Error::unexpected(Code::Network, name, "an answer", found).into()
}

impl Seen {
    fn warn(&mut self, code: &'static str, text: &str) {
        host::log("workbench", "chat.warning", &[("code", code.into()), ("text", text.into())]);
        self.warnings.push((code, text.into()));
    }

    fn look_at_the_page(&mut self, options: &Options) -> Result<(), Failure> {
        if options.context.is_foreign {
            self.warn(
                "CROSS_ORIGIN",
                "contextPath is of another origin: browsers keep the vendor's cookie only on the page's own; serve /service-cloud by a proxy there",
            );
        }
        if is_phone() {
            let text = "the vendor's chat is made for PC browsers, and this is a phone";
            if options.refuse_phones {
                return Err(Failure::new(
                    Code::UnsupportedBrowser,
                    "the browser: expected one of a PC, found a phone's",
                ));
            }
            self.warn("PHONE", text);
        }
        Ok(())
    }

    fn look_at_the_login(&mut self, login: &CecLogin) {
        let length = login.third_user_id.chars().count();
        if length > USER_ID_ADVICE {
            let text = ["thirdUserId has ", &length.to_string(), " characters; keep it to 32"];
            self.warn("LONG_USER_ID", &text.concat());
        }
    }
}

fn is_phone() -> bool {
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into()).unwrap_or_default();
    let hints = Reflect::get(&navigator, &"userAgentData".into()).unwrap_or_default();
    if hints.is_object() {
        return Reflect::get(&hints, &"mobile".into()).is_ok_and(|mobile| mobile.is_truthy());
    }
    let agent = Reflect::get(&navigator, &"userAgent".into()).unwrap_or_default();
    let agent = agent.as_string().unwrap_or_default();
    RegExp::new("Android|iPhone|iPad|Mobile", "").test(&agent)
}

fn nodes() -> u32 {
    let count = |element: Option<web_sys::Element>| element.map_or(0, |e| e.child_element_count());
    page::document().map_or(0, |document| {
        count(document.head().map(Into::into)) + count(document.body().map(Into::into))
    })
}

#[wasm_bindgen]
impl ChatHandle {
    /// The visitor the chat was opened for.
    #[wasm_bindgen(getter, js_name = userId)]
    pub fn user_id(&self) -> String {
        self.user_id.clone()
    }

    /// What was seen, without a verdict.
    pub fn report(&self) -> Object {
        let report = Object::new();
        let scripts = Array::new();
        for run in &self.seen.runs {
            let script = Object::new();
            host::set(&script, "name", run.name);
            host::set(&script, "bytes", run.bytes as f64);
            host::set(&script, "threw", run.thrown.clone());
            scripts.push(&script);
        }
        let warnings = Array::new();
        for (code, text) in &self.seen.warnings {
            let warning = Object::new();
            host::set(&warning, "code", *code);
            host::set(&warning, "text", text.as_str());
            warnings.push(&warning);
        }
        let cookies = page::document()
            .ok()
            .and_then(|document| Reflect::get(&document, &"cookie".into()).ok()?.as_string())
            .unwrap_or_default();
        let visible = cookies
            .split(';')
            .any(|cookie| cookie.split_once('=').is_some_and(|(name, _)| name.trim() == COOKIE));
        host::set(&report, "scripts", scripts);
        host::set(&report, "globals", self.globals.present());
        host::set(&report, "nodesAdded", f64::from(nodes()) - f64::from(self.seen.nodes_before));
        host::set(&report, "cookieVisible", visible);
        host::set(&report, "crossOrigin", self.options.context.is_foreign);
        host::set(&report, "warnings", warnings);
        report
    }

    /// Asks the documented REST: `control` is a control type, `click` a media ability.
    pub fn ask(&self, what: &str, value: &str) -> Promise {
        let context = self.options.context.clone();
        let (method, body) = match what {
            "control" => ("sendMessageForWebChannel", Some(web_channel::control(value))),
            "click" => {
                let body = Object::new();
                host::set(&body, "mediaAbility", value);
                ("createClickToCall", Some(body))
            }
            _ => ("queryChannelConfigByChannelAndId", None),
        };
        page::promise(async move { Ok(web_channel::ask(&context, method, body.as_ref()).await?) })
    }
}
