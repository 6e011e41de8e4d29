//! The web channel's REST, authenticated by the cookie (`docs/vendor/huawei.md` §2).

use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use serde_json::{Value, json};

use super::{Cec, bundle, faults::RestFault, sessions::Session, state::CHANNEL};
use crate::chats::{Line, Mode, Phase, Source};

/// Text of more bytes than this is refused.
const LONGEST_TEXT: usize = 1024;

/// The four methods that are documented.
pub fn routes() -> Router<Cec> {
    const BASE: &str = "/service-cloud/rest/webadapter/v1/webadapterfacade";
    Router::new()
        .route(&format!("{BASE}/queryChannelConfigByChannelAndId"), get(channel_config))
        .route(&format!("{BASE}/sendMessageForWebChannel"), post(send))
        .route(&format!("{BASE}/getMessageForWebChannel"), get(receive))
        .route(&format!("{BASE}/createClickToCall"), post(click_to_call))
}

/// A result: `0`, or a code and a phrase; with what else belongs to it.
struct Outcome(StatusCode, Value);

fn result(code: &str, description: &str) -> Value {
    json!({ "resultCode": code, "resultDesc": description })
}

fn done(description: &str) -> Outcome {
    Outcome(StatusCode::OK, result("0", description))
}

/// Understood, and not done.
fn failed(code: &str, description: &str) -> Outcome {
    Outcome(StatusCode::OK, result(code, description))
}

/// Not understood.
fn wrong(description: impl AsRef<str>) -> Outcome {
    Outcome(StatusCode::BAD_REQUEST, result("1", description.as_ref()))
}

