//! The company's own "who is this" address, asked with the browser's cookie.
//!
//! Only the cookies of `gateway.cookies` go there: what else the browser sends is not its business. The
//! answer is kept for seconds under a hash of those cookies; the cookies themselves are kept nowhere.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, StatusCode};
use calldock_contract::Code;
use serde_json::Value;
use sha2::{Digest, Sha256};
use url::Url;

use super::super::fetch::Fetcher;
use super::super::{Person, cookies};
use super::joined::Joined;
use crate::address::{self, PlainHttp};
use crate::problem::{Refusal, Remedy};

/// Whom to ask, and how to read the answer.
#[derive(Clone, Debug)]
pub struct CallBackConfig {
    /// `gateway.url`: https, or http on this machine.
    pub url: Url,
    /// `gateway.cookies`: which ones it gets.
    pub cookies: Vec<String>,
    /// `gateway.id_member`: where the id is in the answer, a JSON Pointer (RFC 6901).
    pub id_member: String,
    /// `gateway.name_member`: where the name is, if there is one.
    pub name_member: String,
    /// `gateway.cache`: how long an answer is believed.
    pub cache: Duration,
}

/// The address, and what it said lately.
#[derive(Debug)]
pub struct CallBack {
    config: CallBackConfig,
    fetcher: Fetcher,
    answers: Joined,
}

impl CallBack {
    /// Makes the client.
    ///
    /// # Errors
    /// The system has no certificate authorities to trust.
    pub fn new(config: CallBackConfig) -> Result<Self, reqwest::Error> {
        let plain = match config.url.scheme() {
            "http" if address::is_loopback(&config.url) => PlainHttp::OnLoopback,
            _ => PlainHttp::Refused,
        };
        let answers = Joined::new(config.cache);
        Ok(Self { fetcher: Fetcher::new(plain)?, answers, config })
    }

    /// The person whose cookies these are.
    ///
    /// # Errors
    /// A [`Refusal`]: 401 for nobody, 502 or 504 where there is no usable answer.
    pub async fn person(&self, headers: &HeaderMap) -> Result<Person, Refusal> {
        let cookies = self.cookies(headers).ok_or_else(nobody)?;
        let key = Sha256::digest(cookies.as_bytes()).into();
        let (fetcher, config) = (self.fetcher.clone(), self.config.clone());
        let ask = async move {
            let answer = fetcher.get(&config.url, Some(&cookies)).await;
            let answer = answer.map_err(|error| error.refusal("The application", APPLICATION))?;
            match answer.status {
                StatusCode::OK => config.read(&answer.body),
                StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(nobody()),
                status => Err(unusable(&format!("found status {}", status.as_u16()))),
            }
        };
        // In a box, so that a login that asks nobody is no larger for it.
        Box::pin(self.answers.answer(key, ask)).await
    }

    /// The cookies that go there, as they came; nothing if there are none.
    fn cookies(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        let pairs: Vec<_> = cookies::all(headers)
            .filter(|(name, _)| self.config.cookies.iter().any(|known| known == name))
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if pairs.is_empty() {
            return None;
        }
        let mut value = HeaderValue::from_str(&pairs.join("; ")).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

impl CallBackConfig {
    fn read(&self, body: &[u8]) -> Result<Person, Refusal> {
        let answer: Value = serde_json::from_slice(body).map_err(|_| unusable("found no JSON"))?;
        // Many a system counts its people.
        let id = match answer.pointer(&self.id_member) {
            Some(Value::String(id)) => id.clone(),
            Some(Value::Number(id)) if !id.is_f64() => id.to_string(),
            _ => return Err(unusable("found no text and no whole number at gateway.id_member")),
        };
        let name = answer.pointer(&self.name_member).and_then(Value::as_str);
        Person::new(&id, name).map_err(|_| unusable("found an id that is none"))
    }
}

/// What to do about an application that does not say who is asking.
const APPLICATION: Remedy = Remedy {
    en: "Try again; if it keeps happening, check that gateway.url answers 200 with {\"id\", \"name\"} for somebody who is signed in, and 401 for nobody.",
    zh: "请重试；若反复出现，请检查 gateway.url：已登录时应返回 200 及 {\"id\", \"name\"}，未登录时应返回 401。",
};

fn nobody() -> Refusal {
    let detail = "The application knows nobody by this request's cookies.";
    Refusal::new(StatusCode::UNAUTHORIZED, Code::LoginFailed, detail).with_remedy(Remedy {
        en: "Sign in to the site first. The operator's part: gateway.cookies names the session's cookie, the cookie's Path covers /calldock/, and gateway.url answers 200 for it.",
        zh: "请先登录网站。运维人员请确认：gateway.cookies 列有会话 cookie，其 Path 覆盖 /calldock/，且 gateway.url 对其返回 200。",
    })
}

fn unusable(found: &str) -> Refusal {
    tracing::error!(found, "the application did not say who is asking");
    let detail = format!("The application: expected who is asking, {found}.");
    Refusal::new(StatusCode::BAD_GATEWAY, Code::LoginFailed, detail).with_remedy(APPLICATION)
}
