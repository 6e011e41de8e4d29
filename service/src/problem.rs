//! Every failure as `application/problem+json`, in the caller's language.
//!
//! A handler returns a [`Refusal`]; the middleware [`write_failures`] renders it, or [`Refusal::respond`]. A bare status of a library
//! (404, 405, …) gets its words there too.

use std::time::Duration;

use axum::extract::Request;
use axum::http::header::{
    ACCEPT_LANGUAGE, ALLOW, CACHE_CONTROL, CONNECTION, CONTENT_LANGUAGE, CONTENT_LENGTH,
    CONTENT_TYPE, RETRY_AFTER, SET_COOKIE, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use calldock_contract::{Code, Problem, problem};

use crate::header_parts;

/// A remedy in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// English.
    pub en: &'static str,
    /// Chinese.
    pub zh: &'static str,
}

impl From<Code> for Remedy {
    fn from(code: Code) -> Self {
        Self { en: code.remedy_en(), zh: code.remedy_zh() }
    }
}

/// A failure on its way out. No member may hold a secret or a vendor's free text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    status: StatusCode,
    code: Code,
    detail: String,
    remedy: Remedy,
    retry_after: Option<u32>,
    ticket: Option<String>,
    /// Headers that only some failures have.
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Refusal {
    /// A failure with the code's own remedy.
    pub fn new(status: StatusCode, code: Code, detail: impl Into<String>) -> Self {
        Self {
            status,
            code,
            detail: detail.into(),
            remedy: code.into(),
            retry_after: None,
            ticket: None,
            headers: Vec::new(),
        }
    }

    /// The same with a more specific remedy than the code's.
    pub fn with_remedy(self, remedy: Remedy) -> Self {
        Self { remedy, ..self }
    }

    /// The same with a `Retry-After`, in seconds.
    pub fn with_retry_after(self, seconds: impl Into<Option<u32>>) -> Self {
        Self { retry_after: seconds.into(), ..self }
    }

    /// The queue is full: 503 with the ticket that keeps the caller's turn, and when it is expected.
    pub fn queue_full(ticket: String, wait: Duration) -> Self {
        let seconds = u32::try_from(wait.as_secs().max(1)).unwrap_or(u32::MAX);
        let detail = "More requests are waiting than can be served within the queue's deadline.";
        let refusal = Self::new(StatusCode::SERVICE_UNAVAILABLE, Code::QueueFull, detail);
        Self { ticket: Some(ticket), ..refusal.with_retry_after(seconds) }
    }

    /// The same with a `Set-Cookie`, if there is one.
    pub fn with_cookie(mut self, cookie: Option<HeaderValue>) -> Self {
        self.headers.extend(cookie.map(|cookie| (SET_COOKIE, cookie)));
        self
    }

    /// The same with the methods that are accepted (`Allow`).
    pub fn with_allow(mut self, methods: &'static str) -> Self {
        self.headers.push((ALLOW, HeaderValue::from_static(methods)));
        self
    }

    /// The same on a connection that is not used again.
    pub fn closing(mut self) -> Self {
        self.headers.push((CONNECTION, HeaderValue::from_static("close")));
        self
    }

    /// The response to a request with these headers.
    pub fn respond(self, requested: &HeaderMap) -> Response {
        self.render(HeaderMap::new(), Language::preferred(requested))
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// What happened, in English.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// What to do about it.
    pub fn remedy(&self) -> Remedy {
        self.remedy
    }

    /// The refusal for a bare status of a library.
    pub fn bare(status: StatusCode) -> Self {
        let (code, detail) = match status {
            StatusCode::NOT_FOUND => (Code::InvalidOption, "This server has nothing at this path."),
            StatusCode::METHOD_NOT_ALLOWED => (
                Code::InvalidOption,
                "This path accepts only the methods that its Allow header names.",
            ),
            status if status.is_client_error() => {
                (Code::InvalidOption, "The request is not of a form this server accepts.")
            }
            _ => (Code::Internal, "The server could not handle the request."),
        };
        let remedy = if status.is_client_error() { REQUEST } else { SERVER_LOG };
        Self::new(status, code, detail).with_remedy(remedy)
    }

    fn render(self, mut headers: HeaderMap, language: Language) -> Response {
        let remedy = match language {
            Language::English => self.remedy.en,
            Language::Chinese => self.remedy.zh,
        };
        let body = Problem {
            kind: "about:blank".into(),
            title: self.status.canonical_reason().unwrap_or("Error").into(),
            status: self.status.as_u16(),
            detail: self.detail,
            code: self.code.as_str().into(),
            remedy: remedy.into(),
            wait_seconds: self.ticket.is_some().then_some(self.retry_after).flatten(),
            ticket: self.ticket,
        };
        headers.remove(CONTENT_LENGTH);
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(problem::CONTENT_TYPE));
        headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
        headers.append(VARY, HeaderValue::from_static("accept-language"));
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, seconds.into());
        }
        for (name, value) in self.headers {
            headers.append(name, value);
        }
        // Texts and numbers always serialize.
        (self.status, headers, serde_json::to_vec(&body).unwrap_or_default()).into_response()
    }
}

