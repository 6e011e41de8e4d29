//! The vendor's routes as a page meets them: through the router.

mod agent;
mod cobrowse;
mod scripts;
mod web_channel;

use std::sync::{Arc, Mutex};

use axum::{Json, Router, body::Body, extract::State, http::Request, routing::post};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::state::{CHANNEL, TENANT};
use crate::testing::{Answer, SITE, Vendor};

const FIRST: &str = "/service-cloud/webclient/chat_client/js/thirdPartyClient.js?&t=1724036645678";
const SECOND: &str =
    "/service-cloud/webclient/chat_client/js/newThirdPartyClient.js?&t=1724036645678";
const FORM: &str = "application/x-www-form-urlencoded; charset=UTF-8";
const REST: &str = "/service-cloud/rest/webadapter/v1/webadapterfacade";
/// The first of the vectors: Tom, 10010001.
const SIGNED: &str = "auth-v2/817854979183314945/2024-08-19T03:04:05.678Z/content-length;content-type/b3576460854fb5bdf00e47d61c293d554a705c8dbc9d5a6f9d34afc045530473";

/// What the guide's samples post, but for what proves the visitor.
fn visitor() -> Value {
    json!({
        "thirdUserName": "Tom", "thirdUserId": "10010001", "tenantSpaceId": TENANT,
        "channelConfigId": CHANNEL, "locale": "zh", "timestamp": 1_724_036_645_678_u64,
    })
}

fn with(name: &str, value: impl Into<Value>) -> Value {
    let mut visitor = visitor();
    visitor[name] = value.into();
    visitor
}

fn signed() -> Value {
    with("thirdPartAuthorization", SIGNED)
}

impl Vendor {
    /// Posts as the guide's samples do: JSON text under the form type.
    async fn form(&self, path: &str, body: &Value) -> Answer {
        self.typed(path, FORM, &body.to_string()).await
    }

    async fn typed(&self, path: &str, kind: &str, body: &str) -> Answer {
        let request = Request::post(path)
            .header("content-type", kind)
            .header("origin", SITE)
            .body(body.to_owned().into())
            .unwrap();
        self.send(request).await
    }

    /// Signs Tom in; returns his cookie.
    async fn visit(&self) -> String {
        let answer = self.form(SECOND, &signed()).await;
        let cookie = answer.header("set-cookie");
        cookie.split(';').next().filter(|pair| !pair.is_empty()).unwrap().to_owned()
    }

    async fn rest(&self, cookie: &str, name: &str, body: Option<Value>) -> Answer {
        let path = format!("{REST}/{name}");
        let request = if body.is_some() { Request::post(path) } else { Request::get(path) };
        let body = body.map_or(Body::empty(), |body| body.to_string().into());
        let request = request
            .header("content-type", "application/json; charset=UTF-8")
            .header("cookie", format!("other=1; {cookie}"));
        self.send(request.body(body).unwrap()).await
    }

    async fn says(&self, cookie: &str, control: &str, content: &str) -> Value {
        let body = json!({
            "controlType": control, "mediaType": "TEXT", "content": content, "userAgent": "test",
        });
        self.rest(cookie, "sendMessageForWebChannel", Some(body)).await.json()
    }

    /// What the visitor is told since he asked last: `SOURCE content`.
    async fn hears(&self, cookie: &str) -> Vec<String> {
        let answer = self.rest(cookie, "getMessageForWebChannel", None).await.json();
        let text = |line: &Value, name: &str| line[name].as_str().unwrap().to_owned();
        let line = |line: &Value| format!("{} {}", text(line, "sourceType"), text(line, "content"));
        answer["downlinkMessages"].as_array().unwrap().iter().map(line).collect()
    }
}

/// An integrator's validation route that answers what it is told, and what it was asked.
struct Integrator {
    url: String,
    questions: Arc<Mutex<Vec<Value>>>,
}

impl Integrator {
    /// Listens on a socket: this call leaves the process.
    async fn answering(answer: Value) -> Self {
        type Shared = (Value, Arc<Mutex<Vec<Value>>>);
        async fn validate(
            State((answer, questions)): State<Shared>,
            Json(body): Json<Value>,
        ) -> Json<Value> {
            questions.lock().unwrap().push(body);
            Json(answer)
        }
        let questions = Arc::default();
        let routes = Router::new().route("/validate", post(validate));
        let routes = routes.with_state((answer, Arc::clone(&questions)));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/validate", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { url, questions }
    }
}
