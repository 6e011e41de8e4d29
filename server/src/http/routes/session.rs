//! `/calldock/v1/session`: sign in to a local account, and out again.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use secrecy::SecretString;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::http::extract::caller;
use crate::http::{body, extract, json, openapi, with_cookie};
use crate::identity::Local;
use crate::problem::Refusal;

/// The credentials of a local account.
#[derive(Deserialize, ToSchema)]
pub struct SignIn {
    /// The account's name.
    pub user: String,
    /// Its password.
    #[serde(deserialize_with = "secret")]
    #[schema(value_type = String, format = Password)]
    pub password: SecretString,
}

/// A change of password.
#[derive(Deserialize, ToSchema)]
pub struct NewPassword {
    /// The present one.
    #[serde(deserialize_with = "secret")]
    #[schema(value_type = String, format = Password)]
    pub old: SecretString,
    /// The new one.
    #[serde(deserialize_with = "secret")]
    #[schema(value_type = String, format = Password)]
    pub new: SecretString,
}

/// The account that is signed in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// The account's name.
    pub user_id: String,
    /// The account's display name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// `POST`: 204 and the cookie of a new session; the browser's former session is ended.
///
/// # Errors
/// A [`Refusal`]: 400, 408, 413 or 415 for the body, 401 for a wrong user or password, 429 for too many
/// guesses, 503 where too many sign in at once or the store is unavailable.
#[utoipa::path(
    post,
    path = "/calldock/v1/session",
    tag = "sessions",
    summary = "Signs in to a local account",
    description = "The browser's former session is ended.",
    request_body(content = SignIn, content_type = "application/json"),
    responses(
        (status = 204, description = "Signed in",
            headers(("Set-Cookie" = String, description = "The session's"))),
        openapi::Body, openapi::Page, openapi::Guess,
    )
)]
pub async fn begin(State(local): State<Arc<Local>>, request: Request) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let caller = extract::caller(&parts)?;
    let SignIn { user, password } = body::json(&parts.headers, body, EXPECTED_SIGN_IN).await?;
    let cookie = local.sign_in(&user, password, &parts, &caller).await?;
    tracing::info!("signed in");
    Ok(with_cookie(StatusCode::NO_CONTENT.into_response(), cookie))
}

/// `GET`: the account that is signed in, a [`Session`].
///
/// # Errors
/// A [`Refusal`]: 401 without a session, 503 where the store is unavailable.
#[utoipa::path(
    get,
    path = "/calldock/v1/session",
    tag = "sessions",
    summary = "The account that is signed in",
    description = "",
    responses(
        (status = 200, description = "The account", body = Session),
        openapi::Page, openapi::NoSession,
    )
)]
pub async fn show(State(local): State<Arc<Local>>, request: Request) -> Result<Response, Refusal> {
    let (parts, _) = request.into_parts();
    let person = local.authenticate(&parts, &caller(&parts)?).await?;
    Ok(json(&Session { user_id: person.id, name: person.name }))
}

/// `DELETE`: 204, with or without a session.
///
/// # Errors
/// A [`Refusal`]: 408, 413 or 415 for the body, 503 where the store is unavailable.
#[utoipa::path(
    delete,
    path = "/calldock/v1/session",
    tag = "sessions",
    summary = "Signs out",
    description = "With or without a session.",
    request_body(content = Option<openapi::Unread>, content_type = "application/json"),
    responses(
        (status = 204, description = "Signed out",
            headers(("Set-Cookie" = String, description = "Ends the session's"))),
        openapi::Body, openapi::Page,
    )
)]
pub async fn end(State(local): State<Arc<Local>>, request: Request) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let caller = extract::caller(&parts)?;
    body::read(body).await?;
    local.sign_out(&parts, &caller).await?;
    Ok(with_cookie(StatusCode::NO_CONTENT.into_response(), Local::no_cookie(&parts.headers)))
}

/// `PUT …/password`: 204 and a new session's cookie; every other session of the account is ended.
///
/// # Errors
/// A [`Refusal`]: as [`begin`], and 422 for a new password that is too weak.
#[utoipa::path(
    put,
    path = "/calldock/v1/session/password",
    tag = "sessions",
    summary = "Changes the password of the signed-in account",
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
    let caller = extract::caller(&parts)?;
    let NewPassword { old, new } = body::json(&parts.headers, body, EXPECTED_NEW_PASSWORD).await?;
    let cookie = local.change_password(&parts, &caller, old, new).await?;
    tracing::info!("a password was changed");
    Ok(with_cookie(StatusCode::NO_CONTENT.into_response(), cookie))
}

const EXPECTED_SIGN_IN: &str = "expected a JSON object with user and password";
const EXPECTED_NEW_PASSWORD: &str = "expected a JSON object with old and new";

fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SecretString, D::Error> {
    String::deserialize(deserializer).map(SecretString::from)
}