/// The remedy of a request that is wrong by itself.
const REQUEST: Remedy = Remedy {
    en: "Check the address, the method and the headers of the request against the documentation.",
    zh: "请对照文档检查请求的地址、方法与请求头。",
};

/// The remedy of a failure of this server.
const SERVER_LOG: Remedy = Remedy {
    en: "Try again; if it keeps happening, look at the server's log.",
    zh: "请重试；若反复出现，请查看服务端日志。",
};

/// Marks a response that is not rendered again, whatever its status.
#[derive(Clone, Copy, Debug)]
pub struct AsItIs;

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Middleware that renders failures, in the language that the request prefers.
pub async fn write_failures(request: Request, next: Next) -> Response {
    let language = Language::preferred(request.headers());
    let mut response = next.run(request).await;
    let status = response.status();
    let refusal = match response.extensions_mut().remove::<Refusal>() {
        Some(refusal) => refusal,
        None if response.extensions().get::<AsItIs>().is_some() => return response,
        None if status.is_client_error() || status.is_server_error() => Refusal::bare(status),
        None => return response,
    };
    refusal.render(response.into_parts().0.headers, language)
}

/// The languages a remedy is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// Chinese.
    Chinese,
}

impl Language {
    /// Reads a terminal's locale: `zh_CN.UTF-8` and the like are Chinese (POSIX: LC_ALL overrides LC_MESSAGES,
    /// which overrides LANG; an empty one is unset).
    pub fn of_terminal(variable: impl Fn(&str) -> Option<String>) -> Self {
        let named = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(variable);
        match named.into_iter().find(|locale| !locale.is_empty()) {
            Some(locale) if locale.to_ascii_lowercase().starts_with("zh") => Self::Chinese,
            _ => Self::English,
        }
    }

    /// Reads `Accept-Language` (RFC 9110 §12.5.4); the default is English.
    fn preferred(requested: &HeaderMap) -> Self {
        let mut best = (0.0, Self::English);
        for range in header_parts(requested, ACCEPT_LANGUAGE, b',') {
            let (range, weight) = range.split_once(';').unwrap_or((range, ""));
            let primary = range.trim().split('-').next().unwrap_or_default();
            let language = if primary.eq_ignore_ascii_case("zh") {
                Self::Chinese
            } else if primary.eq_ignore_ascii_case("en") {
                Self::English
            } else {
                continue;
            };
            let weight = match weight.trim().strip_prefix("q=") {
                Some(number) => number.parse::<f32>().unwrap_or(0.0),
                None => 1.0,
            };
            if weight > best.0 {
                best = (weight, language);
            }
        }
        best.1
    }

    const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh",
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_terminals_locale_decides() {
        let of = |set: &[(&str, &str)]| {
            Language::of_terminal(|name| {
                set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).into())
            })
        };
        assert_eq!(of(&[("LANG", "zh_CN.UTF-8")]), Language::Chinese);
        assert_eq!(of(&[("LC_ALL", ""), ("LANG", "zh_TW")]), Language::Chinese);
        for set in [&[("LC_ALL", "C.UTF-8"), ("LANG", "zh_CN")][..], &[("LANG", "en_GB")], &[]] {
            assert_eq!(of(set), Language::English);
        }
    }

    #[test]
    fn chinese_is_used_where_it_is_preferred() {
        let preferred = |value: &str| {
            Language::preferred(&[(ACCEPT_LANGUAGE, value.parse().unwrap())].into_iter().collect())
        };
        for value in
            ["zh", "zh-CN,zh;q=0.9,en;q=0.8", "fr, ZH-Hant;q=0.5", "en;q=0.1, zh;q=0.2", "中文, zh"]
        {
            assert_eq!(preferred(value), Language::Chinese, "{value}");
        }
        for value in ["en", "en-GB, zh;q=0.9", "fr", "zh;q=0", "*", "", "zh;q=x", "zhx"] {
            assert_eq!(preferred(value), Language::English, "{value}");
        }
        assert_eq!(Language::preferred(&HeaderMap::new()), Language::English);
    }
}
