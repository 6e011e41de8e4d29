//! Tells the doubles to forget or to fail, and tells what they saw: for tests and the simulator.
//!
//! Each vendor adds what only it can do; everything is under `/control/`, and open to every origin.

use std::collections::BTreeMap;

use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{
    app::Doubles,
    cec::faults::{RestFault, ScriptOptions},
    tccc::{ApiFault, SdkOptions},
};

/// What concerns all vendors. Bodies are JSON; none is the same as `{}`.
pub fn routes() -> Router<Doubles> {
    Router::new()
        .route("/control/reset", post(reset))
        .route("/control/faults", post(faults))
        .route("/control/log", get(log))
        .route("/control/state", get(state))
}

/// A refusal, as `{"error": "…"}`.
pub struct Refused(pub StatusCode, pub String);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "error": self.1 }))).into_response()
    }
}

/// What a control route answers.
pub type Answer = Result<Json<Value>, Refused>;

/// Done, and nothing more to say.
pub fn done() -> Answer {
    Ok(Json(json!({ "ok": true })))
}

/// The request makes no sense.
pub fn wrong(message: impl Into<String>) -> Refused {
    Refused(StatusCode::BAD_REQUEST, message.into())
}

/// Reads a body whatever its type says: a page without preflight sends `text/plain`.
pub fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refused> {
    let body = if body.trim_ascii().is_empty() { b"{}" } else { body };
    serde_json::from_slice(body).map_err(|error| wrong(error.to_string()))
}

async fn reset(State(doubles): State<Doubles>) -> Answer {
    doubles.tccc.reset();
    doubles.cec.reset();
    doubles.chats.reset();
    doubles.log.clear();
    done()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Plan {
    api: Option<String>,
    sdk: Option<BTreeMap<String, Value>>,
    cec: Option<BTreeMap<String, Value>>,
    rest: Option<String>,
    times: Option<u32>,
}

async fn faults(State(doubles): State<Doubles>, body: Bytes) -> Answer {
    let Plan { api, sdk, cec, rest, times } = read(&body)?;
    // All of it is read before any of it is planned.
    let api = api.as_deref().map(ApiFault::parse).transpose().map_err(wrong)?;
    let sdk = sdk.map(texts);
    if let Some(sdk) = &sdk {
        SdkOptions::parse(pairs(sdk)).map_err(wrong)?;
    }
    let cec = cec.map(texts);
    let cec_options = cec.as_ref().map(|cec| ScriptOptions::parse(pairs(cec))).transpose();
    let cec_options = cec_options.map_err(wrong)?;
    let rest = rest.as_deref().map(RestFault::parse).transpose().map_err(wrong)?;
    if let Some(api) = api {
        doubles.tccc.faults().api.set(api, times);
    }
    if let Some(sdk) = sdk {
        doubles.tccc.faults().plan_sdk(sdk, times);
    }
    if let Some(options) = cec_options {
        let planned = cec.is_some_and(|cec| !cec.is_empty()).then_some(options);
        doubles.cec.faults().scripts.set(planned, times);
    }
    if let Some(rest) = rest {
        doubles.cec.faults().rest.set(rest, times);
    }
    done()
}

/// Options as a query would have them: `true` is `1`, a number its digits.
fn texts(given: BTreeMap<String, Value>) -> BTreeMap<String, String> {
    let text = |value| match value {
        Value::String(text) => text,
        Value::Bool(yes) => u8::from(yes).to_string(),
        other => other.to_string(),
    };
    given.into_iter().map(|(name, value)| (name, text(value))).collect()
}

fn pairs(options: &BTreeMap<String, String>) -> impl Iterator<Item = (&str, &str)> {
    options.iter().map(|(name, value)| (name.as_str(), value.as_str()))
}

async fn log(State(doubles): State<Doubles>) -> Json<Vec<Value>> {
    Json(doubles.log.entries())
}

async fn state(State(doubles): State<Doubles>) -> Json<Value> {
    let (api, sdk) = doubles.tccc.faults().view();
    let (cec, rest) = doubles.cec.faults().view();
    let mut state = doubles.tccc.view();
    state["faults"] = json!({ "api": api, "sdk": sdk, "cec": cec, "rest": rest });
    state["chats"] = doubles.chats.view();
    Json(state)
}
