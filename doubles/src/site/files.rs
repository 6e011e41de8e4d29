//! The playground's files, under the strictest policy they can live under, and `GET /demo.json`.

use std::path::Path;

use axum::{
    Json, Router,
    http::{
        HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY},
    },
    response::{IntoResponse, Response},
    routing::get,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::json;
use tower::ServiceBuilder;
use tower_http::{services::ServeDir, set_header::SetResponseHeaderLayer};

/// The page in which a vendor's text runs inline: CEC's scripts are fetched by POST
/// (`docs/vendor/huawei.md` §3). Each response has a nonce of its own.
const INLINE_PAGE: &str = "shop.html";

/// The place of the nonce in that page.
const NONCE: &str = "{{nonce}}";

/// A screen-pop page learns its parent from the referrer where `ancestorOrigins` is missing.
const REFERRER: HeaderValue = HeaderValue::from_static("strict-origin-when-cross-origin");

/// Further visitors that the demo's server identifies, each at the end of a login's path.
const VISITORS: [&str; 2] = ["liu", "nasty"];

/// Returns the routes of the files in a folder.
pub fn router(folder: &Path, vendor: &str) -> Router {
    let demo = json!({ "vendor": vendor, "visitors": VISITORS });
    let (page, origin) = (folder.join(INLINE_PAGE), vendor.to_owned());
    // An address of our own is always a header's value.
    let csp = HeaderValue::from_str(&content_security_policy(vendor))
        .unwrap_or(HeaderValue::from_static("default-src 'none'"));
    let header = SetResponseHeaderLayer::overriding;
    let files = ServiceBuilder::new()
        .layer(header(CONTENT_SECURITY_POLICY, csp))
        .layer(header(CACHE_CONTROL, HeaderValue::from_static("no-cache")))
        .layer(header(REFERRER_POLICY, REFERRER))
        .service(ServeDir::new(folder));
    Router::new()
        .route("/demo.json", get(async move || Json(demo)))
        .route(&format!("/{INLINE_PAGE}"), get(async move || inline_page(&page, &origin).await))
        .fallback_service(files)
}

/// The page with a new nonce in its scripts and its policy. Never cached: an old page would not fit a new policy.
async fn inline_page(page: &Path, vendor: &str) -> Result<Response, StatusCode> {
    let page = page.to_owned();
    let text = tokio::task::spawn_blocking(move || std::fs::read_to_string(page)).await;
    let Ok(Ok(text)) = text else { return Err(StatusCode::NOT_FOUND) };
    let mut bits = [0; 18];
    getrandom::fill(&mut bits).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    let nonce = BASE64_STANDARD.encode(bits);
    let csp = inline_policy(vendor, &nonce);
    let csp = HeaderValue::from_str(&csp).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (CONTENT_SECURITY_POLICY, csp),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (REFERRER_POLICY, REFERRER),
    ];
    Ok((headers, text.replace(NONCE, &nonce)).into_response())
}

/// The strictest policy the playground and the vendor's script can live under.
fn content_security_policy(vendor: &str) -> String {
    policy(&[
        &format!("script-src 'self' 'wasm-unsafe-eval' {vendor}"),
        &format!("connect-src 'self' {vendor}"),
        &format!("frame-src 'self' {vendor}"),
        &format!("frame-ancestors 'self' {vendor}"),
    ])
}

/// The same for the page with the nonce. The vendor's chat comes through the page's own origin, so scripts and
/// frames of other origins are not needed; the stand-in's control routes are.
fn inline_policy(vendor: &str, nonce: &str) -> String {
    policy(&[
        &format!("script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'"),
        &format!("connect-src 'self' {vendor}"),
        "frame-src 'none'",
        "frame-ancestors 'none'",
    ])
}

/// Adds what all pages have.
fn policy(own: &[&str; 4]) -> String {
    let [scripts, connections, frames, ancestors] = own;
    [
        "default-src 'none'",
        scripts,
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        connections,
        frames,
        ancestors,
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types calldock",
    ]
    .join("; ")
}
