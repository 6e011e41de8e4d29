//! The page's side of CEC's chat: globals assigned and restored, scripts injected and run.
//!
//! Values are assigned, never written into source text: the guide's sample builds
//! `var userName = '…'` and so runs a visitor's name as code.

use std::cell::RefCell;

use calldock_contract::tables::cec::{COBROWSE, COBROWSE_COMMON};
use calldock_contract::text::context_path::context_path;
use calldock_contract::{CecLogin, CecVoucher, Code, redact};
use js_sys::{Array, Date, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{AbortSignal, HtmlScriptElement, Url, Window};

use super::request;
use crate::abi::{err, fail};
use crate::inject::{self, Script};

/// A chat of one page. Nothing of it happens by itself: each method is one step, and `js/cec/` calls
/// them in their order.
#[wasm_bindgen]
pub struct CecChat {
    window: Window,
    context: String,
    locale: String,
    map_service: Option<String>,
    nonce: Option<String>,
    json: bool,
    slash: bool,
    login: Option<CecLogin>,
    before: RefCell<Vec<(String, JsValue)>>,
}

#[wasm_bindgen]
impl CecChat {
    /// Prepares a chat. `address` is the whole address of the context path; `json` is the content type of
    /// the requests, `slash` whether `$aicc_ContextPath` ends in one.
    ///
    /// # Errors
    /// [`Code::InvalidOption`] for an address under which CEC cannot respond.
    #[wasm_bindgen(constructor)]
    pub fn new(
        window: Window,
        address: &str,
        locale: String,
        map_service: Option<String>,
        nonce: Option<String>,
        json: bool,
        slash: bool,
    ) -> Result<CecChat, JsValue> {
        let context = context(address)?;
        Ok(Self {
            window,
            context,
            locale,
            map_service,
            nonce,
            json,
            slash,
            login: None,
            before: RefCell::default(),
        })
    }

    /// Sets who chats, and what vouches for it: `secret` is the token or the authorization.
    #[wasm_bindgen(js_name = setLogin)]
    pub fn set_login(
        &mut self,
        is_token: bool,
        secret: String,
        third_user_id: String,
        third_user_name: String,
        tenant_space_id: String,
        channel_config_id: String,
    ) {
        let voucher = match is_token {
            true => CecVoucher::Token { token: secret },
            false => CecVoucher::Authorization { authorization: secret },
        };
        self.login = Some(CecLogin {
            voucher,
            third_user_id,
            third_user_name,
            tenant_space_id,
            channel_config_id,
        });
    }

    /// The address under which CEC responds, without a slash at its end.
    #[wasm_bindgen(getter)]
    pub fn address(&self) -> String {
        self.context.clone()
    }

    /// Makes the body of the requests for the scripts, in the guide's order.
    #[wasm_bindgen(js_name = userData)]
    pub fn user_data(&self) -> Object {
        let data = Object::new();
        let put = |name: &str, value: JsValue| Reflect::set(&data, &name.into(), &value).is_ok();
        if let Some(login) = &self.login {
            put(login.voucher.body_member(), login.voucher.secret().into());
            put("thirdUserName", (&login.third_user_name).into());
            put("thirdUserId", (&login.third_user_id).into());
            put("tenantSpaceId", (&login.tenant_space_id).into());
            put("channelConfigId", (&login.channel_config_id).into());
        }
        put("locale", (&self.locale).into());
        if let Some(service) = &self.map_service {
            put("mapService", service.into());
        }
        put("timestamp", Date::now().into());
        data
    }

    /// Assigns what the vendor's scripts find on the window: the integrator's own values (`names` and
    /// `values`), then everything the guide names. Returns the names that were assigned.
    pub fn assign(
        &self,
        names: Vec<String>,
        values: &Array,
        user_data: &Object,
        third_validate: &Function,
        import_script: &Function,
    ) -> Vec<String> {
        for (at, name) in names.iter().enumerate() {
            self.put(name, &values.get(at as u32));
        }
        if let Some(login) = &self.login {
            self.put("configId", &(&login.channel_config_id).into());
            self.put("userId", &(&login.third_user_id).into());
            self.put("userName", &(&login.third_user_name).into());
            self.put("tenantSpaceId", &(&login.tenant_space_id).into());
            if let CecVoucher::Token { token } = &login.voucher {
                self.put("token", &token.into());
            }
        }
        let slash = if self.slash { "/" } else { "" };
        self.put("locale", &(&self.locale).into());
        self.put("$ContextPath", &(&self.context).into());
        self.put("$aicc_ContextPath", &[&self.context, slash].concat().into());
        self.put("thirdUserData", user_data);
        self.put("thirdValidate", third_validate);
        self.put("importScript", import_script);
        self.before.borrow().iter().map(|(name, _)| name.clone()).collect()
    }

    /// Puts back what was on the window before.
    pub fn restore(&self) {
        for (name, before) in self.before.take().into_iter().rev() {
            let name = JsValue::from(name);
            // A page may refuse: a frozen window, a setter that throws.
            let _ = match before.is_undefined() {
                true => Reflect::delete_property(&self.window, &name),
                false => Reflect::set(&self.window, &name, &before),
            };
        }
    }

    /// Runs a text as a script of the page, once; returns whether it ran to its end.
    ///
    /// # Errors
    /// As [`inject::run_once`].
    pub fn run(&self, text: &str) -> Result<bool, JsValue> {
        inject::run_once(&self.window, text, self.nonce.as_deref())
    }

    /// Injects one of the two cobrowsing scripts: the vendor's own, or (`common`) the chat page's.
    ///
    /// # Errors
    /// As [`inject::inject`].
    pub fn cobrowse(&self, common: bool) -> Result<HtmlScriptElement, JsValue> {
        let path = if common { COBROWSE_COMMON } else { COBROWSE };
        let script = Script {
            url: &[&self.context, path].concat(),
            dataset: &[],
            nonce: self.nonce.as_deref(),
            cross_origin: false,
            named: ("contextPath", Code::InvalidOption),
        };
        inject::inject(&self.window, &script)
    }

    /// Requests one of the vendor's scripts; resolves to its text.
    ///
    /// # Errors
    /// [`Code::Network`]; [`Code::VendorRejected`] for anything but a script.
    pub fn fetch(&self, name: String, body: String, stop: AbortSignal) -> Promise {
        request::script(&self.context, name, body, self.json, stop)
    }

    /// Sends a command to the documented REST interface; resolves to the text of the response. `value` is
    /// a control type or a media ability.
    ///
    /// # Errors
    /// [`Code::Network`]; [`Code::VendorRejected`] for another HTTP status than 200.
    pub fn command(&self, method: String, value: &str, stop: AbortSignal) -> Promise {
        request::command(&self.context, method, value, stop)
    }
}

impl CecChat {
    /// Assigns one global and keeps what was there before. No borrow is held while the page's own code (a
    /// getter, a setter) may run.
    fn put(&self, name: &str, value: &JsValue) {
        let key = JsValue::from(name);
        let before = Reflect::get(&self.window, &key).unwrap_or_default();
        if Reflect::set(&self.window, &key, value).unwrap_or_default() {
            self.before.borrow_mut().push((name.into(), before));
        }
    }
}

/// The address under which CEC responds, without a slash at its end.
fn context(address: &str) -> Result<String, JsValue> {
    let url = Url::new(address).ok().filter(|url| {
        inject::is_safe(url) && url.search().is_empty() && url.hash().is_empty()
    });
    let Some(url) = url else {
        let expected = "a path or an https address with /service-cloud (http only for localhost)";
        return Err(err(Code::InvalidOption, "contextPath", expected, &redact::url(address)));
    };
    let path = url.pathname();
    Ok([&url.origin(), context_path(&path).map_err(fail)?].concat())
}
