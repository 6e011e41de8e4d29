//! Cloud API 3.0: its actions, in the vendor's envelope (`docs/vendor/tccc.md` §4).

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header::DATE},
    middleware::Next,
    response::{Html, IntoResponse, Response},
    routing::post,
};
use serde_json::{Map, Value, json};

use super::{
    Tccc, chat,
    faults::ApiFault,
    parameters::{Parameters, missing},
    staff, tc3,
};
use crate::when::{http_date, random_id, unix_s};

const VERSION: &str = "2020-02-10";

/// The demo's credentials, which open nothing else; the server keeps a copy of its own.
pub const SECRET: (&str, &str) = ("AKIDdemo-calldock-not-a-secret", "demo-calldock-not-a-secret");

/// `POST /`, and a refusal in the vendor's words for every other method.
pub fn routes() -> Router<Tccc> {
    Router::new().route("/", post(request).fallback(wrong_method))
}

/// Looks at a wrong clock if told to.
pub async fn wrong_clock(State(tccc): State<Tccc>, request: Request, next: Next) -> Response {
    let planned = tccc.faults().api.peek().cloned();
    let mut response = next.run(request).await;
    if let Some(ApiFault::Date(seconds)) = planned {
        response.headers_mut().insert(DATE, http_date(seconds));
    }
    response
}

async fn wrong_method() -> Response {
    failure("UnsupportedProtocol", "Only POST with a JSON body is supported here.")
}

async fn request(State(tccc): State<Tccc>, headers: HeaderMap, body: Bytes) -> Response {
    let action = tc3::header(&headers, "x-tc-action").unwrap_or_default().to_owned();
    let fault = tccc.faults().api.next();
    let agent = serde_json::from_slice::<Value>(&body).map(|body| {
        let agent = &body["SeatUserId"];
        if agent.is_null() { body["Uid"].clone() } else { agent.clone() }
    });
    let agent = agent.unwrap_or_default();
    let log = |outcome: &str| {
        let entry = json!({ "action": action, "userId": agent, "outcome": outcome });
        tccc.log().add("api", entry);
    };
    match &fault {
        Some(ApiFault::Status500) => {
            log("fault: 500");
            return (StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error\n").into_response();
        }
        Some(ApiFault::Html) => {
            log("fault: html");
            return Html("<!doctype html><title>Sign in to the network</title>\n").into_response();
        }
        Some(ApiFault::Code(code)) => {
            log(&format!("fault: {code}"));
            return failure(code, "The double was told to answer this.");
        }
        Some(ApiFault::Hang) => {
            log("fault: hang");
            tccc.ending().closed().await;
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
        Some(ApiFault::Slow(milliseconds)) => tccc.ending().pause(*milliseconds).await,
        Some(ApiFault::Date(_)) | None => {}
    }
    match answer(&tccc, &action, &headers, &body) {
        Ok(fields) => {
            log("ok");
            envelope(fields)
        }
        Err((code, message)) => {
            log(code);
            failure(code, &message)
        }
    }
}

fn answer(
    tccc: &Tccc,
    action: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Map<String, Value>, tc3::Refusal> {
    let required = |name: &str| {
        let value = tc3::header(headers, name).filter(|value| !value.is_empty());
        value.ok_or_else(|| missing(name))
    };
    let content_type = required("content-type")?;
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("application/json") {
        return Err(("UnsupportedProtocol", "Content-Type: expected application/json.".into()));
    }
    required("x-tc-action")?;
    let version = required("x-tc-version")?;
    let timestamp = required("x-tc-timestamp")?;
    let authorization = required("authorization")?;
    let timestamp = timestamp.parse().map_err(|_| {
        ("InvalidParameter", "X-TC-Timestamp: expected seconds since 1970.".to_owned())
    })?;
    let signed = tc3::Signed { authorization, timestamp, headers, body };
    tc3::verify(&signed, |id| (id == SECRET.0).then_some(SECRET.1), unix_s())?;
    if version != VERSION {
        return Err(("NoSuchVersion", format!("X-TC-Version: expected {VERSION}.")));
    }
    match action {
        "CreateSDKLoginToken" => create_login_token(tccc, body),
        "CreateStaff" => staff::create(tccc, body),
        "DescribeStaffInfoList" => staff::describe(tccc, body),
        "CreateUserSig" => chat::create_user_sig(tccc, body),
        _ => Err(("InvalidAction", "The request action is invalid or not found.".into())),
    }
}

fn create_login_token(tccc: &Tccc, body: &[u8]) -> Result<Map<String, Value>, tc3::Refusal> {
    let parameters = Parameters::read(body, &["SdkAppId", "SeatUserId", "OnlyOnce"])?;
    let sdk_app_id = parameters.sdk_app_id()?;
    let agent = parameters.text("SeatUserId")?;
    let only_once = parameters.flag("OnlyOnce")?;
    if !tccc.centre().knows(agent) {
        return Err((
            "InvalidParameterValue.AccountNotExist",
            "The account does not exist.".into(),
        ));
    }
    let (token, expires_at) = tccc.logins().issue(sdk_app_id, agent, only_once, unix_s());
    let mut fields = Map::new();
    fields.insert("SdkURL".into(), sdk_url(tccc, sdk_app_id, &token, agent).into());
    fields.insert("Token".into(), token.into());
    fields.insert("ExpiredTime".into(), expires_at.into());
    Ok(fields)
}

/// Where the agent script of a login is.
pub fn sdk_url(tccc: &Tccc, sdk_app_id: u64, token: &str, agent: &str) -> String {
    let query = format!("sdkAppId={sdk_app_id}&token={token}&userid={agent}");
    format!("{}/sdk/tcccSdk.js?{query}", tccc.base())
}

/// An error of the vendor; its HTTP status is 200 all the same.
fn failure(code: &str, message: &str) -> Response {
    let error = json!({ "Code": code, "Message": message });
    envelope(Map::from_iter([("Error".to_owned(), error)]))
}

fn envelope(mut fields: Map<String, Value>) -> Response {
    fields.insert("RequestId".into(), random_id().into());
    Json(json!({ "Response": fields })).into_response()
}
