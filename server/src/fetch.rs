//! Requests to URLs of the configuration, and responses of a limited length.

use std::error::Error;
use std::time::Duration;

use axum::http::{HeaderMap, StatusCode};
use reqwest::{Client, ClientBuilder, RequestBuilder, redirect};

use crate::address::PlainHttp;

/// A response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// The status; redirects are not followed.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

/// Why there is no response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FetchError {
    /// No complete response in time.
    Timeout,
    /// The connection failed or broke.
    Unreachable,
    /// More bytes than the limit.
    TooLarge,
}

/// Builds a client for requests that take at most this long. It follows no redirect, since cookies and
/// signatures are for one host, and sends no request twice.
///
/// # Errors
/// The system trusts no certificate authority.
pub fn client(plain: PlainHttp, timeout: Duration, agent: &str) -> Result<Client, reqwest::Error> {
    let builder = builder(timeout, agent);
    match plain {
        PlainHttp::Refused => builder.https_only(true),
        // On this machine no proxy and no certificates are needed.
        PlainHttp::OnLoopback => builder.no_proxy().tls_certs_only([]),
    }
    .build()
}

/// What all clients have in common.
pub fn builder(timeout: Duration, agent: &str) -> ClientBuilder {
    // A second installation fails without effect; it is the same provider.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .user_agent(agent)
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .timeout(timeout)
        .connect_timeout(timeout.min(Duration::from_secs(3)))
}

/// The name that the server's requests have.
pub const AGENT: &str = concat!("calldock-server/", env!("CARGO_PKG_VERSION"));

/// Sends a request and reads a response of at most `limit` bytes.
///
/// # Errors
/// [`FetchError`]; the cause is in the log, without the URL's path and query.
pub async fn send(request: RequestBuilder, limit: usize) -> Result<Fetched, FetchError> {
    let mut response = request.send().await.map_err(why)?;
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(why)? {
        if body.len() + chunk.len() > limit {
            return Err(FetchError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Fetched { status: response.status(), headers: response.headers().clone(), body })
}

fn why(error: reqwest::Error) -> FetchError {
    // The innermost cause is the useful one: name, connection, certificate.
    let cause = std::iter::successors(error.source(), |&cause| cause.source()).last();
    let cause = cause.map_or_else(|| "no cause given".to_owned(), ToString::to_string);
    let host = error.url().and_then(|url| url.host_str()).unwrap_or_default();
    let timeout = error.is_timeout();
    tracing::warn!(host, timeout, cause, "a service did not respond");
    if timeout { FetchError::Timeout } else { FetchError::Unreachable }
}
