//! The agent script's routes: script, session, commands, events.

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Query, State},
    http::{
        HeaderMap, StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE},
    },
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};
use tower_http::cors::CorsLayer;

use super::{
    Tccc, bundle, commands,
    faults::{Script, SdkOptions},
    logins::{Caller, Refusal},
    sse,
};
use crate::when::unix_s;

/// Everything under `/sdk/`, open to every origin.
pub fn routes() -> Router<Tccc> {
    Router::new()
        .route("/sdk/tcccSdk.js", get(script))
        .route("/sdk/session", post(session))
        .route("/sdk/command", post(command))
        .route("/sdk/events", get(events))
        .layer(CorsLayer::permissive())
}

type Pairs = Vec<(String, String)>;

async fn script(State(tccc): State<Tccc>, Query(own): Query<Pairs>) -> Response {
    let own_or_nothing =
        |name: &str| own.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value);
    let caller = Caller {
        token: own_or_nothing("token"),
        sdk_app_id: own_or_nothing("sdkAppId"),
        user_id: own_or_nothing("userid"),
    };
    let log = |outcome: &str| {
        tccc.log().add("script", json!({ "userId": caller.user_id, "outcome": outcome }));
    };
    let planned = tccc.faults().next_sdk();
    let planned = planned.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let own = own.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let options = match SdkOptions::parse(planned.chain(own)) {
        Ok(options) => options,
        Err(message) => {
            log(&format!("bad option: {message}"));
            return (StatusCode::BAD_REQUEST, message + "\n").into_response();
        }
    };
    // Bound first: a guard kept in the `if let` would be held across the waits below.
    let fetched = tccc.logins().fetch(caller, unix_s());
    if let Err(refusal) = fetched {
        log(&format!("refused: {}", refusal.text()));
        return (StatusCode::FORBIDDEN, format!("{}\n", refusal.text())).into_response();
    }
    if options.expired {
        tccc.logins().expire(caller.token);
    }
    match options.script {
        Script::Status500 => {
            log("fault: 500");
            return (StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error\n").into_response();
        }
        Script::Html => {
            log("fault: html");
            return Html("<!doctype html><title>Sign in to the network</title>\n").into_response();
        }
        Script::Hang => {
            log("fault: hang");
            tccc.ending().closed().await;
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
        Script::Throw => {
            log("fault: throw");
            return javascript(bundle::THROWS.to_owned());
        }
        Script::Slow(milliseconds) => tccc.ending().pause(milliseconds).await,
        Script::Ok => {}
    }
    log("served");
    javascript(bundle::script(tccc.base(), &options))
}

fn javascript(text: String) -> Response {
    let headers = [
        (CONTENT_TYPE.as_str(), "text/javascript; charset=utf-8"),
        (CACHE_CONTROL.as_str(), "no-store"),
        // A page may be isolated, and a benchmark may look at the timing.
        ("cross-origin-resource-policy", "cross-origin"),
        ("timing-allow-origin", "*"),
    ];
    (headers, text).into_response()
}

/// What the script read from its dataset, all strings.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Dataset {
    token: String,
    sdk_app_id: String,
    userid: String,
}

async fn session(State(tccc): State<Tccc>, Json(dataset): Json<Dataset>) -> Response {
    let Dataset { token, sdk_app_id, userid } = &dataset;
    let caller = Caller { token, sdk_app_id, user_id: userid };
    let opened = tccc.logins().sign_in(caller, unix_s());
    let outcome = opened.as_ref().map_or_else(|refusal| refusal.text(), |_| "signed in");
    tccc.log().add("session", json!({ "userId": userid, "outcome": outcome }));
    match opened {
        Ok(session) => {
            let mut centre = tccc.centre();
            if centre.status_of(userid) == "offline" {
                centre.set_status(userid, "free");
            }
            Json(json!({
                "session": session, "userId": userid, "status": centre.status_of(userid),
                "calls": centre.live_calls(userid), "seq": centre.seq(),
            }))
            .into_response()
        }
        Err(refusal) => {
            let expired = refusal == Refusal::Expired;
            let body = json!({ "message": refusal.text(), "expired": expired });
            (StatusCode::FORBIDDEN, Json(body)).into_response()
        }
    }
}

/// One method called in the page.
#[derive(Deserialize)]
struct Command {
    session: String,
    method: String,
    #[serde(default)]
    options: Value,
}

async fn command(State(tccc): State<Tccc>, body: Bytes) -> Response {
    let Ok(Command { session, method, options }) = serde_json::from_slice(&body) else {
        return (StatusCode::BAD_REQUEST, "expected {session, method, options}\n").into_response();
    };
    let agent = tccc.logins().agent_of(&session);
    let answer = match agent {
        Some(agent) => commands::run(&tccc, &agent, &method, &options),
        None => Err("the login token has expired".into()),
    };
    Json(commands::logged(&tccc, "script", &method, options, answer)).into_response()
}

#[derive(Deserialize)]
struct Listening {
    session: String,
    after: u64,
}

async fn events(
    State(tccc): State<Tccc>,
    Query(query): Query<Listening>,
    headers: HeaderMap,
) -> Response {
    let agent = tccc.logins().listener_of(&query.session);
    let Some(agent) = agent else {
        return (StatusCode::FORBIDDEN, "no such session\n").into_response();
    };
    let after = sse::last_seen(&headers).unwrap_or(query.after);
    let held = Connection::open(&tccc, query.session);
    sse::stream(&tccc, agent, after, None, held).into_response()
}

/// Counts a session's open event stream for as long as it lives.
struct Connection(Tccc, String);

impl Connection {
    fn open(tccc: &Tccc, session: String) -> Self {
        tccc.logins().connection(&session, true);
        Self(tccc.clone(), session)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.0.logins().connection(&self.1, false);
    }
}
