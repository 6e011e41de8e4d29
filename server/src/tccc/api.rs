//! The cloud API's calls, and the first of them: `CreateSDKLoginToken` (seeds 002 and 003, step 3).

use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use calldock_contract::{SdkAppId, SdkLogin};
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::action::Pacers;
use super::failure::Rejection;
use super::tc3::{self, Parts};
use super::transport::{Call, Reply};
use super::{Action, Failure, Transport};
use crate::address;
use crate::config::TcccConfig;
use crate::identity::AgentId;
use crate::observe::metrics;
use crate::store::Store;

const SERVICE: &str = "ccc";
const VERSION: &str = "2020-02-10";
const JSON: &str = "application/json";

/// One contact centre's cloud API.
pub struct Api {
    config: TcccConfig,
    pacers: Arc<Pacers>,
    transport: Arc<dyn Transport>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Envelope {
    response: Value,
}

/// What was inside the envelope, and the HTTP status it came with.
struct Answered {
    status: u16,
    response: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct LoginToken {
    token: String,
    #[serde(rename = "SdkURL")]
    sdk_url: String,
    expired_time: Option<u64>,
}

impl Api {
    /// An API at the configured endpoint, which waits in the transport's queues and keeps the vendor's
    /// pace together with the instances that share the store.
    pub fn new(config: TcccConfig, transport: Arc<dyn Transport>, store: &Store) -> Self {
        let pacers = transport.pacers(config.pace, store);
        Self { config, pacers, transport }
    }

    /// `CreateSDKLoginToken`: a login for one agent, good for one use within ten minutes.
    ///
    /// # Errors
    /// A [`Failure`]; none of them repeats what the vendor wrote, beyond its code and RequestId.
    pub async fn login(&self, agent: &AgentId) -> Result<SdkLogin, Failure> {
        let sdk_app_id = self.sdk_app_id();
        let mut body = json!({ "SdkAppId": sdk_app_id, "SeatUserId": agent.as_str() });
        if self.config.only_once {
            body["OnlyOnce"] = true.into();
        }
        let found = "no Token, SdkURL and ExpiredTime of the right types in it";
        let answer: LoginToken =
            self.call_for(Action::CreateSdkLoginToken, body.to_string(), found).await?;
        let login = SdkLogin {
            token: answer.token,
            sdk_url: answer.sdk_url,
            sdk_app_id,
            user_id: agent.as_str().to_owned(),
            expires_at: answer.expired_time,
        };
        self.check(&login)?;
        Ok(login)
    }

    /// The page will run what is at SdkURL with the agent's rights: better no login than a doubtful one.
    fn check(&self, login: &SdkLogin) -> Result<(), Failure> {
        login.validate().map_err(|_| Failure::Unusable("Token or SdkURL is empty or over-long"))?;
        address::secure_url(&login.sdk_url, self.config.plain_http)
            .map_err(|_| Failure::Unusable("SdkURL is not an https: address"))?;
        if [&login.token, &login.sdk_url].iter().any(|text| self.leaks(text)) {
            return Err(Failure::Unusable("it repeats this server's credentials"));
        }
        Ok(())
    }

    /// The application all calls are about.
    pub(super) fn sdk_app_id(&self) -> SdkAppId {
        SdkAppId(self.config.sdk_app_id)
    }

    /// Whether a text of the vendor's repeats a credential.
    pub(super) fn leaks(&self, text: &str) -> bool {
        self.config.credentials.leak_in(text)
    }

    /// One signed call whose answer has a type; `found` says what is wrong with another one.
    pub(super) async fn call_for<T: DeserializeOwned>(
        &self,
        action: Action,
        body: String,
        found: &'static str,
    ) -> Result<T, Failure> {
        let since = Instant::now();
        let answered = self.call(action, body).await.and_then(|Answered { status, response }| {
            serde_json::from_value(response).map_err(|_| Failure::Malformed { status, found })
        });
        let outcome = answered.as_ref().err().map_or("ok", Failure::outcome);
        metrics::vendor_called(action.name(), outcome, since.elapsed());
        answered
    }

