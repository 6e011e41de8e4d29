//! The workbench page and what it asks of the centre (screen-pop guide).

use axum::{
    Json, Router,
    extract::State,
    http::{
        StatusCode,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE},
    },
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Tccc,
    centre::{AGENT, SDK_APP_ID},
    commands, sse,
};

/// `/workbench` and its parts. No CORS: only the page itself may call them.
pub fn routes() -> Router<Tccc> {
    let mut routes = Router::new()
        .route("/workbench", get(page))
        .route("/workbench/events", get(events))
        .route("/workbench/command", post(command))
        .route("/workbench/message", post(message));
    for (path, kind, text) in PARTS {
        let headers = [(CONTENT_TYPE, kind), (CACHE_CONTROL, "no-cache")];
        routes = routes.route(path, get(move || async move { (headers, text).into_response() }));
    }
    routes
}

const CSS: &str = "text/css; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const PAGE: &str = include_str!("web/workbench/index.html");

/// The page's files: path, type, text.
const PARTS: [(&str, &str, &str); 8] = [
    ("/workbench/workbench.css", CSS, include_str!("web/workbench/workbench.css")),
    ("/workbench/panel.css", CSS, include_str!("web/workbench/panel.css")),
    ("/workbench/main.js", JAVASCRIPT, include_str!("web/workbench/main.js")),
    ("/workbench/texts.js", JAVASCRIPT, include_str!("web/workbench/texts.js")),
    ("/workbench/frames.js", JAVASCRIPT, include_str!("web/workbench/frames.js")),
    ("/workbench/panel.js", JAVASCRIPT, include_str!("web/workbench/panel.js")),
    ("/workbench/messages.js", JAVASCRIPT, include_str!("web/workbench/messages.js")),
    ("/workbench/site.js", JAVASCRIPT, include_str!("web/workbench/site.js")),
];

async fn page(State(tccc): State<Tccc>) -> Response {
    let site = tccc.site_origin();
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
         frame-src http: https:; frame-ancestors 'self' {site}; base-uri 'none'; form-action 'none'; \
         require-trusted-types-for 'script'; trusted-types 'none'"
    );
    let headers = [(CONTENT_SECURITY_POLICY, policy), (CACHE_CONTROL, "no-cache".to_owned())];
    // An origin of a command-line option, checked there: nothing in it needs escaping.
    (headers, Html(PAGE.replace("{{site-origin}}", site))).into_response()
}

/// What the page knows about itself: the demo's agent as the centre keeps him (the screen-pop guide's parameters).
fn agent() -> Value {
    json!({
        "agentEmail": AGENT, "agentMobile": "13900000000", "agentNickName": "张三",
        "agentRoleId": "普通客服", "sdkAppId": SDK_APP_ID.to_string(),
    })
}

async fn events(State(tccc): State<Tccc>) -> Response {
    let like = tccc.faults().like.pop.clone();
    // A page that reconnects starts again from the snapshot, so there is nothing to catch up on.
    let (snapshot, seq) = {
        let centre = tccc.centre();
        let seq = centre.seq();
        let calls = centre.live_calls(AGENT);
        let status = centre.status_of(AGENT);
        (json!({ "agent": agent(), "status": status, "calls": calls, "popLike": like }), seq)
    };
    sse::stream(&tccc, AGENT.into(), seq, Some(sse::named("snapshot", seq, &snapshot)), ())
        .into_response()
}

#[derive(Deserialize)]
struct Command {
    method: String,
    #[serde(default)]
    options: Value,
}

async fn command(State(tccc): State<Tccc>, Json(command): Json<Command>) -> Json<Value> {
    let answer = commands::run(&tccc, AGENT, &command.method, &command.options);
    Json(commands::logged(&tccc, "workbench", &command.method, command.options, answer))
}

/// What the page received from a window, and what it made of it.
async fn message(State(tccc): State<Tccc>, Json(seen): Json<Value>) -> StatusCode {
    tccc.log().add("message", seen);
    StatusCode::NO_CONTENT
}
