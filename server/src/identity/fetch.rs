//! A short GET to an address of the configuration, and never elsewhere.

use std::error::Error;
use std::time::Duration;

use axum::http::header::{ACCEPT, COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use calldock_contract::Code;
use reqwest::{Client, redirect};
use url::Url;

use crate::address::PlainHttp;
use crate::problem::{Refusal, Remedy};

/// A whole exchange must be over well before the page's own deadline of 15 s.
pub const DEADLINE: Duration = Duration::from_secs(3);

/// Who somebody is, or a provider's keys, fit in many times over.
pub const LIMIT: usize = 64 * 1024;

/// Asks for small things.
#[derive(Clone, Debug)]
pub struct Fetcher(Client);

/// What came back.
#[derive(Debug)]
pub struct Fetched {
    /// The status, 2xx or not; a redirect is not followed.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, at most [`LIMIT`] bytes.
    pub body: Vec<u8>,
}

/// Why nothing came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FetchError {
    /// No whole answer within [`DEADLINE`].
    Timeout,
    /// No connection, or one that broke.
    Unreachable,
    /// More than [`LIMIT`] bytes.
    TooLarge,
}

impl Fetcher {
    /// Makes the client. It follows no redirect: whatever it sends is for one address.
    ///
    /// # Errors
    /// The system has no certificate authorities to trust.
    pub fn new(plain: PlainHttp) -> Result<Self, reqwest::Error> {
        // A second installation fails and changes nothing; it is the same provider.
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
            // What stays on this machine goes past any proxy, and wants no authorities.
            PlainHttp::OnLoopback => builder.no_proxy().tls_certs_only([]),
        };
        builder.build().map(Self)
    }

    /// Asks once, with these cookies.
    ///
    /// # Errors
    /// [`FetchError`]; why exactly is in the log, without the address's query and without cookies.
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
    /// The failure as the page is told of it, with who was asked and what an operator can do.
    pub fn refusal(self, asked: &str, remedy: Remedy) -> Refusal {
        let (status, code, what) = match self {
            Self::Timeout => {
                (StatusCode::GATEWAY_TIMEOUT, Code::Timeout, "did not answer within 3 seconds")
            }
            Self::Unreachable => (StatusCode::BAD_GATEWAY, Code::Network, "could not be reached"),
            Self::TooLarge => {
                (StatusCode::BAD_GATEWAY, Code::LoginFailed, "answered more than 64 KiB")
            }
        };
        Refusal::new(status, code, format!("{asked} {what}.")).with_remedy(remedy)
    }
}

fn why(url: &Url, error: reqwest::Error) -> FetchError {
    // The innermost cause is the one that helps: a name, a connection, a certificate.
    let cause = std::iter::successors(error.source(), |&cause| cause.source()).last();
    let cause = cause.map_or_else(|| "no cause given".to_owned(), ToString::to_string);
    let host = url.host_str().unwrap_or_default();
    tracing::warn!(host, timeout = error.is_timeout(), cause, "nobody said who is asking");
    if error.is_timeout() { FetchError::Timeout } else { FetchError::Unreachable }
}
