//! Cobrowsing (`vendor/huawei.md` §4; seed 001, chapter 3).

use calldock_contract::{Code, Error};
use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::options::ContextPath;
use crate::error::Failure;
use crate::host;
use crate::page::fields::Fields;
use crate::page::global;
use crate::page::member;
use crate::page::progress::Progress;
use crate::page::script::{Request, Script};
use crate::page::{self, abort};

/// The vendor's script, beneath the context path.
pub const COBROWSE: &str = "/resource.root/cobrowse/sdk/cobrowse.js";
/// The script a chat page loads with it.
pub const COBROWSE_COMMON: &str = "/webclient/chat_client/js/cobrowseCommon.js";

/// Starts cobrowsing in the page that was shared: one whose query has `cobrowse_share_url`. Resolves
/// with whether it was.
///
/// `options` is `{contextPath, nonce?}`.
#[wasm_bindgen(js_name = startCobrowse)]
pub fn start_cobrowse(options: JsValue, stop: AbortSignal, progress: Progress) -> Promise {
    abort::promise(stop, Array::new(), async move {
        let fields = Fields::of("startCobrowse", Code::InvalidOption, &options);
        fields.refuse_secrets();
        let nonce = fields.optional_text("nonce");
        let context = ContextPath::read(&fields)?;
        if !is_shared()? {
            return Ok(false.into());
        }
        progress.enter("cobrowse");
        let script = load(&context, COBROWSE, nonce.as_deref()).await?;
        init_from_url()?;
        // The vendor publishes no end: its script stays for the page's life.
        std::mem::forget(script);
        host::log("script", "cobrowse.started", &[]);
        Ok(true.into())
    })
}

/// Loads one of the two scripts.
///
/// # Errors
/// As [`Script::prepare`] and [`Prepared::inject`](crate::page::script::Prepared::inject).
pub async fn load(
    context: &ContextPath,
    path: &str,
    nonce: Option<&str>,
) -> Result<Script, Failure> {
    let url = [&context.address, path].concat();
    let named = ("contextPath", Code::InvalidOption);
    Script::prepare(Request { url: &url, dataset: &[], nonce, named, cors: false })?.inject().await
}

/// Whether the page's query has the parameter; a mail program may have written `&amp;` for `&`.
fn is_shared() -> Result<bool, Failure> {
    let search = page::window()?.location().search().unwrap_or_default();
    let query = search.strip_prefix('?').unwrap_or_default();
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    Ok(pairs.any(|(name, value)| {
        name.strip_prefix("amp;").unwrap_or(&name) == "cobrowse_share_url" && !value.is_empty()
    }))
}

fn init_from_url() -> Result<(), Failure> {
    let fits =
        |value: &JsValue| member::get(value, "initFromUrl").is_some_and(|init| init.is_function());
    let Some((_, cobrowse)) = global::find(&["CoBrowse"], fits) else {
        return Err(Error::unexpected(
            Code::GlobalMissing,
            "cobrowse.js",
            "it to register CoBrowse.initFromUrl",
            "none",
        )
        .into());
    };
    let init: Function = member::get(&cobrowse, "initFromUrl").unwrap_or_default().unchecked_into();
    init.call0(&cobrowse).map(drop).map_err(|thrown| {
        Failure::new(
            Code::VendorRejected,
            "CoBrowse.initFromUrl: expected it to run, found it throw",
        )
        .because(thrown)
    })
}
