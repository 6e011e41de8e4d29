//! The page's side of CEC's chat: globals assigned and restored, scripts injected and run.
//!
//! Values are assigned, never written into source text: the guide's sample builds
//! `var userName = '…'` and so runs a visitor's name as code.

use calldock_contract::Code;
use calldock_contract::tables::cec::{COBROWSE, COBROWSE_COMMON};
use calldock_contract::text::context_path::context_address;
use js_sys::{Array, Date, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{AbortSignal, HtmlScriptElement, Window};

use super::{put, request};
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
    /// Each global that was assigned: its name, the value, and what the window itself had, if it had one of its own. An
    /// element's id is a global too, and none of its own.
    assigned: Array,
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
        let assigned = Array::new();
        Ok(Self { window, context, locale, map_service, nonce, login: None, assigned })
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
                put(&data, name, &value.into());
            }
        }
        if let Some(service) = &self.map_service {
            put(&data, "mapService", &service.into());
        }
        put(&data, "timestamp", &Date::now().into());
        data
    }

    /// Assigns what the guide names; returns all globals that were assigned, each with its name and its value. `slash`
    /// is whether `$aicc_ContextPath` ends in one.
    pub fn assign(
        &self,
        slash: bool,
        user_data: &Object,
        third_validate: &Function,
        import_script: &Function,
    ) -> Array {
        let aicc = [self.context.as_str(), if slash { "/" } else { "" }].concat();
        if let Some(login) = &self.login {
            for (name, value) in [
                ("$ContextPath", &self.context),
                ("$aicc_ContextPath", &aicc),
                ("userId", &login.third_user_id),
                ("userName", &login.third_user_name),
                ("tenantSpaceId", &login.tenant_space_id),
                ("configId", &login.channel_config_id),
                ("locale", &self.locale),
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
        self.assigned.clone()
    }

    /// Assigns one global and keeps what was there before. A page may refuse: a frozen window, a setter that throws.
    pub fn put(&self, name: &str, value: &JsValue) {
        let name = JsValue::from(name);
        let entry = Array::of2(&name, value);
        let window: &Object = self.window.unchecked_ref();
        if Reflect::get_own_property_descriptor(window, &name).is_ok_and(|own| !own.is_undefined())
        {
            entry.push(&Reflect::get(window, &name).unwrap_or_default());
        }
        let _ = Reflect::set(window, &name, value);
        self.assigned.push(&entry);
    }

    /// Puts back what was on the window before. What the page has set meanwhile stays.
    pub fn restore(&self) {
        let window: &Object = self.window.unchecked_ref();
        while self.assigned.length() > 0 {
            let entry: Array = self.assigned.pop().unchecked_into();
            let name = entry.get(0);
            let present = Reflect::get(window, &name).unwrap_or_default();
            if !Object::is(&present, &entry.get(1)) {
                continue;
            }
            let _ = match entry.length() {
                3 => Reflect::set(window, &name, &entry.get(2)),
                _ => Reflect::delete_property(window, &name),
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
