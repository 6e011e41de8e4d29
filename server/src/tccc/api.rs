//! Signed calls of the cloud API, and the first of them: `CreateSDKLoginToken` (the agent SDK reference and guide, step 3).

use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use calldock_contract::{SdkAppId, SdkLogin};
use calldock_signing::tc3;
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::credentials::{CredentialProvider, Credentials};
use super::failure::Rejection;
use super::sig_cache::SigCache;
use super::transport::{Call, Reply, reply_limit};
use super::{Failure, TcccSettings, Transport};
use crate::address;
use crate::identity::AgentId;
use crate::observe::metrics;
use crate::settings::values::word;

const SERVICE: &str = "ccc";
const VERSION: &str = "2020-02-10";
const JSON: &str = "application/json";

/// A login for an agent.
pub const CREATE_SDK_LOGIN_TOKEN: &str = "CreateSDKLoginToken";
/// A signature for a visitor.
pub const CREATE_USER_SIG: &str = "CreateUserSig";

/// One contact centre's cloud API. It calls at once: the vendor's pace is the caller's, by a queue.
pub struct Api {
    settings: TcccSettings,
    credentials: Arc<CredentialProvider>,
    pub(super) signatures: Arc<SigCache>,
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
    /// An API at the configured endpoint.
    pub fn new(settings: TcccSettings, transport: Arc<dyn Transport>) -> Self {
        let credentials = Arc::new(CredentialProvider::new(settings.credentials.clone()));
        Self { settings, credentials, signatures: Arc::new(SigCache::new()), transport }
    }

    /// The same with what an earlier one has fetched: a role's credentials and, where the chat is the same,
    /// an application's signatures.
    #[must_use]
    pub fn keeping(mut self, earlier: &Self, same_chat: bool) -> Self {
        self.credentials = earlier.credentials.after(&self.credentials);
        let application = |api: &Self| (api.settings.endpoint.clone(), api.settings.sdk_app_id);
        if same_chat && application(&self) == application(earlier) {
            self.signatures = Arc::clone(&earlier.signatures);
        }
        self
    }

    /// `CreateSDKLoginToken`: a login for one agent, good for one use within ten minutes.
    ///
    /// # Errors
    /// A [`Failure`]; none of them repeats what the vendor wrote, beyond its code and RequestId.
    pub async fn login(&self, agent: &AgentId) -> Result<SdkLogin, Failure> {
        let sdk_app_id = self.sdk_app_id();
        let mut body = json!({ "SdkAppId": sdk_app_id, "SeatUserId": agent.as_str() });
        if self.settings.only_once {
            body["OnlyOnce"] = true.into();
        }
        let found = "no Token, SdkURL and ExpiredTime of the right types in it";
        self.request(CREATE_SDK_LOGIN_TOKEN, body.to_string(), found, |response: LoginToken| {
            let login = SdkLogin {
                token: response.token,
                sdk_url: response.sdk_url,
                sdk_app_id,
                user_id: agent.as_str().to_owned(),
                expires_at: response.expired_time,
            };
            self.check(&login).map(|()| login)
        })
        .await
    }

    /// The page will run what is at SdkURL with the agent's rights: rather no login than a doubtful one.
    fn check(&self, login: &SdkLogin) -> Result<(), Failure> {
        login.validate().map_err(|_| Failure::Unusable("Token or SdkURL is empty or over-long"))?;
        let url = address::secure_url(&login.sdk_url, self.settings.plain_http)
            .map_err(|_| Failure::Unusable("SdkURL is not an https: address"))?;
        let host = url.host_str().unwrap_or_default();
        let local =
            self.settings.plain_http != address::PlainHttp::Refused && address::is_loopback(&url);
        if !local && !self.settings.sdk_hosts.contain(host) {
            let line = self.settings.sdk_hosts.with(host);
            let add =
                format!("{host}. If the vendor's script is there, set tccc.sdk_hosts = {line}");
            return Err(Failure::SdkHost(add));
        }
        if [&login.token, &login.sdk_url].iter().any(|text| self.leaks(text)) {
            return Err(Failure::Unusable("it repeats this server's credentials"));
        }
        Ok(())
    }

    /// The application all calls are about.
    pub fn sdk_app_id(&self) -> SdkAppId {
        SdkAppId(self.settings.sdk_app_id)
    }

    /// Whether a text of the vendor's repeats a credential.
    pub(super) fn leaks(&self, text: &str) -> bool {
        self.credentials.leak_in(text)
    }

