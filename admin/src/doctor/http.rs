//! Sends requests as a page or a vendor would, and reads responses without trusting them.

use std::time::{Duration, SystemTime};

use calldock_server::address::PlainHttp;
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, LOCATION, SET_COOKIE};
use reqwest::{Client, RequestBuilder};
use url::Url;

use super::network_error::NetworkError;

/// The deadline of one request.
pub const TIMEOUT: Duration = Duration::from_secs(8);

/// Bytes of a body that are read; the vendor's scripts are longer.
const BODY: usize = 64 * 1024;

/// A response: its beginning, which is enough to tell what it is.
#[derive(Debug)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The first 64 KiB of the body.
    pub start: Vec<u8>,
    /// This machine's time halfway between request and response.
    pub at: SystemTime,
}

impl Response {
    /// Returns whether the status is 2xx.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Returns whether it is an HTML page, by its type or by its first character.
    pub fn is_html(&self) -> bool {
        self.content_type().contains("html") || self.start.trim_ascii_start().starts_with(b"<")
    }

    /// Returns whether it is a JSON value.
    pub fn is_json(&self) -> bool {
        serde_json::from_slice::<serde::de::IgnoredAny>(&self.start).is_ok()
    }

    /// Returns whether it may be a script: a text that is neither HTML nor JSON, whatever its type.
    pub fn is_script(&self) -> bool {
        !self.start.trim_ascii().is_empty() && !self.is_html() && !self.is_json()
    }

    /// Returns the origin that a redirect leads to, without path and query.
    pub fn redirect(&self, requested: &Url) -> Option<String> {
        if !(300..400).contains(&self.status) {
            return None;
        }
        let location = self.headers.get(LOCATION).and_then(|location| location.to_str().ok());
        let location = location.and_then(|location| requested.join(location).ok());
        Some(location.map_or("nowhere".into(), |location| location.origin().ascii_serialization()))
    }

    /// Returns how far this machine's clock is ahead of the `Date` header, in seconds; negative: behind.
    pub fn clock_ahead(&self) -> Option<i64> {
        let date = self.headers.get(DATE)?.to_str().ok()?;
        let date = httpdate::parse_http_date(date).ok()?;
        let seconds = |span: Duration| i64::try_from(span.as_secs()).unwrap_or(i64::MAX);
        Some(match self.at.duration_since(date) {
            Ok(ahead) => seconds(ahead),
            Err(behind) => -seconds(behind.duration()),
        })
    }

    /// Returns the `Set-Cookie` headers of a cookie.
    pub fn cookies<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let set = self.headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
        set.filter(move |value| {
            value.split_once('=').is_some_and(|(found, _)| found.trim() == name)
        })
    }

    fn content_type(&self) -> String {
        let value = self.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_ascii_lowercase()
    }
}

/// Builds a client that follows no redirects, keeps no cookies and retries nothing.
///
/// # Errors
/// The system trusts no certificate authority.
pub fn client(plain: PlainHttp) -> Result<Client, reqwest::Error> {
    calldock_server::fetch::client(plain, TIMEOUT, AGENT)
}

/// The name that the doctor's requests have.
const AGENT: &str = concat!("calldock-doctor/", env!("CARGO_PKG_VERSION"));

/// Returns how a client must be built for a URL: plain HTTP is accepted on this machine only.
pub fn plain_for(url: &Url) -> PlainHttp {
    if url.scheme() == "http" { PlainHttp::OnLoopback } else { PlainHttp::Refused }
}

/// Sends a request and reads the beginning of the response.
///
/// # Errors
/// [`NetworkError`].
pub async fn send(request: RequestBuilder) -> Result<Response, NetworkError> {
    let sent = SystemTime::now();
    let response = async {
        let mut response = request.send().await.map_err(|error| NetworkError::of(&error))?;
        // The other side wrote its Date about now.
        let at = sent + sent.elapsed().unwrap_or_default() / 2;
        let mut start = Vec::new();
        while start.len() < BODY {
            let chunk = response.chunk().await.map_err(|_| NetworkError::Incomplete)?;
            let Some(chunk) = chunk else { break };
            start.extend_from_slice(&chunk[..chunk.len().min(BODY - start.len())]);
        }
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Ok(Response { status, headers, start, at })
    };
    tokio::time::timeout(TIMEOUT, response).await.unwrap_or(Err(NetworkError::Timeout))
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    fn response(status: u16, content_type: &'static str, body: &str) -> Response {
        let headers =
            HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(content_type))]);
        let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_724_036_645);
        Response { status, headers, start: body.into(), at }
    }

    #[test]
    fn html_is_no_script_whatever_its_content_type() {
        assert!(response(200, "text/javascript", "\n<!doctype html>").is_html());
        assert!(response(200, "text/html", "let a").is_html());
        assert!(!response(200, "text/javascript", "<html>").is_script());
        assert!(!response(200, "text/javascript", r#"{"resultCode":"1"}"#).is_script());
        assert!(!response(200, "text/javascript", " ").is_script());
        assert!(response(200, "text/plain", "let a = 1").is_script());
    }

    #[test]
    fn a_clock_is_ahead_or_behind() {
        let at = |date: &'static str| {
            let mut response = response(200, "text/plain", "");
            response.headers.insert(DATE, HeaderValue::from_static(date));
            response.clock_ahead()
        };
        assert_eq!(at("Mon, 19 Aug 2024 03:04:05 GMT"), Some(0));
        assert_eq!(at("Mon, 19 Aug 2024 03:03:05 GMT"), Some(60));
        assert_eq!(at("Mon, 19 Aug 2024 03:05:05 GMT"), Some(-60));
        assert_eq!(at("yesterday"), None);
    }

    #[test]
    fn a_redirect_is_named_by_its_origin_only() {
        let requested = Url::parse("https://shop.example/a").unwrap();
        let to = |status, location: &'static str| {
            let mut response = response(status, "text/plain", "");
            response.headers.insert(LOCATION, HeaderValue::from_static(location));
            response.redirect(&requested)
        };
        let sso = to(302, "https://sso.example/login?token=x").unwrap();
        assert_eq!(sso, "https://sso.example");
        assert_eq!(to(301, "/a/").unwrap(), "https://shop.example");
        assert_eq!(to(200, "/a/"), None);
    }
}
