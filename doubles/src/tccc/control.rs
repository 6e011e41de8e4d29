//! Rings, answers, hangs up and signs out, for tests and the simulator.

use axum::{Json, Router, body::Bytes, extract::State, http::StatusCode, routing::post};
use serde::Deserialize;
use serde_json::json;

use super::{
    Tccc, api,
    call::{Call, Ring, Status},
    centre::{AGENT, COLLEAGUE, SDK_APP_ID},
    phone::to_id,
};
use crate::{
    control::{Answer, Refused, done, read, wrong},
    when::unix_s,
};

/// The contact centre's own part of `/control/`.
pub fn routes() -> Router<Tccc> {
    Router::new()
        .route("/control/login", post(login))
        .route("/control/ring", post(ring))
        .route("/control/answer", post(answer))
        .route("/control/hangup", post(hang_up))
        .route("/control/expire", post(expire))
        .route("/control/status", post(status))
        .route("/control/mapping", post(mapping))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewLogin {
    user_id: String,
}

/// A login for any agent, as a server behind the page would answer it.
async fn login(State(tccc): State<Tccc>, body: Bytes) -> Answer {
    let NewLogin { user_id } = read(&body)?;
    if !tccc.centre().knows(&user_id) {
        return Err(wrong(format!("userId: expected {AGENT} or {COLLEAGUE}")));
    }
    let (token, expires_at) = tccc.logins().issue(SDK_APP_ID, &user_id, false, unix_s());
    let sdk_url = api::sdk_url(&tccc, SDK_APP_ID, &token, &user_id);
    Ok(Json(json!({
        "token": token, "sdkUrl": sdk_url, "sdkAppId": SDK_APP_ID, "userId": user_id,
        "expiresAt": expires_at,
    })))
}

async fn ring(State(tccc): State<Tccc>, body: Bytes) -> Answer {
    let mut ring: Ring = read(&body)?;
    if tccc.centre().mapping {
        ring.mobile = ring.mobile.as_deref().map(to_id);
    }
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Mapping {
    on: bool,
}

/// Turns number mapping on or off, for calls from now on.
async fn mapping(State(tccc): State<Tccc>, body: Bytes) -> Answer {
    let Mapping { on } = read(&body)?;
    tccc.centre().mapping = on;
    done()
}
