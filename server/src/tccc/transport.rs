//! How a signed call travels to the vendor.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use axum::http::HeaderMap;
use reqwest::Client;
use url::Url;

use crate::address::PlainHttp;
use crate::fetch;
pub use crate::fetch::{FetchError as TransportError, Fetched as Reply};

/// A call, ready to be sent.
pub struct Call {
    /// Where to.
    pub url: Url,
    /// Every header but `Host`, which follows from the address. Credentials among them are marked sensitive.
    pub headers: HeaderMap,
    /// JSON.
    pub body: String,
    /// The longest response that is read, in bytes.
    pub reply_limit: usize,
}

/// The longest response of an action that is read, in bytes. Most have a few hundred; a page of 9,999
/// agents, the vendor's largest, has some 15 MB.
pub fn reply_limit(action: &str) -> usize {
    match action {
        "DescribeStaffInfoList" => 16 * 1024 * 1024,
        _ => 64 * 1024,
    }
}

/// A whole call must be over well before the page's own deadline of 15 s.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(8);

/// Sends one call and reads its response.
pub trait Transport: Send + Sync + 'static {
    /// Sends it once: a login is never requested twice without the caller.
    fn send(&self, call: Call) -> Sending<'_>;
}

/// The future of [`Transport::send`].
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<Reply, TransportError>> + Send + 'a>>;

/// The real one: HTTP over TLS.
pub struct HttpTransport {
    client: Client,
}

impl HttpTransport {
    /// Makes the client. It follows no redirect, since a signature is for one host.
    ///
    /// # Errors
    /// The system has no certificate authorities to trust.
    pub fn new(plain: PlainHttp, timeout: Duration) -> Result<Self, reqwest::Error> {
        Ok(Self { client: fetch::client(plain, timeout, fetch::AGENT)? })
    }
}

impl Transport for HttpTransport {
    fn send(&self, call: Call) -> Sending<'_> {
        let Call { url, headers, body, reply_limit } = call;
        let request = self.client.post(url).headers(headers).body(body);
        Box::pin(fetch::send(request, reply_limit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lists_of_agents_are_long() {
        assert_eq!(reply_limit("CreateSDKLoginToken"), 64 * 1024);
        assert!(reply_limit("DescribeStaffInfoList") >= 9999 * 1500);
    }
}
