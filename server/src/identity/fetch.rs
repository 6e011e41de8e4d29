//! Short GET requests to URLs of the configuration.

use std::time::Duration;

use axum::http::header::{ACCEPT, COOKIE};
use axum::http::{HeaderValue, StatusCode};
use calldock_contract::Code;
use reqwest::Client;
use url::Url;

use crate::address::PlainHttp;
use crate::fetch::{self, FetchError, Fetched};
use crate::problem::{Refusal, Remedy};

/// The deadline of one request, well below the page's own of 15 s.
pub const DEADLINE: Duration = Duration::from_secs(3);

/// The largest response, in bytes.
pub const LIMIT: usize = 64 * 1024;

/// Builds the client. It follows no redirects: cookies are for one URL.
///
/// # Errors
/// The system trusts no certificate authority.
pub fn client(plain: PlainHttp) -> Result<Client, reqwest::Error> {
    fetch::client(plain, DEADLINE, fetch::AGENT)
}

/// Sends a request with these cookies.
///
/// # Errors
/// [`FetchError`]; the cause is in the log, without the URL's query and cookies.
pub async fn get(
    client: &Client,
    url: &Url,
    cookies: Option<&HeaderValue>,
) -> Result<Fetched, FetchError> {
    let mut request = client.get(url.clone()).header(ACCEPT, "application/json");
    if let Some(cookies) = cookies {
        request = request.header(COOKIE, cookies);
    }
    fetch::send(request, LIMIT).await
}

/// Describes a failure for the page: which service failed, and how to fix it.
pub fn refusal(error: FetchError, service: &str, remedy: Remedy) -> Refusal {
    let (status, code, what) = match error {
        FetchError::Timeout => {
            (StatusCode::GATEWAY_TIMEOUT, Code::Timeout, "did not respond within 3 seconds")
        }
        FetchError::Unreachable => (StatusCode::BAD_GATEWAY, Code::Network, "could not be reached"),
        FetchError::TooLarge => {
            (StatusCode::BAD_GATEWAY, Code::LoginFailed, "sent more than 64 KiB")
        }
    };
    Refusal::new(status, code, format!("{service} {what}.")).with_remedy(remedy)
}