    /// One signed call of an action whose response has a type; `found` says what is wrong with another one, and
    /// `read` makes the result of it.
    ///
    /// # Errors
    /// A [`Failure`].
    pub async fn request<T: DeserializeOwned, R>(
        &self,
        action: &'static str,
        body: String,
        found: &'static str,
        read: impl FnOnce(T) -> Result<R, Failure>,
    ) -> Result<R, Failure> {
        let since = Instant::now();
        let answered = self.call(action, body).await.and_then(|Answered { status, response }| {
            let typed = serde_json::from_value(response);
            typed.map_err(|_| Failure::Malformed { status, found }).and_then(read)
        });
        let outcome = answered.as_ref().err().map_or("ok", Failure::outcome);
        metrics::vendor_called(action, outcome, since.elapsed());
        answered
    }

    async fn call(&self, action: &'static str, body: String) -> Result<Answered, Failure> {
        let credentials = self.credentials.current().await.map_err(Failure::NoCredentials)?;
        let headers = self.sign(action, &body, &credentials)?;
        let url = self.settings.endpoint.clone();
        let call = Call { url, headers, body, reply_limit: reply_limit(action) };
        let reply = self.transport.send(call).await?;
        let response = open(&reply)?;
        match response.get("Error") {
            None => Ok(Answered { status: reply.status.as_u16(), response }),
            Some(error) => Err(Failure::Rejected(Rejection {
                code: self.quotable(error.get("Code")),
                request_id: self.quotable(response.get("RequestId")),
            })),
        }
    }

    fn sign(
        &self,
        action: &'static str,
        body: &str,
        credentials: &Credentials,
    ) -> Result<HeaderMap, Failure> {
        let timestamp = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .ok()
            .and_then(|since| i64::try_from(since.as_secs()).ok())
            .unwrap_or(-1);
        let host = address::host_header(&self.settings.endpoint);
        let request =
            tc3::Request { timestamp, service: SERVICE, host: &host, content_type: JSON, body };
        let signed = tc3::sign(&credentials.secret_id, &credentials.secret_key, &request)
            .map_err(|_| Failure::Unsigned("this machine's clock is before 1970 or after 9999"))?;
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(JSON));
        headers.insert(AUTHORIZATION, sensitive(&signed.authorization)?);
        headers.insert(HeaderName::from_static("x-tc-action"), HeaderValue::from_static(action));
        headers.insert(HeaderName::from_static("x-tc-version"), HeaderValue::from_static(VERSION));
        headers.insert(HeaderName::from_static("x-tc-timestamp"), timestamp.into());
        if let Some(region) = &self.settings.region {
            headers.insert(HeaderName::from_static("x-tc-region"), sensitive(region)?);
        }
        if let Some(token) = &credentials.token {
            headers
                .insert(HeaderName::from_static("x-tc-token"), sensitive(token.expose_secret())?);
        }
        Ok(headers)
    }

    /// A short word of the vendor's that may be repeated: a code or a RequestId, and no secret.
    pub fn quotable(&self, value: Option<&Value>) -> Option<String> {
        word(value?.as_str()?, 80, ".-_", "").ok().filter(|word| !self.leaks(word))
    }
}

/// Opens the envelope `{"Response": {…}}`; the HTTP status says nothing (`docs/vendor/tccc.md` §4).
fn open(reply: &Reply) -> Result<Value, Failure> {
    match serde_json::from_slice(&reply.body) {
        Ok(Envelope { response }) if response.is_object() => Ok(response),
        _ => Err(Failure::Malformed { status: reply.status.as_u16(), found: what_else(reply) }),
    }
}

fn what_else(reply: &Reply) -> &'static str {
    let start = reply.body.trim_ascii_start();
    let content_type = reply.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if content_type.is_some_and(|value| value.contains("html")) || start.starts_with(b"<") {
        "an HTML page"
    } else if reply.status.is_redirection() {
        "a redirect"
    } else if start.is_empty() {
        "an empty response"
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
    use axum::http::StatusCode;

    use super::*;

    #[test]
    fn what_came_instead_of_the_envelope_is_named() {
        let found = |content_type: &'static str, status, body: &str| {
            let status = StatusCode::from_u16(status).unwrap();
            let headers = [(CONTENT_TYPE, HeaderValue::from_static(content_type))].into_iter();
            let reply = Reply { status, headers: headers.collect(), body: body.into() };
            match open(&reply) {
                Err(Failure::Malformed { found, .. }) => found,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(found("text/html", 200, "Sign in"), "an HTML page");
        assert_eq!(found("application/json", 502, "\n <html>"), "an HTML page");
        assert_eq!(found("", 302, ""), "a redirect");
        assert_eq!(found("application/json", 200, ""), "an empty response");
        assert_eq!(found("application/json", 200, "{}"), "JSON without its Response object");
        assert_eq!(found("", 200, r#"{"Response":1}"#), "JSON without its Response object");
        assert_eq!(found("text/plain", 200, "busy"), "something that is not JSON");
    }
}
