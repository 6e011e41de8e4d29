//! The demo's static files, under the policy a careful site would send, and `GET /demo.json`.

use std::path::PathBuf;

use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY};
use axum::routing::get;
use serde_json::json;
use tower::ServiceBuilder;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

/// What the demo serves beside the API.
#[derive(Clone, Debug)]
pub struct Site {
    /// The folder with the files.
    pub dir: PathBuf,
    /// The vendor's origin as the pages reach it.
    pub vendor: String,
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
        Ok(Self { dir, vendor: vendor.to_owned(), csp })
    }

    /// The files at `/` and what the pages need to know at `/demo.json`.
    pub fn router<S: Clone + Send + Sync + 'static>(self) -> Router<S> {
        let demo = json!({ "vendor": self.vendor });
        let files = ServiceBuilder::new()
            .layer(SetResponseHeaderLayer::overriding(CONTENT_SECURITY_POLICY, self.csp))
            .layer(SetResponseHeaderLayer::overriding(
                CACHE_CONTROL,
                HeaderValue::from_static("no-cache"),
            ))
            // A screen-pop page learns its parent from the referrer where `ancestorOrigins` is missing.
            .layer(SetResponseHeaderLayer::overriding(
                REFERRER_POLICY,
                HeaderValue::from_static("strict-origin-when-cross-origin"),
            ))
            .service(ServeDir::new(self.dir));
        Router::new()
            .route("/demo.json", get(async move || super::json(&demo)))
            .fallback_service(files)
    }
}

/// The strictest policy the playground and the vendor's script can live under.
fn content_security_policy(vendor: &str) -> String {
    [
        "default-src 'none'",
        &format!("script-src 'self' 'wasm-unsafe-eval' {vendor}"),
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        &format!("connect-src 'self' {vendor}"),
        &format!("frame-src 'self' {vendor}"),
        &format!("frame-ancestors 'self' {vendor}"),
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types calldock",
    ]
    .join("; ")
}
