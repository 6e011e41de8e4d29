//! Asks as a page or a vendor would, and looks at what comes back without trusting it.

use std::error::Error;
use std::time::{Duration, SystemTime};

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, DATE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, Request, header};
use http_body_util::BodyExt;
use reqwest::{Client, redirect};
use url::Url;

use super::trouble::Trouble;
use crate::address::PlainHttp;

/// How long one answer may take.
pub const PATIENCE: Duration = Duration::from_secs(8);

/// As much of an answer as is looked at; the vendor's scripts are longer.
const LOOK: usize = 64 * 1024;

/// What came back: its beginning, which is enough to say what it is.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// At most [`LOOK`] bytes.
    pub start: Vec<u8>,
    /// This machine's time in the middle between question and answer.
    pub at: SystemTime,
}

impl Answer {
    /// Whether the status is 2xx.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Whether it is a page, by its type or by its first letter: a fallback may say anything.
    pub fn is_html(&self) -> bool {
        self.kind().contains("html") || self.start.trim_ascii_start().starts_with(b"<")
    }

    /// Whether it is a JSON value.
    pub fn is_json(&self) -> bool {
        serde_json::from_slice::<serde::de::IgnoredAny>(&self.start).is_ok()
    }

    /// Whether it may be a script: some text that is neither a page nor JSON, whatever its type.
    pub fn is_script(&self) -> bool {
        !self.start.trim_ascii().is_empty() && !self.is_html() && !self.is_json()
    }

    /// Where it leads to, without path and query, which may hold anything.
    pub fn redirect(&self, asked: &Url) -> Option<String> {
        if !(300..400).contains(&self.status) {
            return None;
        }
        let place = self.headers.get(LOCATION).and_then(|place| place.to_str().ok());
        let place = place.and_then(|place| asked.join(place).ok());
        Some(place.map_or("nowhere".to_owned(), |place| place.origin().ascii_serialization()))
    }

    /// How far this machine's clock is ahead of the `Date` header, in seconds; negative: behind.
    pub fn ahead(&self) -> Option<i64> {
        let date = self.headers.get(DATE)?.to_str().ok()?;
        let theirs = httpdate::parse_http_date(date).ok()?;
        let seconds = |span: Duration| i64::try_from(span.as_secs()).unwrap_or(i64::MAX);
        Some(match self.at.duration_since(theirs) {
            Ok(ahead) => seconds(ahead),
            Err(behind) => -seconds(behind.duration()),
        })
    }

    /// The `Set-Cookie` headers that set this cookie.
    pub fn cookies<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let set = self.headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
        set.filter(move |value| {
            value.split(';').next().and_then(|pair| pair.split_once('=')).map(|pair| pair.0.trim())
                == Some(name)
        })
    }

    fn kind(&self) -> String {
        let kind = self.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        kind.unwrap_or_default().to_ascii_lowercase()
    }
}

/// A client that follows nothing, keeps nothing and repeats nothing.
///
/// # Errors
/// The system has no certificate authorities to trust.
pub fn client(plain: PlainHttp) -> Result<Client, reqwest::Error> {
    // A second installation fails and changes nothing; it is the same provider.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = Client::builder()
        .user_agent(concat!("calldock-doctor/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .connect_timeout(Duration::from_secs(5));
    match plain {
        PlainHttp::Refused => builder.https_only(true),
        PlainHttp::OnLoopback => builder.no_proxy().tls_certs_only([]),
    }
    .build()
}

/// Sends one request and reads the beginning of its answer.
///
/// # Errors
/// A [`Trouble`] if none came.
pub async fn send(client: &Client, request: Request<String>) -> Result<Answer, Trouble> {
    let (parts, body) = request.into_parts();
    let url = parts.uri.to_string();
    let call = client.request(parts.method, url).headers(parts.headers).body(body);
    let asked = SystemTime::now();
    let answering = async {
        let answer = call.send().await.map_err(|error| Trouble::of(&error))?;
        let at = middle(asked);
        let (parts, body) = axum::http::Response::<reqwest::Body>::from(answer).into_parts();
        let start = beginning(Body::new(body)).await.map_err(|_| Trouble::BrokeOff)?;
        Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, start, at })
    };
    tokio::time::timeout(PATIENCE, answering).await.unwrap_or(Err(Trouble::Timeout))
}

