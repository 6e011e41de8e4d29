//! The page's side of CEC's chat: globals assigned and restored, scripts injected and run.
//!
//! Values are assigned, never written into source text: the guide's sample builds
//! `var userName = '…'` and so runs a visitor's name as code.

use std::cell::RefCell;

use calldock_contract::Code;
use calldock_contract::tables::cec::{COBROWSE, COBROWSE_COMMON};
use calldock_contract::text::context_path::context_address;
use js_sys::{Date, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{AbortSignal, HtmlScriptElement, Window};

use super::request;
use crate::abi::fail;
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
    login: Option<Login>,
    before: RefCell<Vec<(String, JsValue)>>,
}

/// The visitor, and the proof of the visitor's identity.
struct Login {
    is_token: bool,
    secret: String,
    third_user_id: String,
    third_user_name: String,
    tenant_space_id: String,
    channel_config_id: String,
}

#[wasm_bindgen]
impl CecChat {
    /// Prepares a chat. `address` is the whole address of the context path.
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
    ) -> Result<CecChat, JsValue> {
        let context = context_address(address).map_err(fail)?.into();
        let before = RefCell::default();
        Ok(Self { window, context, locale, map_service, nonce, login: None, before })
    }

    /// Sets who chats; `secret` is the token or the authorization.
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
        self.login = Some(Login {
            is_token,
            secret,
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
        let put = |name: &str, value: &JsValue| {
            let _ = Reflect::set(&data, &name.into(), value);
        };
        if let Some(login) = &self.login {
            let credential =
                if login.is_token { "thirdUserToken" } else { "thirdPartAuthorization" };
            for (name, value) in [
                (credential, &login.secret),
                ("thirdUserName", &login.third_user_name),
                ("thirdUserId", &login.third_user_id),
                ("tenantSpaceId", &login.tenant_space_id),
                ("channelConfigId", &login.channel_config_id),
                ("locale", &self.locale),
            ] {
                put(name, &value.into());
            }
        }
        if let Some(service) = &self.map_service {
            put("mapService", &service.into());
        }
        put("timestamp", &Date::now().into());
        data
    }

    /// Assigns what the guide names. `slash` is whether `$aicc_ContextPath` ends in one.
    pub fn assign(
        &self,
        slash: bool,
        user_data: &Object,
        third_validate: &Function,
        import_script: &Function,
    ) {
        let aicc = [self.context.as_str(), if slash { "/" } else { "" }].concat();
        if let Some(login) = &self.login {
            for (name, value) in [
                ("configId", &login.channel_config_id),
                ("userId", &login.third_user_id),
                ("userName", &login.third_user_name),
                ("tenantSpaceId", &login.tenant_space_id),
                ("locale", &self.locale),
                ("$ContextPath", &self.context),
                ("$aicc_ContextPath", &aicc),
                ("token", &login.secret),
            ] {
                if login.is_token || name != "token" {
                    self.put(name, &value.into());
                }
            }
        }
        self.put("thirdUserData", user_data);
        self.put("thirdValidate", third_validate);
        self.put("importScript", import_script);
    }

    /// Assigns one global and keeps what was there before. No borrow is held while the page's own code (a
    /// getter, a setter) may run.
    pub fn put(&self, name: &str, value: &JsValue) {
        let key = JsValue::from(name);
        let before = Reflect::get(&self.window, &key).unwrap_or_default();
        if Reflect::set(&self.window, &key, value).unwrap_or_default() {
            self.before.borrow_mut().push((name.into(), before));
        }
    }

    /// The names of the globals that were assigned, one in a line.
    pub fn names(&self) -> String {
        let mut names = String::new();
        for (name, _) in &*self.before.borrow() {
            names.push_str(name);
            names.push('\n');
        }
        names
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
            dataset: None,
            nonce: self.nonce.as_deref(),
            cross_origin: false,
            in_order: true,
            named: ("contextPath", Code::InvalidOption),
        };
        inject::inject(&self.window, &script)
    }

    /// Requests one of the vendor's scripts; resolves to its text. `json` is the content type.
    ///
    /// # Errors
    /// [`Code::Network`]; [`Code::VendorRejected`] for anything but a script.
    pub fn fetch(&self, name: String, body: String, json: bool, stop: AbortSignal) -> Promise {
        request::script(&self.context, name, body, json, stop)
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
