//! The demo's static files, under the policy a careful site would send, and `GET /demo.json`.

use std::path::{Path, PathBuf};

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;
use tower::ServiceBuilder;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::problem::Refusal;

/// The page in which a vendor's text runs inline: CEC's scripts are fetched by POST
/// (`vendor/huawei.md` §3). It has a nonce of its own in every answer.
const INLINE_PAGE: &str = "shop.html";

/// Where that page wants its nonce.
const NONCE: &str = "{{nonce}}";

/// A screen-pop page learns its parent from the referrer where `ancestorOrigins` is missing.
const REFERRER: HeaderValue = HeaderValue::from_static("strict-origin-when-cross-origin");

/// What the demo serves beside the API.
#[derive(Clone, Debug)]
pub struct Site {
    /// The folder with the files.
    pub dir: PathBuf,
    /// The vendor's origin as the pages reach it.
    pub vendor: String,
    /// Which visitors the demo vouches for beside the usual one of each mode.
    pub visitors: Vec<&'static str>,
    /// The policy all files are sent with.
    csp: HeaderValue,
}

impl Site {
    /// A site of the files in a folder, which may load the vendor's script and frames.
    ///
    /// # Errors
    /// The vendor's origin cannot stand in a header.
    pub fn new(dir: PathBuf, vendor: &str) -> Result<Self, &'static str> {
        let csp = HeaderValue::from_str(&content_security_policy(vendor))
            .map_err(|_| "expected the vendor's origin in ASCII")?;
        Ok(Self { dir, vendor: vendor.to_owned(), visitors: Vec::new(), csp })
    }

    /// The same, with further visitors whose names the pages are told.
    pub fn with_visitors(self, visitors: Vec<&'static str>) -> Self {
        Self { visitors, ..self }
    }

    /// The files at `/` and what the pages need to know at `/demo.json`.
    pub fn router<S: Clone + Send + Sync + 'static>(self) -> Router<S> {
        let demo = json!({ "vendor": self.vendor, "visitors": self.visitors });
        let (page, vendor) = (self.dir.join(INLINE_PAGE), self.vendor);
        let files = ServiceBuilder::new()
            .layer(SetResponseHeaderLayer::overriding(CONTENT_SECURITY_POLICY, self.csp))
            .layer(SetResponseHeaderLayer::overriding(
                CACHE_CONTROL,
                HeaderValue::from_static("no-cache"),
            ))
            .layer(SetResponseHeaderLayer::overriding(REFERRER_POLICY, REFERRER))
            .service(ServeDir::new(self.dir));
        Router::new()
            .route("/demo.json", get(async move || super::json(&demo)))
            .route(&format!("/{INLINE_PAGE}"), get(async move || inline_page(&page, &vendor).await))
            .fallback_service(files)
    }
}

/// The page with a nonce that nobody has seen before, in its scripts and in its policy. Never kept:
/// an old page would not fit a new policy.
async fn inline_page(page: &Path, vendor: &str) -> Result<Response, Refusal> {
    let page = page.to_owned();
    let text = tokio::task::spawn_blocking(move || std::fs::read_to_string(page)).await;
    let Ok(Ok(text)) = text else { return Err(Refusal::bare(StatusCode::NOT_FOUND)) };
    let failed = |_| Refusal::bare(StatusCode::INTERNAL_SERVER_ERROR);
    let mut bits = [0; 18];
    getrandom::fill(&mut bits).map_err(failed)?;
    let nonce = BASE64_STANDARD.encode(bits);
    let csp = inline_policy(vendor, &nonce);
    let csp = HeaderValue::from_str(&csp)
        .map_err(|_| Refusal::bare(StatusCode::INTERNAL_SERVER_ERROR))?;
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

/// The same for the page with the nonce. The vendor's chat comes through the page's own origin, so no
/// script and no frame of another origin is wanted; the stand-in's control routes are.
fn inline_policy(vendor: &str, nonce: &str) -> String {
    policy(&[
        &format!("script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'"),
        &format!("connect-src 'self' {vendor}"),
        "frame-src 'none'",
        "frame-ancestors 'none'",
    ])
}

/// What differs, with what all pages have.
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
