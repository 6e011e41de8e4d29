//! Short GET requests to URLs of the configuration.

use std::error::Error;
use std::time::Duration;

use axum::http::header::{ACCEPT, COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use calldock_contract::Code;
use reqwest::{Client, redirect};
use url::Url;

use crate::address::PlainHttp;
use crate::problem::{Refusal, Remedy};

/// The deadline of one request, well below the page's own of 15 s.
pub const DEADLINE: Duration = Duration::from_secs(3);

/// The largest response, in bytes.
pub const LIMIT: usize = 64 * 1024;

/// Sends GET requests.
#[derive(Clone, Debug)]
pub struct Fetcher(Client);

/// A response.
#[derive(Debug)]
pub struct Fetched {
    /// The status; redirects are not followed.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, at most [`LIMIT`] bytes.
    pub body: Vec<u8>,
}

/// Why there is no response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FetchError {
    /// No complete response within [`DEADLINE`].
    Timeout,
    /// The connection failed or broke.
    Unreachable,
    /// More than [`LIMIT`] bytes.
    TooLarge,
}

impl Fetcher {
    /// Builds the client. It follows no redirects: cookies are for one URL.
    ///
    /// # Errors
    /// The system trusts no certificate authority.
    pub fn new(plain: PlainHttp) -> Result<Self, reqwest::Error> {
        // A second installation fails without effect; it is the same provider.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = Client::builder()
            .user_agent(concat!("calldock-server/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .timeout(DEADLINE)
            .connect_timeout(DEADLINE);
        let builder = match plain {
            PlainHttp::Refused => builder.https_only(true),
            // On this machine no proxy and no certificates are needed.
            PlainHttp::OnLoopback => builder.no_proxy().tls_certs_only([]),
        };
        builder.build().map(Self)
    }

    /// Sends a request with these cookies.
    ///
    /// # Errors
    /// [`FetchError`]; the cause is in the log, without the URL's query and cookies.
    pub async fn get(
        &self,
        url: &Url,
        cookies: Option<&HeaderValue>,
    ) -> Result<Fetched, FetchError> {
        let mut request = self.0.get(url.clone()).header(ACCEPT, "application/json");
        if let Some(cookies) = cookies {
            request = request.header(COOKIE, cookies);
        }
        let mut response = request.send().await.map_err(|error| why(url, error))?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| why(url, error))? {
            if body.len() + chunk.len() > LIMIT {
                return Err(FetchError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Fetched { status: response.status(), headers: response.headers().clone(), body })
    }
}

impl FetchError {
    /// Describes the failure for the page: which service failed, and how to fix it.
    pub fn refusal(self, service: &str, remedy: Remedy) -> Refusal {
        let (status, code, what) = match self {
            Self::Timeout => {
                (StatusCode::GATEWAY_TIMEOUT, Code::Timeout, "did not respond within 3 seconds")
            }
            Self::Unreachable => (StatusCode::BAD_GATEWAY, Code::Network, "could not be reached"),
            Self::TooLarge => (StatusCode::BAD_GATEWAY, Code::LoginFailed, "sent more than 64 KiB"),
        };
        Refusal::new(status, code, format!("{service} {what}.")).with_remedy(remedy)
    }
}

fn why(url: &Url, error: reqwest::Error) -> FetchError {
    // The innermost cause is the useful one: name, connection, certificate.
    let cause = std::iter::successors(error.source(), |&cause| cause.source()).last();
    let cause = cause.map_or_else(|| "no cause given".to_owned(), ToString::to_string);
    let host = url.host_str().unwrap_or_default();
    tracing::warn!(
        host,
        timeout = error.is_timeout(),
        cause,
        "an identity service did not respond"
    );
    if error.is_timeout() { FetchError::Timeout } else { FetchError::Unreachable }
}
