//! The online chat: its page, its widget, the signature of a visitor's data (`docs/vendor/tccc.md` §3, the chat guide).

/// The signature of a visitor's data: minted, and checked.
mod user_sig;

use axum::{
    Json, Router,
    extract::{Query, State},
    http::{
        StatusCode,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE},
    },
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Tccc, parameters::Parameters, tc3};
use crate::{
    chats::{Phase, Vendor},
    script::classic,
    when::unix_s,
};

/// A signature lives no longer than this many seconds.
const LONGEST_LIFE: i64 = 3600;

const CSS: &str = "text/css; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

/// The page's files: path, type, text. Two of them are shared with the other vendor's chat.
const PARTS: [(&str, &str, &str); 6] = [
    ("/web/conversation.css", CSS, include_str!("../web/conversation.css")),
    ("/web/conversation.js", JAVASCRIPT, include_str!("../web/conversation.js")),
    ("/web/elements.js", JAVASCRIPT, include_str!("../web/elements.js")),
    ("/web/im/page.css", CSS, include_str!("web/chat/page.css")),
    ("/web/im/main.js", JAVASCRIPT, include_str!("web/chat/main.js")),
    ("/web/im/texts.js", JAVASCRIPT, include_str!("web/chat/texts.js")),
];

/// The page and its parts, the widget's script, and what the page asks. No CORS: only the page asks.
pub fn routes() -> Router<Tccc> {
    let mut routes = Router::new()
        .route("/web/im/index.html", get(page))
        .route("/web/im/imPublish.js", get(widget))
        .route("/web/im/session", post(open))
        .route("/web/im/messages", get(messages))
        .route("/web/im/send", post(send))
        .route("/web/im/end", post(end));
    for (path, kind, text) in PARTS {
        let headers = [(CONTENT_TYPE, kind), (CACHE_CONTROL, "no-cache")];
        routes = routes.route(path, get(move || async move { (headers, text).into_response() }));
    }
    routes
}

/// The page; any site may frame it, as it is made to be embedded.
async fn page() -> Response {
    let policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; \
         base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
    let headers = [(CONTENT_SECURITY_POLICY, policy), (CACHE_CONTROL, "no-cache")];
    (headers, Html(include_str!("web/chat/index.html"))).into_response()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Widget {
    #[serde(default)]
    web_app_id: String,
}

/// The widget's script, which knows where its page is.
async fn widget(State(tccc): State<Tccc>, Query(query): Query<Widget>) -> Response {
    if !is_web_app_id(&query.web_app_id) {
        return (StatusCode::BAD_REQUEST, "webAppId: expected 32 hex digits\n").into_response();
    }
    tccc.log().add("im", json!({ "step": "widget", "outcome": "served" }));
    let modules = [
        include_str!("../web/elements.js"),
        include_str!("web/chat/texts.js"),
        include_str!("web/chat/widget.js"),
    ];
    let settings = json!({
        "base": tccc.base(), "webAppId": query.web_app_id, "style": include_str!("web/chat/widget.css"),
    });
    let headers = [
        (CONTENT_TYPE.as_str(), JAVASCRIPT),
        (CACHE_CONTROL.as_str(), "no-cache"),
        ("cross-origin-resource-policy", "cross-origin"),
    ];
    (headers, classic(&modules, &settings)).into_response()
}

fn is_web_app_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// What the page read from its hash, each value decoded once.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Opening {
    web_app_id: String,
    client_data: Option<String>,
    user_sig: Option<String>,
    #[serde(default)]
    zh: bool,
}

