//! The application's own "who am I" URL, asked with the browser's cookie.
//!
//! Only the cookies of `gateway.cookies` are sent. Responses are cached for seconds under a hash of those
//! cookies, and concurrent requests with the same cookies share one look-up.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, StatusCode};
use calldock_contract::Code;
use calldock_service::Caller;
use moka::future::Cache;
use serde_json::Value;
use sha2::{Digest, Sha256};
use url::Url;

use super::super::fetch::{self, refusal};
use super::super::{Person, cookie};
use crate::address::{self, PlainHttp};
use crate::problem::{Refusal, Remedy};
use crate::queue::{Budget, Who, ticket};

/// The largest number of cached responses. The cache may forget: a miss costs one more look-up.
const CACHED: u64 = 10_000;

/// Which URL to ask, and how to read the response.
#[derive(Clone, Debug, PartialEq)]
pub struct AskSettings {
    /// `gateway.url`: https, or http on this machine.
    pub url: Url,
    /// `gateway.cookies`: the cookies that are sent.
    pub cookies: Vec<String>,
    /// `gateway.id_member`: the id in the response, a JSON Pointer (RFC 6901).
    pub id_member: String,
    /// `gateway.name_member`: the display name, if there is one.
    pub name_member: String,
    /// `gateway.cache`: the time for which a response is cached.
    pub cache: Duration,
}

/// Asks the application.
pub struct Ask {
    settings: AskSettings,
    client: reqwest::Client,
    cache: Cache<[u8; 32], Person>,
    look_ups: Budget,
}

impl Ask {
    /// Builds the client; requests to the application wait for `look_ups`.
    ///
    /// # Errors
    /// The system trusts no certificate authority.
    pub fn new(settings: AskSettings, look_ups: Budget) -> Result<Self, reqwest::Error> {
        let plain = match settings.url.scheme() {
            "http" if address::is_loopback(&settings.url) => PlainHttp::OnLoopback,
            _ => PlainHttp::Refused,
        };
        let cache = Cache::builder().max_capacity(CACHED).time_to_live(settings.cache).build();
        Ok(Self { client: fetch::client(plain)?, settings, cache, look_ups })
    }

    /// Returns the person to whom the cookies belong.
    ///
    /// # Errors
    /// A [`Refusal`]: 401 if the application knows no such session, 502 or 504 without a usable response,
    /// 503 with a ticket if too many clients wait for the application.
    pub async fn authenticate(
        &self,
        headers: &HeaderMap,
        caller: &Caller,
    ) -> Result<Person, Refusal> {
        let cookies = self.cookies(headers).ok_or_else(signed_out)?;
        let key: [u8; 32] = Sha256::digest(cookies.as_bytes()).into();
        // Failures are not cached.
        let person = self.cache.try_get_with(key, self.look_up(&cookies, headers, caller)).await;
        person.map_err(|refusal: Arc<Refusal>| (*refusal).clone())
    }

    async fn look_up(
        &self,
        cookies: &HeaderValue,
        headers: &HeaderMap,
        caller: &Caller,
    ) -> Result<Person, Refusal> {
        // Anyone can send a cookie: until the application has checked it, the network counts.
        self.look_ups.admit(&Who::network(caller.address), ticket::sent(headers)).await?;
        let response = fetch::get(&self.client, &self.settings.url, Some(cookies)).await;
        let response = response.map_err(|error| refusal(error, "The application", APPLICATION))?;
        match response.status {
            StatusCode::OK => self.settings.read(&response.body),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(signed_out()),
            status => Err(unusable(&format!("found status {}", status.as_u16()))),
        }
    }

    /// Returns the cookies that are sent, unchanged, or `None` if there are none.
    fn cookies(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        let pairs: Vec<_> = cookie::all(headers)
            .filter(|(name, _)| self.settings.cookies.iter().any(|known| known == name))
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

impl AskSettings {
    fn read(&self, body: &[u8]) -> Result<Person, Refusal> {
        let response: Value =
            serde_json::from_slice(body).map_err(|_| unusable("found no JSON"))?;
        // Some systems have numbers as ids.
        let id = match response.pointer(&self.id_member) {
            Some(Value::String(id)) => id.clone(),
            Some(Value::Number(id)) if !id.is_f64() => id.to_string(),
            _ => {
                return Err(unusable(
                    "found neither a string nor a whole number at gateway.id_member",
                ));
            }
        };
        let name = response.pointer(&self.name_member).and_then(Value::as_str);
        Person::new(&id, name).map_err(|_| unusable("found an invalid id"))
    }
}

const APPLICATION: Remedy = Remedy {
    en: "Try again; if it keeps happening, check that gateway.url responds 200 with {\"id\", \"name\"} to a signed-in user, and 401 otherwise.",
    zh: "请重试；若反复出现，请检查 gateway.url：已登录时应返回 200 及 {\"id\", \"name\"}，未登录时应返回 401。",
};

fn signed_out() -> Refusal {
    let detail = "The application knows no session with this request's cookies.";
    Refusal::new(StatusCode::UNAUTHORIZED, Code::LoginFailed, detail).with_remedy(Remedy {
        en: "Sign in to the site first. Operator: gateway.cookies must name the session cookie, its Path must cover /calldock/, and gateway.url must respond 200 for it.",
        zh: "请先登录网站。运维人员请确认：gateway.cookies 列有会话 cookie，其 Path 覆盖 /calldock/，且 gateway.url 对其返回 200。",
    })
}

fn unusable(found: &str) -> Refusal {
    tracing::error!(found, "the application gave no usable response");
    let detail = format!("The application: expected the user, {found}.");
    Refusal::new(StatusCode::BAD_GATEWAY, Code::LoginFailed, detail).with_remedy(APPLICATION)
}
