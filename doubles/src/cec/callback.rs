//! Asks the integrator whether a visitor's token is good (`docs/vendor/huawei.md` §5).

use std::time::Duration;

use axum::http::{
    Request, StatusCode,
    header::{CONTENT_TYPE, HeaderValue},
};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use serde_json::{Value, json};

use super::{Cec, login::Login, state::TENANT};

/// How long the integrator may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// More than any answer of two members needs.
const LONGEST_ANSWER: usize = 64 * 1024;

/// What the integrator said; `Err` is a status for the page and a phrase free of secrets.
pub async fn validate(cec: &Cec, login: &Login, token: &str) -> Result<(), (StatusCode, String)> {
    let answer = tokio::time::timeout(PATIENCE, ask(cec.callback(), login, token)).await;
    let answer = answer.unwrap_or_else(|_| Err("did not answer in time".into()));
    let (outcome, verdict) = match answer {
        Ok(0) => ("retCode 0".to_owned(), Ok(())),
        Ok(code) => {
            let message = "the token is not valid".to_owned();
            (format!("retCode {code}"), Err((StatusCode::FORBIDDEN, message)))
        }
        Err(reason) => {
            let message = format!("the validation route {reason}");
            (reason, Err((StatusCode::BAD_GATEWAY, message)))
        }
    };
    cec.log("callback", &outcome, json!({ "userId": login.user_id }));
    verdict
}

/// Sends the four members and reads `retCode`.
async fn ask(url: &str, login: &Login, token: &str) -> Result<i64, String> {
    let body = json!({
        "Token": token, "userName": login.user_name, "userId": login.user_id, "tenantSpaceId": TENANT,
    });
    let json = HeaderValue::from_static("application/json;charset=UTF-8");
    let request = Request::post(url)
        .header(CONTENT_TYPE, json)
        .body(Full::new(body.to_string().into_bytes().into()))
        .map_err(|_| "has no valid address".to_owned())?;
    let client = Client::builder(TokioExecutor::new()).build_http::<Full<axum::body::Bytes>>();
    let response = client.request(request).await.map_err(|_| "cannot be reached".to_owned())?;
    let status = response.status();
    if status != StatusCode::OK {
        return Err(format!("answered {}", status.as_u16()));
    }
    let body = Limited::new(response.into_body(), LONGEST_ANSWER).collect().await;
    let body = body.map_err(|_| "broke off".to_owned())?.to_bytes();
    let answer: Value = serde_json::from_slice(&body).unwrap_or_default();
    answer["retCode"].as_i64().ok_or_else(|| "answered without a retCode".into())
}