async fn open(State(tccc): State<Tccc>, Json(opening): Json<Opening>) -> Response {
    let refusals = refusals(&tccc, &opening);
    let fields = fields(opening.client_data.as_deref());
    // Only the fields' names: the values are a visitor's own data.
    let names: Vec<&String> = fields.iter().flat_map(Map::keys).collect();
    let outcome = if refusals.is_empty() { "opened" } else { "refused" };
    tccc.log().add(
        "im",
        json!({ "step": "open", "outcome": outcome, "refusals": refusals, "fields": names }),
    );
    if !refusals.is_empty() {
        let body = json!({ "refusals": refusals, "fields": fields });
        return (StatusCode::FORBIDDEN, Json(body)).into_response();
    }
    let uid = fields.as_ref().and_then(|fields| fields.get("uid")).and_then(user_sig::uid_of);
    let chat = tccc.chats().open(Vendor::Tccc, uid.as_deref().unwrap_or_default(), opening.zh);
    // It was opened a line above, and only a reset may have taken it away since.
    let _ = tccc.chats().connect(&chat);
    Json(json!({ "chat": chat, "fields": fields })).into_response()
}

/// Why a page is turned away, by code: all that apply. A visitor without any data is anonymous.
fn refusals(tccc: &Tccc, opening: &Opening) -> Vec<&'static str> {
    if !is_web_app_id(&opening.web_app_id) {
        return vec!["webAppId"];
    }
    match (&opening.client_data, &opening.user_sig) {
        (None, None) => Vec::new(),
        (Some(data), Some(sig)) => user_sig::check(tccc.user_sig_key(), sig, data, unix_s()),
        (Some(_), None) => vec!["noSignature"],
        (None, Some(_)) => vec!["noData"],
    }
}

fn fields(client_data: Option<&str>) -> Option<Map<String, Value>> {
    serde_json::from_str(client_data?).ok()
}

#[derive(Deserialize)]
struct Listening {
    chat: String,
    #[serde(default)]
    after: u64,
}

async fn messages(State(tccc): State<Tccc>, Query(query): Query<Listening>) -> Response {
    match tccc.chats().since(&query.chat, query.after) {
        Some((phase, lines)) => Json(json!({ "phase": phase, "lines": lines })).into_response(),
        None => gone(),
    }
}

fn gone() -> Response {
    (StatusCode::NOT_FOUND, "no such conversation\n").into_response()
}

#[derive(Deserialize)]
struct Message {
    chat: String,
    text: String,
}

async fn send(State(tccc): State<Tccc>, Json(message): Json<Message>) -> Response {
    let closed =
        tccc.chats().since(&message.chat, u64::MAX).is_none_or(|(phase, _)| phase == Phase::Closed);
    tccc.log()
        .add("im", json!({ "step": "send", "outcome": if closed { "refused" } else { "ok" } }));
    match tccc.chats().visitor_says(&message.chat, &message.text) {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(refusal) => (StatusCode::CONFLICT, refusal).into_response(),
    }
}

#[derive(Deserialize)]
struct Which {
    chat: String,
}

async fn end(State(tccc): State<Tccc>, Json(which): Json<Which>) -> Response {
    match tccc.chats().end(&which.chat) {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(_) => gone(),
    }
}

/// `CreateUserSig`: signs a visitor's data for an hour at most.
pub fn create_user_sig(tccc: &Tccc, body: &[u8]) -> Result<Map<String, Value>, tc3::Refusal> {
    let parameters = Parameters::read(body, &["SdkAppId", "Uid", "ClientData", "ExpiredTime"])?;
    let sdk_app_id = parameters.sdk_app_id()?;
    let uid = parameters.text("Uid")?;
    let client_data = parameters.text("ClientData")?;
    let life = parameters.integer("ExpiredTime")?;
    let wrong = |message: &str| ("InvalidParameterValue", message.to_owned());
    let Some(fields) = fields(Some(client_data)) else {
        return Err(wrong("ClientData: expected the text of a JSON object."));
    };
    if uid.is_empty() || fields.get("uid").and_then(user_sig::uid_of).as_deref() != Some(uid) {
        return Err(wrong("Uid must be equal to the uid of ClientData."));
    }
    if !(1..=LONGEST_LIFE).contains(&life) {
        return Err(wrong("ExpiredTime: expected 1 to 3600 seconds."));
    }
    let now = unix_s();
    let sig = user_sig::mint(tccc.user_sig_key(), sdk_app_id, uid, client_data, now, life);
    Ok(Map::from_iter([("UserSig".to_owned(), sig.into())]))
}