/// When the other side wrote its time, as well as can be known here.
pub fn middle(asked: SystemTime) -> SystemTime {
    asked + asked.elapsed().unwrap_or_default() / 2
}

/// Reads as much as is looked at.
///
/// # Errors
/// The body broke off before.
pub async fn beginning(mut body: Body) -> Result<Vec<u8>, Box<dyn Error + Send + Sync>> {
    let mut start = Vec::new();
    while let Some(frame) = body.frame().await {
        if let Some(data) = frame?.data_ref() {
            start.extend_from_slice(&data[..data.len().min(LOOK - start.len())]);
        }
        if start.len() >= LOOK {
            break;
        }
    }
    Ok(start)
}

/// A question without a body.
pub fn get(url: &Url) -> Request<String> {
    let mut request = Request::new(String::new());
    *request.uri_mut() = uri(url);
    request
}

/// A question with a body of this type.
pub fn post(url: &Url, content_type: &'static str, body: String) -> Request<String> {
    let mut request = get(url);
    *request.method_mut() = axum::http::Method::POST;
    request
        .headers_mut()
        .insert(header::CONTENT_TYPE, header::HeaderValue::from_static(content_type));
    *request.body_mut() = body;
    request
}

/// Every `http` address the `url` crate writes is one of the `http` crate's.
fn uri(url: &Url) -> axum::http::Uri {
    url.as_str().parse().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn answer(status: u16, content_type: &'static str, body: &str) -> Answer {
        let headers =
            HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(content_type))]);
        let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_724_036_645);
        Answer { status, headers, start: body.into(), at }
    }

    #[test]
    fn a_page_is_no_script_whatever_it_says_of_itself() {
        assert!(answer(200, "text/javascript", "\n<!doctype html>").is_html());
        assert!(answer(200, "text/html", "let a").is_html());
        assert!(!answer(200, "text/javascript", "<html>").is_script());
        assert!(!answer(200, "text/javascript", r#"{"resultCode":"1"}"#).is_script());
        assert!(!answer(200, "text/javascript", " ").is_script());
        assert!(answer(200, "text/plain", "let a = 1").is_script());
    }

    #[test]
    fn a_clock_is_ahead_or_behind() {
        let at = |date: &'static str| {
            let mut answer = answer(200, "text/plain", "");
            answer.headers.insert(DATE, HeaderValue::from_static(date));
            answer.ahead()
        };
        assert_eq!(at("Mon, 19 Aug 2024 03:04:05 GMT"), Some(0));
        assert_eq!(at("Mon, 19 Aug 2024 03:03:05 GMT"), Some(60));
        assert_eq!(at("Mon, 19 Aug 2024 03:14:05 GMT"), Some(-600));
        assert_eq!(at("yesterday"), None);
        assert_eq!(answer(200, "text/plain", "").ahead(), None);
    }

    #[test]
    fn a_redirect_tells_its_origin_only() {
        let asked = Url::parse("https://shop.example/service-cloud/a").unwrap();
        let to = |status, place: &'static str| {
            let mut answer = answer(status, "text/plain", "");
            answer.headers.insert(LOCATION, HeaderValue::from_static(place));
            answer.redirect(&asked)
        };
        assert_eq!(to(302, "/login?next=x").as_deref(), Some("https://shop.example"));
        assert_eq!(to(301, "https://sso.example/?t=1").as_deref(), Some("https://sso.example"));
        assert_eq!(to(200, "/login"), None);
    }
}