/// Lets faults happen, finds the visitor by his cookie, and notes what came of it.
async fn answer(
    cec: Cec,
    method: &str,
    headers: &HeaderMap,
    details: Value,
    act: impl FnOnce(&Cec, &Session) -> Outcome,
) -> Response {
    let fault = cec.faults().rest.next();
    let log = |outcome: &str, details| cec.log(method, outcome, details);
    match fault {
        Some(RestFault::Slow(milliseconds)) => cec.ending().pause(milliseconds).await,
        Some(RestFault::Hang) => {
            log("fault: hang", details);
            cec.ending().closed().await;
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
        Some(RestFault::Status500) => {
            log("fault: 500", details);
            return (StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error\n").into_response();
        }
        Some(RestFault::SignedOut) => {
            log("fault: 401", details);
            return signed_out();
        }
        Some(RestFault::Html) => {
            log("fault: html", details);
            return Html(bundle::FALLBACK_PAGE).into_response();
        }
        Some(RestFault::Redirect) => {
            log("fault: redirect", details);
            return Redirect::to("https://sso.example/login?next=secret").into_response();
        }
        Some(RestFault::Failed) => {
            log("fault: failed", details);
            return Json(result("1", "the double was told to fail")).into_response();
        }
        None => {}
    }
    let session = cec.sessions().of(headers);
    let Some(session) = session else {
        log("refused: no valid cookie", details);
        return signed_out();
    };
    let Outcome(status, body) = act(&cec, &session);
    // Polling would bury everything else in the log.
    if method != "getMessageForWebChannel" {
        let code = body["resultCode"]
            .as_str()
            .map_or("ok".to_owned(), |code| format!("resultCode {code}"));
        let mut details = details;
        details["userId"] = json!(session.user_id);
        log(&code, details);
    }
    (status, Json(body)).into_response()
}

fn signed_out() -> Response {
    let body = result("1", "the cookie ccmessaging-token is missing or has expired");
    (StatusCode::UNAUTHORIZED, Json(body)).into_response()
}

async fn channel_config(State(cec): State<Cec>, headers: HeaderMap) -> Response {
    answer(cec, "queryChannelConfigByChannelAndId", &headers, json!({}), |cec, _| {
        // This one has no result code: the vendor's own example is the first line of these.
        let robot = cec.chats().mode() == Mode::Robot;
        let keyword = robot.then_some("转人工");
        Outcome(
            StatusCode::OK,
            json!({
                "queueReminderContent": null, "useRobot": robot.to_string(),
                "toArtificialKeyWord": keyword, "queueReminderInterval": 10,
            }),
        )
    })
    .await
}

/// Reads a body of JSON by its type, which is fixed.
fn read(headers: &HeaderMap, body: &[u8]) -> Result<Value, Outcome> {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media = kind.split(';').next().unwrap_or_default().trim();
    if !media.eq_ignore_ascii_case("application/json") {
        let body = result("1", "Content-Type: expected application/json; charset=UTF-8");
        return Err(Outcome(StatusCode::UNSUPPORTED_MEDIA_TYPE, body));
    }
    let value: Value = serde_json::from_slice(body).unwrap_or_default();
    if value.is_object() { Ok(value) } else { Err(wrong("the body is not a JSON object")) }
}

async fn send(State(cec): State<Cec>, headers: HeaderMap, body: Bytes) -> Response {
    let message = read(&headers, &body);
    let control = message.as_ref().map_or(Value::Null, |message| message["controlType"].clone());
    let details = json!({ "controlType": control });
    answer(cec, "sendMessageForWebChannel", &headers, details, |cec, session| match message {
        Ok(message) => sent(cec, session, &message),
        Err(outcome) => outcome,
    })
    .await
}

fn sent(cec: &Cec, session: &Session, message: &Value) -> Outcome {
    let names = ["controlType", "mediaType", "content", "userAgent"];
    if let Some(name) = names.into_iter().find(|name| !message[name].is_string()) {
        return wrong(format!("{name}: expected a text"));
    }
    let text = |name: &str| message[name].as_str().unwrap_or_default();
    let (media, content) = (text("mediaType"), text("content"));
    if !["TEXT", "IMAGE", "VIDEO", "AUDIO"].contains(&media) {
        return wrong("mediaType: expected TEXT, IMAGE, VIDEO or AUDIO");
    }
    let (chats, id) = (cec.chats(), session.chat.as_str());
    let outcome = match text("controlType") {
        "CONNECT" => chats.connect(id),
        "DISCONNECT" => chats.end(id),
        "TRANS2AGENT" => chats.to_agent(id),
        "CHAT" if content.is_empty() => return wrong("content: expected what is said"),
        "CHAT" if content.len() > LONGEST_TEXT => return wrong("content: longer than 1 KB"),
        "CHAT" if media == "TEXT" => chats.visitor_says(id, content),
        "CHAT" => chats.visitor_says(id, &format!("[{media}]")),
        _ => return wrong("controlType: expected CONNECT, DISCONNECT, CHAT or TRANS2AGENT"),
    };
    match outcome {
        Ok(()) => done("send message success"),
        Err(refusal) => failed("1", refusal),
    }
}

async fn receive(State(cec): State<Cec>, headers: HeaderMap) -> Response {
    answer(cec, "getMessageForWebChannel", &headers, json!({}), |cec, session| {
        let delivered = cec.sessions().delivered(session, None);
        let (_, lines) =
            cec.chats().since(&session.chat, delivered).unwrap_or((Phase::Closed, Vec::new()));
        if let Some(last) = lines.last() {
            cec.sessions().delivered(session, Some(last.seq));
        }
        let down = lines.iter().filter(|line| line.from != Source::Visitor);
        let down: Vec<Value> = down.map(|line| downlink(session, line)).collect();
        let mut body = result("0", "query user messages success.");
        body["downlinkMessages"] = json!(down);
        Outcome(StatusCode::OK, body)
    })
    .await
}

/// A line as the vendor sends it down.
fn downlink(session: &Session, line: &Line) -> Value {
    let source = match line.from {
        Source::Agent => "AGENT",
        Source::Robot => "ROBOT",
        _ => "SYSTEM",
    };
    let control = if line.event == Some("ended") { "DISCONNECT" } else { "CHAT" };
    json!({
        "channel": "WEB", "from": CHANNEL, "to": session.user_id, "controlType": control,
        "mediaType": "TEXT", "content": line.text, "senderNickname": line.name,
        "sourceType": source, "timestamp": line.at, "simQuestions": null,
        "isOfflineStatus": false, "messageCode": format!("{}-{}", session.chat, line.seq),
    })
}

async fn click_to_call(State(cec): State<Cec>, headers: HeaderMap, body: Bytes) -> Response {
    let request = read(&headers, &body);
    let ability = request.as_ref().map_or(Value::Null, |request| request["mediaAbility"].clone());
    let details = json!({ "mediaAbility": ability });
    answer(cec, "createClickToCall", &headers, details, |cec, session| {
        if let Err(outcome) = request {
            return outcome;
        }
        if ability != "0" && ability != "1" {
            return wrong("mediaAbility: expected \"0\" (voice) or \"1\" (video)");
        }
        // A call is made with the agent of a chat that is going on.
        match cec.chats().since(&session.chat, u64::MAX) {
            Some((Phase::Agent, _)) => done("connect successfully."),
            _ => failed("13", "No agents available currently."),
        }
    })
    .await
}
