//! `POST /calldock/v1/tccc/login`: a login for the agent who asks (seeds 002 and 003, steps 3 to 5).

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use calldock_contract::Code;
use http_body_util::{BodyExt, LengthLimitError, Limited};

use super::App;
use crate::problem::{Refusal, Remedy};

/// A login needs no body at all; a few options of the page's own are let through unread.
const BODY_LIMIT: usize = 4 * 1024;

/// How long a body of that size may take to arrive.
const BODY_DEADLINE: Duration = Duration::from_secs(5);

/// Answers a [`calldock_contract::SdkLogin`]. Which agent it is for is the identity's decision alone:
/// a user id in the body is not even looked at.
///
/// # Errors
/// A [`Refusal`]: 408, 413 or 415 for the body, what [`crate::identity`] says, or what
/// [`crate::tccc::Failure`] became.
pub async fn login(State(app): State<Arc<App>>, request: Request) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    discard(&parts.headers, body).await?;
    let agent = app.identity.agent(&parts).await?;
    let login = app.tccc.login(&agent).await.inspect_err(|failure| {
        // A failure holds no secret and no person: it may be logged as it is.
        tracing::warn!(?failure, "no login");
    })?;
    tracing::info!(expires_at = login.expires_at, "login handed out");
    Ok(super::json(&login))
}

/// Reads the body to its end, so that the connection can be used again, and forgets it.
async fn discard(headers: &HeaderMap, body: Body) -> Result<(), Refusal> {
    let reading = Limited::new(body, BODY_LIMIT).collect();
    let body = match tokio::time::timeout(BODY_DEADLINE, reading).await {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            let detail = "The body: expected at most 4096 bytes, found more.";
            return Err(refuse(StatusCode::PAYLOAD_TOO_LARGE, Code::InvalidOption, detail));
        }
        Ok(Err(_)) => {
            let detail = "The body broke off before its end.";
            return Err(refuse(StatusCode::BAD_REQUEST, Code::Network, detail));
        }
        Err(_) => {
            let detail = "The body did not arrive within 5 seconds.";
            return Err(refuse(StatusCode::REQUEST_TIMEOUT, Code::Timeout, detail));
        }
    };
    // A form of another site can post text or form data without being asked, but no JSON.
    if !body.is_empty() && !is_json(headers) {
        let detail = "The body: expected none, or application/json, found another type.";
        return Err(refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, Code::InvalidOption, detail));
    }
    Ok(())
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
