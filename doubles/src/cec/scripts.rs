//! The two scripts' routes: thirdPartyClient.js and newThirdPartyClient.js (`docs/vendor/huawei.md` §2).

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE, SET_COOKIE},
    },
    response::{Html, IntoResponse, Response},
    routing::post,
};
use serde_json::{Value, json};

use super::{
    Cec, auth_v2, bundle, callback,
    faults::{At, COOKIES, Script, ScriptOptions},
    login::{Login, Proof, Refusal},
    sessions::COOKIE_NAME,
    state::{CHANNEL, SECRET_KEY},
};
use crate::chats::Vendor;

/// `POST` only, as the guide has them.
pub fn routes() -> Router<Cec> {
    Router::new()
        .route("/service-cloud/webclient/chat_client/js/thirdPartyClient.js", post(first))
        .route("/service-cloud/webclient/chat_client/js/newThirdPartyClient.js", post(second))
}

const FIRST: &str = "thirdPartyClient";
const SECOND: &str = "newThirdPartyClient";

/// The first script: it looks at the request's form and leaves the visitor to the second.
async fn first(State(cec): State<Cec>, headers: HeaderMap, body: Bytes) -> Response {
    let options = cec.faults().next_script(At::First);
    if let Some(response) = failed(&cec, FIRST, &options).await {
        return response;
    }
    match Login::read(&headers, &body) {
        Ok(login) => {
            cec.log(FIRST, "served", seen(&headers, &login));
            javascript(&options, bundle::first())
        }
        Err(refusal) => refused(&cec, FIRST, refusal, seen_of(&headers)),
    }
}

/// The second script: it checks the visitor, signs him in and draws the chat.
async fn second(State(cec): State<Cec>, headers: HeaderMap, body: Bytes) -> Response {
    let options = cec.faults().next_script(At::Second);
    if let Some(response) = failed(&cec, SECOND, &options).await {
        return response;
    }
    let login = match Login::read(&headers, &body) {
        Ok(login) => login,
        Err(refusal) => return refused(&cec, SECOND, refusal, seen_of(&headers)),
    };
    if let Err(refusal) = check(&cec, &login, &options).await {
        return refused(&cec, SECOND, refusal, seen(&headers, &login));
    }
    let chat = cec.chats().open(Vendor::Cec, &login.user_id, login.zh());
    let token = cec.sessions().sign_in(&login.user_id, chat);
    cec.log(SECOND, "served", seen(&headers, &login));
    let mut response = javascript(&options, bundle::second(&login, &options));
    if let Some((_, attributes)) = COOKIES.iter().find(|(name, _)| *name == options.cookie) {
        let cookie = format!("{COOKIE_NAME}={token}; {attributes}");
        let cookie = HeaderValue::from_str(&cookie).expect("hex digits and words of our own");
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    response
}

async fn check(cec: &Cec, login: &Login, options: &ScriptOptions) -> Result<(), Refusal> {
    let forbidden = |message: &str| (StatusCode::FORBIDDEN, message.to_owned());
    if options.expired {
        return Err(forbidden("the token has expired"));
    }
    match &login.proof {
        Proof::Token(token) => callback::validate(cec, login, token).await,
        Proof::Authorization(authorization) => {
            let covered = options.reading.covered(login);
            auth_v2::verify(authorization, &covered, CHANNEL, SECRET_KEY, &options.reading)
                .map_err(forbidden)
        }
    }
}

/// A planned fault that stands in for any answer; a slow answer only waits here.
async fn failed(cec: &Cec, step: &str, options: &ScriptOptions) -> Option<Response> {
    let response = match options.script {
        Script::Ok => return None,
        Script::Slow(milliseconds) => {
            cec.ending().pause(milliseconds).await;
            return None;
        }
        Script::Refuse => (StatusCode::FORBIDDEN, "unauthorized,validate failed\n").into_response(),
        Script::Status500 => {
            (StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error\n").into_response()
        }
        Script::Busy => (StatusCode::TOO_MANY_REQUESTS, "busy\n").into_response(),
        Script::Html => Html(bundle::FALLBACK_PAGE).into_response(),
        Script::Throw => javascript(options, bundle::THROWS.to_owned()),
        Script::Hang => {
            cec.log(step, "fault: hang", json!({}));
            cec.ending().closed().await;
            return Some(StatusCode::SERVICE_UNAVAILABLE.into_response());
        }
    };
    let fault = match options.script {
        Script::Refuse => "fault: refuse",
        Script::Status500 => "fault: 500",
        Script::Busy => "fault: 429",
        Script::Html => "fault: html",
        _ => "fault: throw",
    };
    cec.log(step, fault, json!({}));
    Some(response)
}

fn refused(cec: &Cec, step: &str, (status, message): Refusal, seen: Value) -> Response {
    cec.log(step, &format!("refused: {message}"), seen);
    (status, format!("unauthorized,validate failed: {message}\n")).into_response()
}

/// What is worth noting of a request: never what proves anything.
fn seen(headers: &HeaderMap, login: &Login) -> Value {
    let mut seen = seen_of(headers);
    seen["mode"] = json!(login.proof.mode());
    seen["userId"] = json!(login.user_id);
    seen["unknown"] = json!(login.unknown);
    seen
}

fn seen_of(headers: &HeaderMap) -> Value {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    json!({ "contentType": text("content-type"), "origin": text("origin") })
}

fn javascript(options: &ScriptOptions, text: String) -> Response {
    let mut response = text.into_response();
    let headers = response.headers_mut();
    match options.content_type {
        Some(kind) => headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind)),
        None => headers.remove(CONTENT_TYPE),
    };
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
