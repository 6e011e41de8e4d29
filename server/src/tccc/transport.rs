//! How a signed call travels to the vendor.

use std::error::Error;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use axum::http::{HeaderMap, header};
use reqwest::{Client, redirect};
use url::Url;

use crate::address::PlainHttp;

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

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The `Content-Type`, or empty.
    pub content_type: String,
    /// The body, at most [`Call::reply_limit`] bytes.
    pub body: Vec<u8>,
}

/// Why nothing came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransportError {
    /// No whole response in time.
    Timeout,
    /// No connection, or one that broke.
    Unreachable,
    /// More than [`Call::reply_limit`] bytes.
    TooLarge,
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
        // A second installation fails and changes nothing; it is the same provider.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = Client::builder()
            .user_agent(concat!("calldock-server/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .timeout(timeout)
            .connect_timeout(timeout.min(Duration::from_secs(3)));
        let builder = match plain {
            PlainHttp::Refused => builder.https_only(true),
            // The demo talks to this machine only: past any proxy, and on machines without authorities.
            PlainHttp::OnLoopback => builder.no_proxy().tls_certs_only([]),
        };
        Ok(Self { client: builder.build()? })
    }

    async fn exchange(&self, call: Call) -> Result<Reply, TransportError> {
        let Call { url, headers, body, reply_limit } = call;
        let request = self.client.post(url).headers(headers).body(body);
        let mut response = request.send().await.map_err(why)?;
        let content_type = response
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        let mut reply =
            Reply { status: response.status().as_u16(), content_type, body: Vec::new() };
        while let Some(chunk) = response.chunk().await.map_err(why)? {
            if reply.body.len() + chunk.len() > reply_limit {
                return Err(TransportError::TooLarge);
            }
            reply.body.extend_from_slice(&chunk);
        }
        Ok(reply)
    }
}

impl Transport for HttpTransport {
    fn send(&self, call: Call) -> Sending<'_> {
        Box::pin(self.exchange(call))
    }
}

fn why(error: reqwest::Error) -> TransportError {
    // The innermost cause is the one that helps: a name, a connection, a certificate.
    let cause = std::iter::successors(error.source(), |&cause| cause.source()).last();
    let cause = cause.map_or_else(|| "no cause given".to_owned(), ToString::to_string);
    tracing::warn!(timeout = error.is_timeout(), cause, "the call to the vendor failed");
    if error.is_timeout() { TransportError::Timeout } else { TransportError::Unreachable }
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
