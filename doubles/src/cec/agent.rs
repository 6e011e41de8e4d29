//! The agent workbench with its screen pop and one-click dial (`docs/vendor/field.md` F12).
//!
//! The page takes everything from its own query: `page` is the business page to open, `method` is `get`
//! (parameters in the page's query) or `post` (a form), `callerNum` is who calls, `ring` rings at once, `lang` is `en`
//! or `zh`. Its buttons ring, answer, release and switch.

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{
        StatusCode,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE},
    },
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use serde_json::Value;

use super::Cec;

/// Where a business page gets the script from.
const SUPPORT: &str = "/service-cloud/resource.root/page/resource.root/js/AICCSupport.js";

/// The workbench page with its parts, and the script for the pages in it.
pub fn routes() -> Router<Cec> {
    let mut routes = Router::new()
        .route("/service-cloud/agent", get(page))
        .route("/service-cloud/agent/message", post(message));
    for (path, kind, text) in PARTS {
        let headers = [
            (CONTENT_TYPE.as_str(), kind),
            (CACHE_CONTROL.as_str(), "no-cache"),
            ("cross-origin-resource-policy", "cross-origin"),
        ];
        routes = routes.route(path, get(move || async move { (headers, text).into_response() }));
    }
    routes
}

const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

/// The page's files: path, type, text.
const PARTS: [(&str, &str, &str); 4] = [
    (
        "/service-cloud/agent/page.css",
        "text/css; charset=utf-8",
        include_str!("web/agent/page.css"),
    ),
    ("/service-cloud/agent/main.js", JAVASCRIPT, include_str!("web/agent/main.js")),
    ("/service-cloud/agent/texts.js", JAVASCRIPT, include_str!("web/agent/texts.js")),
    (SUPPORT, JAVASCRIPT, include_str!("web/agent/support.js")),
];

async fn page() -> Response {
    let policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; \
                  frame-src http: https:; form-action http: https:; base-uri 'none'";
    let headers = [(CONTENT_SECURITY_POLICY, policy), (CACHE_CONTROL, "no-cache")];
    (headers, Html(include_str!("web/agent/index.html"))).into_response()
}

/// What a business page posted to the workbench, and whether it was dialled.
async fn message(State(cec): State<Cec>, body: Bytes) -> StatusCode {
    let Ok(seen) = serde_json::from_slice::<Value>(&body) else { return StatusCode::BAD_REQUEST };
    cec.log("agent", "message", seen);
    StatusCode::NO_CONTENT
}