    /// One signed call; answers what is inside the envelope. It is signed when its turn has come: a
    /// signature made before the queue would be as old as the queue is long.
    async fn call(&self, action: Action, body: String) -> Result<Answered, Failure> {
        self.pacers.of(action).turn().await?;
        let headers = self.sign(action, &body)?;
        let url = self.config.endpoint.clone();
        let reply = self.transport.send(Call { url, headers, body }).await?;
        let response = open(&reply)?;
        match response.get("Error") {
            None => Ok(Answered { status: reply.status, response }),
            Some(error) => Err(Failure::Rejected(Rejection {
                code: self.quotable(error.get("Code")),
                request_id: self.quotable(response.get("RequestId")),
            })),
        }
    }

    fn sign(&self, action: Action, body: &str) -> Result<HeaderMap, Failure> {
        let timestamp = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .ok()
            .and_then(|since| i64::try_from(since.as_secs()).ok())
            .unwrap_or(-1);
        let credentials = &self.config.credentials;
        let host = address::host_header(&self.config.endpoint);
        let parts = Parts { timestamp, service: SERVICE, host: &host, content_type: JSON, body };
        let signed = tc3::sign(credentials, &parts)
            .map_err(|_| Failure::Unsigned("this machine's clock is before 1970 or after 9999"))?;
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(JSON));
        headers.insert(AUTHORIZATION, sensitive(&signed.authorization)?);
        let name = HeaderValue::from_static(action.name());
        headers.insert(HeaderName::from_static("x-tc-action"), name);
        headers.insert(HeaderName::from_static("x-tc-version"), HeaderValue::from_static(VERSION));
        headers.insert(HeaderName::from_static("x-tc-timestamp"), timestamp.into());
        if let Some(region) = &self.config.region {
            headers.insert(HeaderName::from_static("x-tc-region"), sensitive(region)?);
        }
        if let Some(token) = &credentials.token {
            headers
                .insert(HeaderName::from_static("x-tc-token"), sensitive(token.expose_secret())?);
        }
        Ok(headers)
    }

    /// A short word of the vendor's that may be repeated: a code or a RequestId, and no secret.
    pub(super) fn quotable(&self, value: Option<&Value>) -> Option<String> {
        let word = value?.as_str()?;
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
        let quotable =
            (1..=80).contains(&word.len()) && word.bytes().all(plain) && !self.leaks(word);
        quotable.then(|| word.to_owned())
    }
}

/// Opens the envelope `{"Response": {…}}`; the HTTP status says nothing (`vendor/tccc.md` §4).
fn open(reply: &Reply) -> Result<Value, Failure> {
    match serde_json::from_slice(&reply.body) {
        Ok(Envelope { response }) if response.is_object() => Ok(response),
        _ => Err(Failure::Malformed { status: reply.status, found: what_else(reply) }),
    }
}

fn what_else(reply: &Reply) -> &'static str {
    let start = reply.body.trim_ascii_start();
    if reply.content_type.contains("html") || start.starts_with(b"<") {
        "an HTML page"
    } else if (300..400).contains(&reply.status) {
        "a redirect"
    } else if start.is_empty() {
        "an empty answer"
    } else if serde_json::from_slice::<serde::de::IgnoredAny>(start).is_ok() {
        "JSON without its Response object"
    } else {
        "something that is not JSON"
    }
}

/// A header value that no log prints.
fn sensitive(text: &str) -> Result<HeaderValue, Failure> {
    let mut value = HeaderValue::from_str(text)
        .map_err(|_| Failure::Unsigned("a credential has a character no header can carry"))?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_instead_of_the_envelope_is_named() {
        let found = |content_type: &str, status, body: &str| {
            let reply = Reply { status, content_type: content_type.into(), body: body.into() };
            match open(&reply) {
                Err(Failure::Malformed { found, .. }) => found,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(found("text/html", 200, "Sign in"), "an HTML page");
        assert_eq!(found("application/json", 502, "\n <html>"), "an HTML page");
        assert_eq!(found("", 302, ""), "a redirect");
        assert_eq!(found("application/json", 200, ""), "an empty answer");
        assert_eq!(found("application/json", 200, "{}"), "JSON without its Response object");
        assert_eq!(found("", 200, r#"{"Response":1}"#), "JSON without its Response object");
        assert_eq!(found("text/plain", 200, "busy"), "something that is not JSON");
    }
}
