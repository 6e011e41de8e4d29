//! The two co-browsing scripts (`docs/vendor/huawei.md` §4).

use axum::{
    Router,
    extract::State,
    http::{
        HeaderMap,
        header::{CACHE_CONTROL, CONTENT_TYPE, REFERER},
    },
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::json;

use super::Cec;

const COBROWSE: &str = include_str!("web/cobrowse/cobrowse.js");
const COMMON: &str = include_str!("web/cobrowse/cobrowseCommon.js");

/// Both scripts, as files that stand alone.
pub fn routes() -> Router<Cec> {
    let route = |name: &'static str, text: &'static str| {
        get(async move |State(cec): State<Cec>, headers: HeaderMap| {
            script(&cec, &headers, name, text)
        })
    };
    Router::new()
        .route(
            "/service-cloud/resource.root/cobrowse/sdk/cobrowse.js",
            route("cobrowse.js", COBROWSE),
        )
        .route(
            "/service-cloud/webclient/chat_client/js/cobrowseCommon.js",
            route("cobrowseCommon.js", COMMON),
        )
}

fn script(cec: &Cec, headers: &HeaderMap, name: &str, text: &'static str) -> Response {
    let page = headers.get(REFERER).and_then(|value| value.to_str().ok());
    cec.log("cobrowse", "served", json!({ "script": name, "page": page }));
    let headers = [
        (CONTENT_TYPE.as_str(), "application/javascript;charset=UTF-8"),
        (CACHE_CONTROL.as_str(), "no-cache"),
        ("cross-origin-resource-policy", "cross-origin"),
    ];
    (headers, text).into_response()
}
