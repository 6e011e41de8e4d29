//! `/calldock/v1/session`: signing in to an account of this server's own, and out again.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use secrecy::SecretString;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::body;
use crate::identity::Local;
use crate::identity::local::sessions;
use crate::observe::openapi;
use crate::problem::Refusal;

/// What signs somebody in.
#[derive(Deserialize, ToSchema)]
pub struct SignIn {
    /// The account's name.
    pub user: String,
    /// Its password.
    #[serde(deserialize_with = "secret")]
    #[schema(value_type = String, format = Password)]
    pub password: SecretString,
}

/// What changes a password.
#[derive(Deserialize, ToSchema)]
pub struct NewPassword {
    /// The one that is good now.
    #[serde(deserialize_with = "secret")]
    #[schema(value_type = String, format = Password)]
    pub old: SecretString,
    /// The one to be.
    #[serde(deserialize_with = "secret")]
    #[schema(value_type = String, format = Password)]
    pub new: SecretString,
}

/// Who is signed in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// The account's name.
    pub user_id: String,
    /// What others read, if the account has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// `POST`: 204 and the cookie of a new session; one the browser had before is ended.
///
/// # Errors
/// A [`Refusal`]: 400, 408, 413 or 415 for the body, 401 for a wrong user or password, 429 for too many
/// guesses, 503 where too many sign in at once or the store cannot be asked.
#[utoipa::path(
    post,
    path = "/calldock/v1/session",
    tag = "sessions",
    summary = "Signs in to an account of this server's own",
    description = "A session from before is ended.",
    request_body(content = SignIn, content_type = "application/json"),
    responses(
        (status = 204, description = "Signed in",
            headers(("Set-Cookie" = String, description = "The session's"))),
        openapi::Body, openapi::Page, openapi::Guess,
    )
)]
pub async fn begin(State(local): State<Arc<Local>>, request: Request) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let SignIn { user, password } = body::json(&parts.headers, body, EXPECTED_SIGN_IN).await?;
    let secret = local.sign_in(&user, password, &parts).await?;
    // A session from before is nobody's any more: whoever planted it has nothing of this one.
    local.end_session(&parts).await?;
    tracing::info!("signed in");
    Ok(signed_in(&local, &parts, &secret))
}

/// `GET`: who is signed in, a [`Session`].
///
/// # Errors
/// A [`Refusal`]: 401 for nobody, 503 where the store cannot be asked.
#[utoipa::path(
    get,
    path = "/calldock/v1/session",
    tag = "sessions",
    summary = "Who is signed in",
    description = "",
    responses(
        (status = 200, description = "Somebody is", body = Session),
        openapi::Page, openapi::Nobody,
    )
)]
pub async fn tell(State(local): State<Arc<Local>>, request: Request) -> Result<Response, Refusal> {
    let (parts, _) = request.into_parts();
    let person = local.person(&parts).await?;
    Ok(super::json(&Session { user_id: person.id, name: person.name }))
}

/// `DELETE`: 204, whether somebody was signed in or not.
///
/// # Errors
/// A [`Refusal`]: 408, 413 or 415 for the body, 503 where the store cannot be asked.
#[utoipa::path(
    delete,
    path = "/calldock/v1/session",
    tag = "sessions",
    summary = "Signs out",
    description = "Whether somebody was signed in or not.",
    request_body(content = Option<openapi::Unread>, content_type = "application/json"),
    responses(
        (status = 204, description = "Nobody is signed in any more",
            headers(("Set-Cookie" = String, description = "Ends the session's"))),
        openapi::Body, openapi::Page,
    )
)]
pub async fn end(State(local): State<Arc<Local>>, request: Request) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    body::discard(&parts.headers, body).await?;
    local.end_session(&parts).await?;
    let cookie = sessions::cookie(&parts, "", 0);
    Ok(super::with_cookie(StatusCode::NO_CONTENT.into_response(), cookie))
}

/// `PUT …/password`: 204 and a new session's cookie; every other session of the account is ended.
///
/// # Errors
/// A [`Refusal`]: as [`begin`], and 422 for a new password that is too weak.
#[utoipa::path(
    put,
    path = "/calldock/v1/session/password",
    tag = "sessions",
    summary = "Changes the password of who is signed in",
    description = "Every other session of the account is ended.",
    request_body(content = NewPassword, content_type = "application/json"),
    responses(
        (status = 204, description = "Changed",
            headers(("Set-Cookie" = String, description = "A new session's"))),
        openapi::Body, openapi::Page, openapi::Guess, openapi::NewPassword,
    )
)]
pub async fn change_password(
    State(local): State<Arc<Local>>,
    request: Request,
) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let NewPassword { old, new } = body::json(&parts.headers, body, EXPECTED_NEW_PASSWORD).await?;
    let secret = local.change_password(&parts, old, new).await?;
    tracing::info!("a password was changed");
    Ok(signed_in(&local, &parts, &secret))
}

const EXPECTED_SIGN_IN: &str = "expected a JSON object with user and password";
const EXPECTED_NEW_PASSWORD: &str = "expected a JSON object with old and new";

fn signed_in(local: &Local, parts: &Parts, secret: &str) -> Response {
    let cookie = sessions::cookie(parts, secret, local.lifetime().as_secs());
    super::with_cookie(StatusCode::NO_CONTENT.into_response(), cookie)
}

fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SecretString, D::Error> {
    String::deserialize(deserializer).map(SecretString::from)
}
