//! What the vendor's scripts find on the window (`vendor/huawei.md` §2).
//!
//! Values are assigned, never written into source text: the guide's sample builds
//! `var userName = '…'` and so runs a visitor's name as code.

use calldock_contract::{CecLogin, CecVoucher};
use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::*;

use super::options::Options;
use crate::page::inline;
use crate::page::member;

/// Globals of ours on the window; dropping them puts back what was there before.
pub struct Globals {
    before: Vec<(String, JsValue)>,
    _import_script: Closure<dyn Fn(String)>,
}

impl Globals {
    /// Assigns everything the guide names, and the integrator's own.
    pub fn assign(
        login: &CecLogin,
        options: &Options,
        user_data: &Object,
        third_validate: &JsValue,
    ) -> Self {
        let nonce = options.nonce.clone();
        let import_script = Closure::<dyn Fn(String)>::new(move |text: String| {
            let nonce = nonce.clone();
            wasm_bindgen_futures::spawn_local(async move {
                let _ = inline::run(&text, nonce.as_deref()).await;
            });
        });
        let slash = if options.slash { "/" } else { "" };
        let mut globals = Self { before: Vec::new(), _import_script: import_script };
        if let Some(theirs) = &options.globals {
            for entry in Object::entries(theirs).iter() {
                let key = Reflect::get_u32(&entry, 0).unwrap_or_default();
                let value = Reflect::get_u32(&entry, 1).unwrap_or_default();
                globals.set(&key.as_string().unwrap_or_default(), &value);
            }
        }
        let texts = [
            ("configId", login.channel_config_id.as_str()),
            ("userId", &login.third_user_id),
            ("userName", &login.third_user_name),
            ("tenantSpaceId", &login.tenant_space_id),
            ("locale", &options.locale),
            ("$ContextPath", &options.context.address),
            ("$aicc_ContextPath", &[&options.context.address, slash].concat()),
        ];
        for (name, text) in texts {
            globals.set(name, &text.into());
        }
        if let CecVoucher::Token { token } = &login.voucher {
            globals.set("token", &token.as_str().into());
        }
        globals.set("thirdUserData", user_data);
        globals.set("thirdValidate", third_validate);
        let import_script = globals._import_script.as_ref().clone();
        globals.set("importScript", &import_script);
        globals
    }

    fn set(&mut self, name: &str, value: &JsValue) {
        let window = js_sys::global();
        let key = JsValue::from(name);
        let before = Reflect::get(&window, &key).unwrap_or_default();
        if Reflect::set(&window, &key, value).unwrap_or_default() {
            self.before.push((name.into(), before));
        }
    }

    /// Which of them stand on the window now.
    pub fn present(&self) -> Object {
        let window = js_sys::global();
        let seen = Object::new();
        for (name, _) in &self.before {
            member::set(&seen, name, member::get(&window, name).is_some());
        }
        seen
    }
}

impl Drop for Globals {
    fn drop(&mut self) {
        let window = js_sys::global();
        for (name, before) in self.before.drain(..).rev() {
            let key = JsValue::from(name);
            if before.is_undefined() {
                let _ = Reflect::delete_property(&window, &key);
            } else {
                let _ = Reflect::set(&window, &key, &before);
            }
        }
    }
}
