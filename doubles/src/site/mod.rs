//! The playground's site: its files, and a router to the programs under test. It stands for the gateway of a real
//! site, so that pages see one origin.
//!
//! * [`files`]: the files, under the strictest policy they can live under.
//! * [`forward`]: relays a request as it is, WebSockets too.

mod files;
mod forward;

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Request, State},
    http::{HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
    routing::{any, post},
};
use serde::Deserialize;
use serde_json::json;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::control::{Answer, done, read, wrong};
use forward::{Client, forward};

/// Where requests go. Known once the programs run, which in turn need the vendor's address.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Upstreams {
    /// `calldock-server`, `http://127.0.0.1:…`: `/calldock` and CEC's question below `/rest`.
    server: String,
    /// `calldock-edge`: `/service-cloud`.
    edge: String,
}

/// The site. Clones share it.
#[derive(Clone)]
pub struct Site {
    folder: PathBuf,
    vendor: String,
    upstreams: Arc<OnceLock<Upstreams>>,
    client: Client,
}

impl Site {
    /// Creates a site of the files in a folder, whose pages load the vendor's script from `vendor`.
    pub fn new(folder: PathBuf, vendor: String) -> Self {
        Self { folder, vendor, upstreams: Arc::default(), client: forward::client() }
    }

    /// Returns the site's routes.
    pub fn router(self) -> Router {
        let routed = Router::new()
            .route("/calldock/{*rest}", any(to_server))
            .route("/rest/{*rest}", any(to_server))
            .route("/service-cloud/{*rest}", any(to_edge))
            .with_state(self.clone());
        let files =
            files::router(&self.folder, &self.vendor).layer(SetResponseHeaderLayer::overriding(
                HeaderName::from_static("x-content-type-options"),
                HeaderValue::from_static("nosniff"),
            ));
        routed.merge(files)
    }

    /// Returns `POST /control/upstreams`, which names the programs once.
    pub fn control(self) -> Router {
        Router::new().route("/control/upstreams", post(set_upstreams)).with_state(self)
    }
}

async fn set_upstreams(State(site): State<Site>, body: Bytes) -> Answer {
    let upstreams: Upstreams = read(&body)?;
    for address in [&upstreams.server, &upstreams.edge] {
        if !address.starts_with("http://127.0.0.1:") {
            return Err(wrong(format!("expected http://127.0.0.1:PORT, found {address:?}")));
        }
    }
    site.upstreams.set(upstreams).map_err(|_| wrong("expected to be called once"))?;
    done()
}

async fn to_server(State(site): State<Site>, request: Request) -> Response {
    match site.upstreams.get() {
        Some(upstreams) => forward(&site.client, &upstreams.server, request).await,
        None => not_yet(),
    }
}

async fn to_edge(State(site): State<Site>, request: Request) -> Response {
    match site.upstreams.get() {
        Some(upstreams) => forward(&site.client, &upstreams.edge, request).await,
        None => not_yet(),
    }
}

fn not_yet() -> Response {
    let body = json!({ "error": "POST /control/upstreams names the programs first" });
    (StatusCode::SERVICE_UNAVAILABLE, Json(body)).into_response()
}

#[cfg(test)]
mod tests;
