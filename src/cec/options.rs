//! What a chat was asked with.

use calldock_contract::cec_chat::{self, FIRST_SCRIPT, LOCALES, MAP_SERVICES, SECOND_SCRIPT};
use calldock_contract::{Code, Error, redact};
use js_sys::Object;
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
        let fields = Fields::of("openChat", Code::InvalidOption, options)?;
        fields.refuse_secrets()?;
        let locale = one_of(&fields, "locale", &LOCALES)?;
        Ok(Self {
            context: ContextPath::read(&fields)?,
            locale: locale.ok_or_else(|| fields.wrong("locale", &LOCALES.join(", "), "nothing"))?,
            map_service: one_of(&fields, "mapService", &MAP_SERVICES)?,
            cobrowse: fields.optional_bool("cobrowse")?.unwrap_or(false),
            nonce: fields.optional_text("nonce")?,
            content_type: match one_of(&fields, "contentType", &["form", "json"])?.as_deref() {
                Some("json") => "application/json",
                _ => FORM,
            },
            both_scripts: match fields.optional_texts("scripts")? {
                None => false,
                Some(scripts) if scripts == [SECOND_SCRIPT] => false,
                Some(scripts) if scripts == [FIRST_SCRIPT, SECOND_SCRIPT] => true,
                Some(_) => {
                    let expected = "['newThirdPartyClient.js'] or both scripts in their order";
                    return Err(fields.wrong("scripts", expected, "another list").into());
                }
            },
            slash: fields.optional_bool("contextPathSlash")?.unwrap_or(true),
            globals: match fields.value("globals") {
                None => None,
                Some(globals) if globals.is_object() => Some(globals.unchecked_into()),
                Some(_) => {
                    return Err(fields.wrong("globals", "an object", "another value").into());
                }
            },
            refuse_phones: fields.optional_bool("refusePhones")?.unwrap_or(false),
        })
    }
}

impl ContextPath {
    /// Reads the member `contextPath`: an address, or a path on the page's own origin.
    ///
    /// # Errors
    /// [`Code::InvalidOption`].
    pub fn read(fields: &Fields) -> Result<Self, Failure> {
        let text = fields.text("contextPath")?;
        let own = page::window()?.location();
        let base = own.href().unwrap_or_default();
        let refused = || {
            fields.wrong(
                "contextPath",
                "a path or an https address with /service-cloud (http only for localhost)",
                &redact::url(&text),
            )
        };
        let url = Url::new_with_base(&text, &base).map_err(|_| refused())?;
        let local = matches!(url.hostname().as_str(), "localhost" | "127.0.0.1" | "[::1]");
        let safe = url.protocol() == "https:" || (url.protocol() == "http:" && local);
        if !safe || !url.search().is_empty() || !url.hash().is_empty() {
            return Err(refused().into());
        }
        let pathname = url.pathname();
        let path = cec_chat::context_path(&pathname)?;
        let origin = url.origin();
        let is_foreign = own.origin().is_ok_and(|own| own != origin);
        Ok(Self { address: [&origin, path].concat(), origin, is_foreign })
    }
}

fn one_of(fields: &Fields, key: &str, known: &[&str]) -> Result<Option<String>, Error> {
    let value = fields.optional_text(key)?;
    match value {
        Some(value) if !known.contains(&value.as_str()) => {
            Err(fields.wrong(key, &known.join(", "), &redact::text(&value)))
        }
        value => Ok(value),
    }
}
