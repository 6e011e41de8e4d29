//! Bodies of requests: short ones, read within a deadline.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use calldock_contract::Code;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;

use crate::problem::{Refusal, Remedy};

/// A login needs no body at all; a few options of the page's own are let through unread. What CEC asks
/// fits in as well.
const BODY_LIMIT: usize = 4 * 1024;

/// How long a body of that size may take to arrive.
const BODY_DEADLINE: Duration = Duration::from_secs(5);

/// Reads a body to its end.
///
/// # Errors
/// 400, 408 or 413.
pub async fn read(body: Body) -> Result<Bytes, Refusal> {
    let reading = Limited::new(body, BODY_LIMIT).collect();
    // Most bodies have arrived with their heads, and need no timer.
    let late = async { tokio::time::sleep(BODY_DEADLINE).await };
    let read = tokio::select! {
        biased;
        read = reading => Ok(read),
        () = late => Err(()),
    };
    match read {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            let detail = "The body: expected at most 4096 bytes, found more.";
            Err(refuse(StatusCode::PAYLOAD_TOO_LARGE, Code::InvalidOption, detail))
        }
        Ok(Err(_)) => {
            let detail = "The body broke off before its end.";
            Err(refuse(StatusCode::BAD_REQUEST, Code::Network, detail))
        }
        Err(()) => {
            let detail = "The body did not arrive within 5 seconds.";
            Err(refuse(StatusCode::REQUEST_TIMEOUT, Code::Timeout, detail))
        }
    }
}

/// Reads a body that is empty or says that it is JSON.
///
/// # Errors
/// What [`read`] says, or 415.
pub async fn read_json(headers: &HeaderMap, body: Body) -> Result<Bytes, Refusal> {
    let body = read(body).await?;
    // A form of another site can post text or form data without being asked, but no JSON.
    if !body.is_empty() && !is_json(headers) {
        let detail = "The body: expected none, or application/json, found another type.";
        return Err(refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, Code::InvalidOption, detail));
    }
    Ok(body)
}

/// Reads the body to its end, so that the connection can be used again, and forgets it.
///
/// # Errors
/// What [`read_json`] says.
pub async fn discard(headers: &HeaderMap, body: Body) -> Result<(), Refusal> {
    read_json(headers, body).await.map(drop)
}

/// Reads a JSON object with the members a route names; others are let through unread.
///
/// # Errors
/// What [`read`] says, 415, or 400 with what was expected; nothing of the body is in it.
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
