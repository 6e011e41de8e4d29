//! The web chat, in Token and Authorization mode (seed 001, chapters 1 and 2).

use std::cell::Cell;
use std::rc::Rc;

use calldock_contract::cec_chat::{FIRST_SCRIPT, SECOND_SCRIPT};
use calldock_contract::{CecLogin, CecVoucher, Code, Error};
use js_sys::{Array, Date, Function, Object, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortSignal;

use super::cobrowse::{self, COBROWSE, COBROWSE_COMMON};
use super::globals::Globals;
use super::options::Options;
use super::report::Seen;
use super::scripts::{Fetch, refuse_a_second_run};
use super::{login, web_channel};
use crate::error::Failure;
use crate::host;
use crate::page::member;
use crate::page::progress::Progress;
use crate::page::script::Script;
use crate::page::{self, abort};

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
    let mut seen = Seen::begin();
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
    member::set(&data, login.voucher.body_member(), login.voucher.secret());
    member::set(&data, "thirdUserName", login.third_user_name.as_str());
    member::set(&data, "thirdUserId", login.third_user_id.as_str());
    member::set(&data, "tenantSpaceId", login.tenant_space_id.as_str());
    member::set(&data, "channelConfigId", login.channel_config_id.as_str());
    member::set(&data, "locale", options.locale.as_str());
    if let Some(service) = &options.map_service {
        member::set(&data, "mapService", service.as_str());
    }
    member::set(&data, "timestamp", Date::now());
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

#[wasm_bindgen]
impl ChatHandle {
    /// The visitor the chat was opened for.
    #[wasm_bindgen(getter, js_name = userId)]
    pub fn user_id(&self) -> String {
        self.user_id.clone()
    }

    /// What was seen, without a verdict.
    pub fn report(&self) -> Object {
        self.seen.report(&self.globals, &self.options)
    }

    /// Asks the documented REST: `control` is a control type, `click` a media ability.
    pub fn ask(&self, what: &str, value: &str) -> Promise {
        let context = self.options.context.clone();
        let (method, body) = match what {
            "control" => ("sendMessageForWebChannel", Some(web_channel::control(value))),
            "click" => {
                let body = Object::new();
                member::set(&body, "mediaAbility", value);
                ("createClickToCall", Some(body))
            }
            _ => ("queryChannelConfigByChannelAndId", None),
        };
        page::promise(async move { Ok(web_channel::ask(&context, method, body.as_ref()).await?) })
    }
}
