//! What a chat was asked with.

use calldock_contract::cec_chat::{self, FIRST_SCRIPT, LOCALES, MAP_SERVICES, SECOND_SCRIPT};
use calldock_contract::{Code, Error, redact};
use js_sys::{Array, Object};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Url;

use crate::error::Failure;
use crate::page;
use crate::page::fields::Fields;

/// The content type the guide's samples send: no preflight.
const FORM: &str = "application/x-www-form-urlencoded; charset=UTF-8";

/// Where the vendor answers.
#[derive(Clone)]
pub struct ContextPath {
    /// The whole address, without a slash at its end.
    pub address: String,
    /// Its origin.
    pub origin: String,
    /// Whether that is not the page's own.
    pub is_foreign: bool,
}

/// What a chat was asked with.
pub struct Options {
    /// Where the vendor answers.
    pub context: ContextPath,
    /// The language of the chat.
    pub locale: String,
    /// The map service, where not the vendor's default.
    pub map_service: Option<String>,
    /// Whether cobrowsing may be started from the chat.
    pub cobrowse: bool,
    /// The nonce, where the page names it itself.
    pub nonce: Option<String>,
    /// The content type of the requests for the scripts.
    pub content_type: &'static str,
    /// Whether Authorization mode asks for the first script too.
    pub both_scripts: bool,
    /// Whether `$aicc_ContextPath` ends in a slash.
    pub slash: bool,
    /// Globals of the integrator's, for scripts that want jQuery or axios.
    pub globals: Option<Object>,
    /// Whether a phone is refused, not only warned of.
    pub refuse_phones: bool,
}

impl Options {
    /// Reads the options of a page.
    ///
    /// # Errors
    /// [`Code::InvalidOption`], naming the option; [`Code::SecretInPage`] for one named like a secret.
    pub fn read(options: &JsValue) -> Result<Self, Failure> {
        let fields = Fields::of("openChat", Code::InvalidOption, options);
        fields.refuse_secrets();
        let content_type = match fields.optional_word("contentType", &["form", "json"]).as_deref() {
            Some("json") => "application/json",
            _ => FORM,
        };
        let globals = fields.value("globals");
        if globals.as_ref().is_some_and(|it| !it.is_object() || Array::is_array(it)) {
            fields.refuse("globals", "an object", "another value");
        }
        let locale = fields.optional_word("locale", &LOCALES).unwrap_or_else(|| {
            fields.refuse("locale", &LOCALES.join(", "), "nothing");
            String::new()
        });
        let options = Self {
            locale,
            map_service: fields.optional_word("mapService", &MAP_SERVICES),
            cobrowse: fields.optional_bool("cobrowse").unwrap_or(false),
            nonce: fields.optional_text("nonce"),
            content_type,
            both_scripts: both_scripts(&fields),
            slash: fields.optional_bool("contextPathSlash").unwrap_or(true),
            globals: globals.map(JsCast::unchecked_into),
            refuse_phones: fields.optional_bool("refusePhones").unwrap_or(false),
            context: ContextPath::read(&fields)?,
        };
        Ok(options)
    }
}

/// Whether Authorization mode asks for both scripts.
fn both_scripts(fields: &Fields) -> bool {
    let Some(scripts) = fields.optional_texts("scripts") else { return false };
    let both = scripts == [FIRST_SCRIPT, SECOND_SCRIPT];
    if !(both || scripts == [SECOND_SCRIPT]) {
        let expected = "['newThirdPartyClient.js'] or both scripts in their order";
        fields.refuse("scripts", expected, "another list");
    }
    both
}

impl ContextPath {
    /// Reads the member `contextPath`, an address or a path on the page's own origin, and ends the
    /// reading.
    ///
    /// # Errors
    /// [`Code::InvalidOption`] for it, or the first thing that was wrong before.
    pub fn read(fields: &Fields) -> Result<Self, Failure> {
        let text = fields.text("contextPath");
        fields.done()?;
        let own = page::window()?.location();
        let url = Url::new_with_base(&text, &own.href().unwrap_or_default()).ok();
        let url = url.filter(|url| {
            page::script::is_safe(url) && url.search().is_empty() && url.hash().is_empty()
        });
        let Some(url) = url else {
            let expected =
                "a path or an https address with /service-cloud (http only for localhost)";
            return Err(Error::invalid("contextPath", expected, &redact::url(&text)).into());
        };
        let pathname = url.pathname();
        let path = cec_chat::context_path(&pathname)?;
        let origin = url.origin();
        let is_foreign = own.origin().is_ok_and(|own| own != origin);
        Ok(Self { address: [&origin, path].concat(), origin, is_foreign })
    }
}
