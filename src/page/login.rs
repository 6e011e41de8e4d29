//! Reads what a page's login gave: an endpoint's answer, or an object.

use calldock_contract::{Code, Error, problem, redact};
use gloo_net::http::Response;
use js_sys::{Function, JSON, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::error::Failure;
use crate::host;
use crate::page;
use crate::page::fields::Fields;
use crate::page::progress::Progress;

/// An answer that could not be used, and whether another attempt may bring a better one.
pub struct Unusable {
    /// What was wrong.
    pub failure: Failure,
    /// Whether asking again makes sense.
    pub again: bool,
}

impl Unusable {
    fn for_good(failure: impl Into<Failure>) -> Self {
        Self { failure: failure.into(), again: false }
    }
}

/// Asks the page for a login: `ask` is called with the number of the attempt. `members` tells what one
/// has, for the message.
///
/// # Errors
/// As [`object`], and what asking itself threw.
pub async fn ask(
    ask: &Function,
    attempt: u32,
    members: &str,
    progress: &Progress,
) -> Result<JsValue, Unusable> {
    progress.enter("login");
    host::log("login", "login.asked", &[("attempt", attempt.into())]);
    let given =
        ask.call1(&JsValue::UNDEFINED, &attempt.into()).map(|given| Promise::resolve(&given));
    let given = match given {
        Ok(promise) => JsFuture::from(promise).await,
        Err(thrown) => Err(thrown),
    };
    let given = given.map_err(|thrown| {
        let failure = failed(thrown);
        // A policy refuses again, and reports it again.
        let again = failure.error.code != Code::CspBlocked;
        Unusable { failure, again }
    })?;
    object(given, members).await
}

/// What a login threw. An error that has one of our codes (no connection, say) speaks for itself.
pub fn failed(thrown: JsValue) -> Failure {
    let fields = Fields::of("login", Code::LoginFailed, &thrown);
    let code = fields.optional_text("code").and_then(|code| Code::from_name(&code));
    let ours = fields.optional_text("name").as_deref() == Some("CalldockError");
    let told = code.zip(fields.optional_text("message")).filter(|_| ours).map(|(code, message)| {
        // The message ends in the remedy, which the error made of this one adds again.
        let remedy = fields.optional_text("remedy").unwrap_or_default();
        let sentence = message.strip_suffix(&remedy).unwrap_or(&message);
        Error::new(code, sentence.trim_end().trim_end_matches('.'))
    });
    match told {
        Some(error) => error.into(),
        None => {
            Failure::new(Code::LoginFailed, "login: expected a login, found that asking failed")
        }
    }
    .because(thrown)
}

/// Reads what a page's login gave, for the parts of `js/` that need no more of the core.
#[wasm_bindgen(js_name = readLogin)]
pub fn read_login(given: JsValue, members: String) -> Promise {
    page::promise(async move {
        object(given, &members).await.map_err(|unusable| unusable.failure.into())
    })
}

/// The object a login is read from: the JSON of an endpoint's answer, or what the page gave.
///
/// # Errors
/// [`Code::LoginFailed`] for an answer that is no JSON object, or the code and the sentence of the
/// server's problem; [`Code::SecretInPage`] for an object that holds a server's secret.
pub async fn object(given: JsValue, members: &str) -> Result<JsValue, Unusable> {
    let object = match given.dyn_into::<web_sys::Response>() {
        Ok(response) => answer(response.into(), members).await?,
        Err(object) => object,
    };
    let fields = Fields::of("login", Code::LoginFailed, &object);
    fields.refuse_secrets();
    fields.done().map_err(Unusable::for_good)?;
    Ok(object)
}

async fn answer(response: Response, members: &str) -> Result<JsValue, Unusable> {
    let status = response.status();
    // The server's fault or the moment's; anything else stays as it is however often one asks.
    let again = status >= 500 || status == 429 || status == 408;
    let headers = response.headers();
    let kind = headers.get("content-type").unwrap_or_default();
    let body = response.text().await.map_err(|_| Unusable {
        failure: Failure::new(
            Code::Network,
            "the login endpoint: expected an answer, found it break off",
        ),
        again: true,
    })?;
    let json = JSON::parse(&body).ok();
    if response.ok()
        && let Some(json) = json
    {
        return Ok(json);
    }
    let told = json.filter(|_| kind.starts_with(problem::CONTENT_TYPE)).and_then(|p| told(&p));
    let failure = told.unwrap_or_else(|| {
        let (status, body) = (status.to_string(), redact::text(&body));
        let found = ["HTTP ", &status, " with ", &body, " of ", media_type(&kind)].concat();
        Failure::from(Error::unexpected(
            Code::LoginFailed,
            "the login endpoint",
            &["200 with JSON ", members].concat(),
            &found,
        ))
    });
    // What the vendor has refused it refuses again, unless the server names a time to come back.
    let refused =
        failure.error.code == Code::VendorRejected && headers.get("retry-after").is_none();
    Err(Unusable { failure, again: again && !refused })
}

/// The failure a problem of Calldock's server tells; its sentence is already without secrets.
fn told(json: &JsValue) -> Option<Failure> {
    let fields = Fields::of("problem", Code::LoginFailed, json);
    let member = |key| fields.optional_text(key).filter(|text| !text.is_empty());
    let code = member("code").and_then(|code| Code::from_name(&code));
    let mut text = member("detail").or_else(|| member("title"))?;
    if code.is_none() {
        // Another server's words may quote anything; ours are clean.
        text = redact::vendor_text(&text);
    }
    let code = code.unwrap_or(Code::LoginFailed);
    let mut failure = Failure::new(code, ["the login endpoint: ", &text].concat());
    failure.remedy = member("remedy");
    Some(failure)
}

fn media_type(kind: &str) -> &str {
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if kind.is_empty() { "no type" } else { kind }
}
