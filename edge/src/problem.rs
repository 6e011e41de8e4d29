//! Failures as `application/problem+json` (RFC 9457), the remedy in the caller's language.

use axum::http::header::{
    ACCEPT_LANGUAGE, ALLOW, CACHE_CONTROL, CONNECTION, CONTENT_LANGUAGE, CONTENT_TYPE, RETRY_AFTER,
    VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use calldock_contract::{Code, Problem};

/// What to do about a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// English.
    pub en: &'static str,
    /// Chinese.
    pub zh: &'static str,
}

/// A failure to report.
#[derive(Clone, Debug)]
pub struct Failure {
    status: StatusCode,
    code: Code,
    detail: String,
    remedy: Remedy,
    retry_after: Option<u32>,
    /// Whether the connection must not be used again.
    close: bool,
    /// The methods that would be taken.
    allow: Option<&'static str>,
}

impl Failure {
    /// Creates a failure. `detail` must not quote a request.
    pub fn new(status: StatusCode, code: Code, detail: impl Into<String>, remedy: Remedy) -> Self {
        let detail = detail.into();
        Self { status, code, detail, remedy, retry_after: None, close: false, allow: None }
    }

    /// Adds `Retry-After`, in seconds.
    pub fn retry_after(self, seconds: u32) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }

    /// Closes the connection afterwards.
    pub fn close(self) -> Self {
        Self { close: true, ..self }
    }

    /// Adds `Allow`.
    pub fn allow(self, methods: &'static str) -> Self {
        Self { allow: Some(methods), ..self }
    }

    /// Returns what happened, in English.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// Writes the response to a request with these headers.
    pub fn respond(self, asked: &HeaderMap) -> Response {
        let chinese = prefers_chinese(asked);
        let (remedy, language) =
            if chinese { (self.remedy.zh, "zh") } else { (self.remedy.en, "en") };
        let problem = Problem {
            kind: "about:blank".into(),
            title: self.status.canonical_reason().unwrap_or("Error").into(),
            status: self.status.as_u16(),
            detail: self.detail,
            code: self.code.as_str().into(),
            remedy: remedy.into(),
            ticket: None,
            wait_seconds: None,
        };
        // Texts and numbers always serialize.
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut response = (self.status, body).into_response();
        let headers = response.headers_mut();
        for (name, value) in [
            (CACHE_CONTROL, "no-store"),
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (CONTENT_TYPE, "application/problem+json"),
            (CONTENT_LANGUAGE, language),
            (VARY, "accept-language"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, seconds.into());
        }
        if self.close {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        if let Some(methods) = self.allow {
            headers.insert(ALLOW, HeaderValue::from_static(methods));
        }
        response
    }
}

/// Returns whether Chinese is preferred to English (RFC 9110 §12.5.4).
fn prefers_chinese(asked: &HeaderMap) -> bool {
    let values = asked.get_all(ACCEPT_LANGUAGE).iter().filter_map(|value| value.to_str().ok());
    let mut best = (0.0, false);
    for range in values.flat_map(|value| value.split(',')) {
        let (range, weight) = range.split_once(';').unwrap_or((range, ""));
        let primary = range.trim().split('-').next().unwrap_or_default();
        let chinese = primary.eq_ignore_ascii_case("zh");
        if !chinese && !primary.eq_ignore_ascii_case("en") {
            continue;
        }
        let weight = match weight.trim().strip_prefix("q=") {
            Some(number) => number.parse::<f32>().unwrap_or(0.0),
            None => 1.0,
        };
        if weight > best.0 {
            best = (weight, chinese);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_is_used_where_it_is_preferred_to_english() {
        let preferred = |value| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(value));
            prefers_chinese(&headers)
        };
        for value in ["zh", "zh-CN,zh;q=0.9,en;q=0.8", "fr, ZH-Hant;q=0.5", "en;q=0.1, zh;q=0.2"] {
            assert!(preferred(value), "{value}");
        }
        for value in ["en", "en-GB, zh;q=0.9", "fr", "zh;q=0", "*", "", "zh;q=x", "zhx"] {
            assert!(!preferred(value), "{value}");
        }
    }
}
