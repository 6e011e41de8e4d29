//! Rings, answers, hangs up and breaks things, for tests and the simulator.

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
use tower_http::cors::CorsLayer;

use super::{
    Tccc,
    call::{Call, Ring, Status},
    centre::{AGENT, COLLEAGUE},
    faults::{ApiFault, SdkOptions},
};

/// Everything under `/control/`, open to every origin. Bodies are JSON; none is the same as `{}`.
pub fn routes() -> Router<Tccc> {
    Router::new()
        .route("/control/reset", post(reset))
        .route("/control/faults", post(faults))
        .route("/control/log", get(log))
        .route("/control/state", get(state))
        .route("/control/ring", post(ring))
        .route("/control/answer", post(answer))
        .route("/control/hangup", post(hang_up))
        .route("/control/expire", post(expire))
        .route("/control/status", post(status))
        .layer(CorsLayer::permissive())
}

/// A refusal, as `{"error": "…"}`.
struct Refused(StatusCode, String);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "error": self.1 }))).into_response()
    }
}

type Answer = Result<Json<Value>, Refused>;

fn done() -> Answer {
    Ok(Json(json!({ "ok": true })))
}

fn wrong(message: impl Into<String>) -> Refused {
    Refused(StatusCode::BAD_REQUEST, message.into())
}

/// Reads a body whatever its type says: a page without preflight sends `text/plain`.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refused> {
    let body = if body.trim_ascii().is_empty() { b"{}" } else { body };
    serde_json::from_slice(body).map_err(|error| wrong(error.to_string()))
}

async fn reset(State(tccc): State<Tccc>) -> Answer {
    *tccc.faults() = Default::default();
    tccc.logins().reset();
    tccc.centre().reset();
    tccc.log().clear();
    done()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Plan {
    api: Option<String>,
    sdk: Option<BTreeMap<String, Value>>,
    times: Option<u32>,
}

async fn faults(State(tccc): State<Tccc>, body: Bytes) -> Answer {
    let plan: Plan = read(&body)?;
    let api = plan.api.as_deref().map(ApiFault::parse).transpose().map_err(wrong)?;
    let sdk = plan.sdk.map(options).transpose()?;
    let mut faults = tccc.faults();
    if let Some(api) = api {
        faults.plan_api(api, plan.times);
    }
    if let Some(sdk) = sdk {
        faults.plan_sdk(sdk, plan.times);
    }
    done()
}

/// Options as a query would have them: `true` is `1`, a number its digits.
fn options(given: BTreeMap<String, Value>) -> Result<BTreeMap<String, String>, Refused> {
    let text = |value| match value {
        Value::String(text) => text,
        Value::Bool(yes) => u8::from(yes).to_string(),
        other => other.to_string(),
    };
    let options: BTreeMap<_, _> =
        given.into_iter().map(|(name, value)| (name, text(value))).collect();
    SdkOptions::parse(options.iter().map(|(name, value)| (name.as_str(), value.as_str())))
        .map_err(wrong)?;
    Ok(options)
}

async fn log(State(tccc): State<Tccc>) -> Json<Vec<Value>> {
    Json(tccc.log().entries())
}

async fn state(State(tccc): State<Tccc>) -> Json<Value> {
    let scripts = json!(tccc.logins().sessions().collect::<Vec<_>>());
    let faults = tccc.faults().view();
    let centre = tccc.centre();
    Json(json!({
        "agents": centre.statuses(), "sessions": centre.calls().collect::<Vec<_>>(),
        "scripts": scripts, "faults": faults,
    }))
}

async fn ring(State(tccc): State<Tccc>, body: Bytes) -> Answer {
    let ring: Ring = read(&body)?;
    let agent = ring.agent.as_deref().unwrap_or(AGENT);
    if !tccc.centre().knows(agent) {
        return Err(wrong(format!("agent: expected {AGENT} or {COLLEAGUE}")));
    }
    let session_id = tccc.centre().begin(Call::ringing(&ring, agent));
    if ring.timeout > 0 {
        let id = session_id.clone();
        tccc.later(ring.timeout.saturating_mul(1000), move |centre| centre.time_out(&id));
    }
    Ok(Json(json!({ "sessionId": session_id })))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Which {
    session_id: Option<String>,
    close_by: Option<String>,
}

impl Which {
    /// The named session, or the newest that `wanted` picks.
    fn id(&self, tccc: &Tccc, wanted: impl Fn(&Call) -> bool) -> Result<String, Refused> {
        let newest = || tccc.centre().newest(wanted).map(|call| call.session_id.clone());
        let id = self.session_id.clone().or_else(newest);
        id.ok_or_else(|| Refused(StatusCode::NOT_FOUND, "no session is going on".into()))
    }
}

fn conflict(message: String) -> Refused {
    Refused(StatusCode::CONFLICT, message)
}

async fn answer(State(tccc): State<Tccc>, body: Bytes) -> Answer {
    let id = read::<Which>(&body)?.id(&tccc, |call| call.status == Status::Ringing)?;
    tccc.centre().answer(&id).map_err(conflict)?;
    Ok(Json(json!({ "sessionId": id })))
}

async fn hang_up(State(tccc): State<Tccc>, body: Bytes) -> Answer {
    let which: Which = read(&body)?;
    let close_by = which.close_by.as_deref().unwrap_or("client");
    if !["client", "seat", "admin", "timer"].contains(&close_by) {
        return Err(wrong("closeBy: expected client, seat, admin or timer"));
    }
    let id = which.id(&tccc, |_| true)?;
    tccc.centre().end(&id, close_by).map_err(conflict)?;
    Ok(Json(json!({ "sessionId": id })))
}

async fn expire(State(tccc): State<Tccc>) -> Answer {
    tccc.logins().expire_sessions();
    let mut centre = tccc.centre();
    for agent in [AGENT, COLLEAGUE] {
        centre.publish(
            agent,
            "tokenExpired",
            json!({ "message": "the login token has expired" }),
            None,
        );
    }
    done()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewStatus {
    status: String,
    agent: Option<String>,
}

async fn status(State(tccc): State<Tccc>, body: Bytes) -> Answer {
    let NewStatus { status, agent } = read(&body)?;
    if !["free", "busy", "arrange", "notReady", "rest", "offline"].contains(&status.as_str()) {
        return Err(wrong("status: expected free, busy, arrange, notReady, rest or offline"));
    }
    tccc.centre().set_status(agent.as_deref().unwrap_or(AGENT), &status);
    done()
}
