//! Reads what a page's login gave: an endpoint's answer, or an object.

use calldock_contract::{Code, Error, problem, redact};
use gloo_net::http::Response;
use js_sys::JSON;
use wasm_bindgen::{JsCast, JsValue};

use crate::error::Failure;
use crate::page::fields::Fields;

/// Names that only a server's configuration has (seeds 001 and 003: never write them into a page).
const SECRETS: [&str; 4] = ["secretKey", "secretId", "secretAccessKey", "accessKeySecret"];

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

/// The object a login is read from: the JSON of an endpoint's answer, or what the page gave.
///
/// # Errors
/// [`Code::LoginFailed`] for an answer that is no JSON object, or the code and the sentence of the
/// server's problem; [`Code::SecretInPage`] for an object that holds a server's secret.
pub async fn object(given: JsValue) -> Result<JsValue, Unusable> {
    let object = match given.dyn_into::<web_sys::Response>() {
        Ok(response) => answer(response.into()).await?,
        Err(object) => object,
    };
    let fields = Fields::of("login", Code::LoginFailed, &object).map_err(Unusable::for_good)?;
    if let Some(name) = SECRETS.iter().find(|name| fields.has(name)) {
        return Err(Unusable::for_good(Error::unexpected(
            Code::SecretInPage,
            "login",
            "no secret",
            &["a member named ", name].concat(),
        )));
    }
    Ok(object)
}

async fn answer(response: Response) -> Result<JsValue, Unusable> {
    let status = response.status();
    // The server's fault or the moment's; anything else stays as it is however often one asks.
    let again = status >= 500 || status == 429 || status == 408;
    let kind = response.headers().get("content-type").unwrap_or_default();
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
            "200 with JSON {token, sdkUrl, sdkAppId, userId}",
            &found,
        ))
    });
    Err(Unusable { failure, again })
}

/// The failure a problem of Calldock's server tells; its sentence is already without secrets.
fn told(json: &JsValue) -> Option<Failure> {
    let fields = Fields::of("problem", Code::LoginFailed, json).ok()?;
    let member = |key| fields.optional_text(key).ok().flatten().filter(|text| !text.is_empty());
    let code = member("code").and_then(|code| Code::from_name(&code)).unwrap_or(Code::LoginFailed);
    let text = member("detail").or_else(|| member("title"))?;
    let mut failure = Failure::new(code, ["the login endpoint: ", &text].concat());
    failure.remedy = member("remedy");
    Some(failure)
}

fn media_type(kind: &str) -> &str {
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if kind.is_empty() { "no type" } else { kind }
}
