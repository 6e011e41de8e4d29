//! The vendor's routes as a client meets them: through the router, with no socket.

mod api;
mod chat;
mod control;
mod sdk;
mod staff;
mod workbench;

use axum::http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};

use super::{api::SECRET, tc3};
use crate::{
    testing::{Answer, HOST, SITE, Vendor},
    when::unix_s,
};

impl Vendor {
    /// Signs and sends a request to the cloud API, having let `change` change it.
    async fn call_api(&self, body: Value, change: impl FnOnce(&mut HeaderMap)) -> Answer {
        self.call_action("CreateSDKLoginToken", body, change).await
    }

    async fn call_action(
        &self,
        action: &str,
        body: Value,
        change: impl FnOnce(&mut HeaderMap),
    ) -> Answer {
        let (body, now) = (body.to_string(), unix_s());
        let signature = tc3::sign(SECRET, now, HOST, "application/json", body.as_bytes());
        let mut request = Request::post("/")
            .header("host", HOST)
            .header("content-type", "application/json")
            .header("authorization", signature)
            .header("x-tc-action", action)
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
