//! Doubles without a socket, as the tests of both vendors use them.

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request, StatusCode},
};
use http_body_util::BodyExt;
use serde_json::Value;
use tokio::sync::watch;
use tower::ServiceExt;

use crate::{
    app::{self, Doubles, Settings},
    ending::Ending,
};

/// The address the doubles believe to be theirs.
pub const HOST: &str = "127.0.0.1:8701";
/// The site that uses them.
pub const SITE: &str = "http://localhost:8700";

/// Doubles of one's own, and the word that ends their process.
pub struct Vendor {
    /// Every route.
    pub app: Router,
    /// What is behind them.
    pub doubles: Doubles,
    /// Turns true when the process ends.
    pub close: watch::Sender<bool>,
}

/// An answer, read to its end.
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub text: String,
}

impl Answer {
    /// The body, which is JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    /// A header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Vendor {
    /// Doubles whose CEC has nobody to call back.
    pub fn new() -> Self {
        Self::calling("http://127.0.0.1:1/nobody")
    }

    /// Doubles whose CEC calls this route.
    pub fn calling(cec_callback: &str) -> Self {
        let (close, closing) = watch::channel(false);
        let base = format!("http://{HOST}");
        let settings = Settings { base: &base, site_origin: SITE, cec_callback };
        let doubles = Doubles::new(&settings, Ending::new(closing));
        Self { app: app::router(doubles.clone()), doubles, close }
    }

    /// Sends a request.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let text = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        Answer { status: parts.status, headers: parts.headers, text }
    }

    /// A page of the site asks.
    pub async fn get(&self, path: &str) -> Answer {
        let request = Request::get(path).header("origin", SITE).body(Body::empty()).unwrap();
        self.send(request).await
    }

    /// A page of the site posts JSON.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        let request = Request::post(path)
            .header("content-type", "application/json")
            .header("origin", SITE)
            .body(body.to_string().into())
            .unwrap();
        self.send(request).await
    }

    /// What was seen of one kind.
    pub fn seen(&self, kind: &str) -> Vec<Value> {
        self.doubles.log.entries().into_iter().filter(|entry| entry["kind"] == kind).collect()
    }
}
