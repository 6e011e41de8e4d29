//! The vendor's routes as a client meets them: through the router, with no socket.

mod api;
mod control;
mod sdk;
mod workbench;

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request, StatusCode},
};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tokio::sync::watch;
use tower::ServiceExt;

use super::{Tccc, api::SECRET, router, tc3, when::unix_s};

const HOST: &str = "127.0.0.1:8701";
const SITE: &str = "http://localhost:8700";

/// A vendor of one's own, and the word that ends its process.
struct Vendor {
    app: Router,
    tccc: Tccc,
    close: watch::Sender<bool>,
}

/// An answer, read to its end.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Vendor {
    fn new() -> Self {
        let (close, closing) = watch::channel(false);
        let tccc = Tccc::new(&format!("http://{HOST}"), SITE, closing);
        Self { app: router(tccc.clone()), tccc, close }
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let text = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        Answer { status: parts.status, headers: parts.headers, text }
    }

    async fn get(&self, path: &str) -> Answer {
        let request = Request::get(path).header("origin", SITE).body(Body::empty()).unwrap();
        self.send(request).await
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        let request = Request::post(path)
            .header("content-type", "application/json")
            .header("origin", SITE)
            .body(body.to_string().into())
            .unwrap();
        self.send(request).await
    }

    /// Signs and sends a request to the cloud API, having let `change` change it.
    async fn call_api(&self, body: Value, change: impl FnOnce(&mut HeaderMap)) -> Answer {
        let (body, now) = (body.to_string(), unix_s());
        let signature = tc3::sign(SECRET, now, HOST, "application/json", body.as_bytes());
        let mut request = Request::post("/")
            .header("host", HOST)
            .header("content-type", "application/json")
            .header("authorization", signature)
            .header("x-tc-action", "CreateSDKLoginToken")
            .header("x-tc-version", "2020-02-10")
            .header("x-tc-timestamp", now.to_string())
            .body(body.into())
            .unwrap();
        change(request.headers_mut());
        self.send(request).await
    }

    /// A login as the server passes it on: token and script path.
    async fn login(&self) -> (String, String) {
        let body = json!({ "SdkAppId": 1_400_000_000, "SeatUserId": "agent@example.com" });
        let answer = self.call_api(body, |_| ()).await.json();
        let response = &answer["Response"];
        let url = response["SdkURL"].as_str().unwrap_or_else(|| panic!("refused: {answer}"));
        let path = url.strip_prefix(&format!("http://{HOST}")).unwrap();
        (response["Token"].as_str().unwrap().to_owned(), path.to_owned())
    }

    /// Signs a script in; returns its session.
    async fn sign_in(&self) -> String {
        let (token, path) = self.login().await;
        assert_eq!(self.get(&path).await.status, StatusCode::OK);
        let dataset =
            json!({ "token": token, "sdkAppId": "1400000000", "userid": "agent@example.com" });
        let answer = self.post("/sdk/session", dataset).await;
        answer.json()["session"].as_str().unwrap().to_owned()
    }

    /// Calls a method as a signed-in script does.
    async fn command(&self, session: &str, method: &str, options: Value) -> Value {
        let body = json!({ "session": session, "method": method, "options": options });
        self.post("/sdk/command", body).await.json()
    }
}
