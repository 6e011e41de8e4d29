//! Bodies of requests: short ones, read within a deadline.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use calldock_contract::Code;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;

use crate::problem::{Refusal, Remedy};

/// The most bytes of a body. A login needs none; CEC's question fits.
const LIMIT: usize = 4 * 1024;

/// How long a body of that size may take to arrive.
const DEADLINE: Duration = Duration::from_secs(5);

/// A body that is read to its end, so that the connection can be used again, and not looked at. It must be
/// empty or JSON: a form of another site can post text or form data without a preflight, but no JSON.
pub struct Ignored;

impl<S: Send + Sync> FromRequest<S> for Ignored {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        OptionalJson::from_request(request, state).await.map(|_| Self)
    }
}

/// A body that is empty or of type `application/json`.
pub struct OptionalJson(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for OptionalJson {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let (parts, body) = request.into_parts();
        let body = read(body).await?;
        if !body.is_empty() && !is_json(&parts.headers) {
            let detail = "The body: expected none, or application/json, found another type.";
            return Err(refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, Code::InvalidOption, detail));
        }
        Ok(Self(body))
    }
}

/// Reads a body to its end.
///
/// # Errors
/// 400, 408 or 413.
pub async fn read(body: Body) -> Result<Bytes, Refusal> {
    let reading = Limited::new(body, LIMIT).collect();
    match tokio::time::timeout(DEADLINE, reading).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            let detail = "The body: expected at most 4096 bytes, found more.";
            Err(refuse(StatusCode::PAYLOAD_TOO_LARGE, Code::InvalidOption, detail))
        }
        Ok(Err(_)) => {
            let detail = "The body broke off before its end.";
            Err(refuse(StatusCode::BAD_REQUEST, Code::Network, detail))
        }
        Err(_) => {
            let detail = "The body did not arrive within 5 seconds.";
            Err(refuse(StatusCode::REQUEST_TIMEOUT, Code::Timeout, detail))
        }
    }
}

/// Reads a JSON object with the members that a route names; other members are ignored.
///
/// # Errors
/// What [`read`] reports, 415, or 400 with what was expected; nothing of the body is in it.
pub async fn json<T: DeserializeOwned>(
    headers: &HeaderMap,
    body: Body,
    expected: &str,
) -> Result<T, Refusal> {
    let bytes = read(body).await?;
    if !is_json(headers) {
        let detail = "The body: expected application/json, found another type.";
        return Err(refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, Code::InvalidOption, detail));
    }
    serde_json::from_slice(&bytes).map_err(|_| {
        let detail = format!("The body: {expected}, found something else.");
        Refusal::new(StatusCode::BAD_REQUEST, Code::InvalidOption, detail)
    })
}

fn is_json(headers: &HeaderMap) -> bool {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = value.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

fn refuse(status: StatusCode, code: Code, detail: &str) -> Refusal {
    Refusal::new(status, code, detail).with_remedy(Remedy {
        en: "Send the request without a body, or with a short one of type application/json.",
        zh: "请不带请求体发送，或使用较短的 application/json 请求体。",
    })
}
