//! A header that a gateway sets, such as `X-Remote-User`.
//!
//! Any client can send such a header, so the gateway must prove that it sent the request: by its address
//! (`gateway.trusted`, else `listen.gateways`), by connecting through the unix socket, or by a secret header
//! (`gateway.secret_header`). With both `gateway.trusted` and a secret, both are required.

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use calldock_contract::Code;
use calldock_service::{Caller, Gateways, pages};
use percent_encoding::percent_decode;
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

use super::super::Person;
use crate::problem::{Refusal, Remedy};

/// Which header, and how the gateway proves that it sent it.
#[derive(Clone, Debug, PartialEq)]
pub struct HeaderSettings {
    /// `gateway.header`: the person's id.
    pub header: HeaderName,
    /// `gateway.name_header`: the display name.
    pub name_header: Option<HeaderName>,
    /// `gateway.name_encoding`.
    pub name_encoding: NameEncoding,
    /// The accepted senders.
    pub sender: Sender,
    /// `gateway.secret_header` and `gateway.secret`.
    pub secret: Option<SecretHeader>,
}

/// Which peers count as the gateway.
#[derive(Clone, Debug, PartialEq)]
pub enum Sender {
    /// Those of `listen.gateways`, and the unix socket.
    ListenGateways,
    /// Those of `gateway.trusted`.
    Addresses(Gateways),
    /// Any peer: the secret header alone proves the gateway.
    Any,
}

/// A header whose value only the gateway knows.
#[derive(Clone, Debug)]
pub struct SecretHeader {
    /// The name.
    pub header: HeaderName,
    /// The value.
    pub value: SecretString,
}

impl PartialEq for SecretHeader {
    fn eq(&self, other: &Self) -> bool {
        self.header == other.header && self.fits(other.value.expose_secret().as_bytes())
    }
}

impl SecretHeader {
    /// Compares in constant time.
    fn fits(&self, value: &[u8]) -> bool {
        self.value.expose_secret().as_bytes().ct_eq(value).into()
    }
}

/// How a name of any language is written in a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameEncoding {
    /// As UTF-8.
    Plain,
    /// As percent-encoded UTF-8: `%E5%BC%A0%E4%B8%89`.
    Percent,
}

impl HeaderSettings {
    /// Returns the person that the gateway names.
    ///
    /// # Errors
    /// A [`Refusal`]: 401 without the header, 403 if the sender is not the gateway, 400 if a header is sent
    /// twice.
    pub fn authenticate(&self, request: &Parts, caller: &Caller) -> Result<Person, Refusal> {
        let id = only(&request.headers, &self.header)?;
        let name = match &self.name_header {
            Some(header) => only(&request.headers, header)?,
            None => None,
        };
        if !self.is_gateway(&request.headers, caller)? {
            return Err(if id.or(name).is_some() { untrusted() } else { missing() });
        }
        let id = id.map(HeaderValue::as_bytes).filter(|id| !id.is_empty()).ok_or_else(missing)?;
        // A comma: two headers that a proxy joined.
        let id = std::str::from_utf8(id).ok().filter(|id| !id.contains(','));
        let name = name.and_then(|name| self.decode(name.as_bytes()));
        id.and_then(|id| Person::new(id, name.as_deref()).ok()).ok_or_else(unusable)
    }

    /// Returns whether the request comes from the gateway itself. How far `X-Forwarded-For` reaches back
    /// does not matter here.
    fn is_gateway(&self, headers: &HeaderMap, caller: &Caller) -> Result<bool, Refusal> {
        let by_secret = match &self.secret {
            Some(secret) => {
                only(headers, &secret.header)?.is_some_and(|value| secret.fits(value.as_bytes()))
            }
            None => true,
        };
        let by_sender = match &self.sender {
            Sender::ListenGateways => caller.by_gateway,
            Sender::Addresses(trusted) => trusted.contains(caller.peer),
            Sender::Any => self.secret.is_some(),
        };
        Ok(by_sender && by_secret)
    }

    fn decode(&self, name: &[u8]) -> Option<String> {
        match self.name_encoding {
            NameEncoding::Plain => String::from_utf8(name.to_vec()).ok(),
            NameEncoding::Percent => {
                percent_decode(name).decode_utf8().ok().map(|name| name.into_owned())
            }
        }
    }
}

/// Two headers mean that the client's own was passed on beside the gateway's.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a HeaderValue>, Refusal> {
    pages::only(headers, name).map_err(|refusal| {
        tracing::warn!(header = name.as_str(), "an identity header was sent twice");
        let remedy = Remedy {
            en: "Have the gateway replace the header that clients send instead of adding its own.",
            zh: "请让网关替换客户端发送的该请求头，而不是在其后追加。",
        };
        Refusal::new(refusal.status(), Code::LoginFailed, refusal.detail()).with_remedy(remedy)
    })
}

fn missing() -> Refusal {
    let detail = "The gateway sent no user with this request.";
    Refusal::new(StatusCode::UNAUTHORIZED, Code::LoginFailed, detail).with_remedy(Remedy {
        en: "Sign in to the site first. Operator: the gateway must set the header of gateway.header on every request of a signed-in user, and its address must be in gateway.trusted.",
        zh: "请先登录网站。运维人员请确认：网关对每个已登录用户的请求都设置 gateway.header 所指的请求头，且网关地址已列入 gateway.trusted。",
    })
}

fn untrusted() -> Refusal {
    tracing::warn!("an identity header was not sent by the gateway");
    let detail = "The request names a user and does not come from the trusted gateway.";
    Refusal::new(StatusCode::FORBIDDEN, Code::LoginFailed, detail).with_remedy(Remedy {
        en: "Call this server through the site's gateway. If this was the gateway, add its address to gateway.trusted, or check the value of its gateway.secret_header.",
        zh: "请通过网站网关访问本服务。若该请求确由网关发出，请将其地址加入 gateway.trusted，或检查 gateway.secret_header 的取值。",
    })
}

fn unusable() -> Refusal {
    tracing::error!("the gateway's header has no usable id");
    let detail = "The gateway's header: expected one id of 1 to 256 bytes of UTF-8 without commas and control characters, found something else.";
    Refusal::new(StatusCode::BAD_GATEWAY, Code::LoginFailed, detail).with_remedy(Remedy {
        en: "Have the gateway send only the user's id in the header of gateway.header.",
        zh: "请让网关在 gateway.header 所指的请求头中只发送用户 ID。",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;
    use calldock_service::network;

    fn settings(sender: Sender, secret: bool) -> HeaderSettings {
        HeaderSettings {
            header: HeaderName::from_static("x-remote-user"),
            name_header: None,
            name_encoding: NameEncoding::Plain,
            sender,
            secret: secret.then(|| SecretHeader {
                header: HeaderName::from_static("x-gateway-secret"),
                value: "SECRETEXAMPLE".into(),
            }),
        }
    }

    fn status(settings: &HeaderSettings, peer: &str, secrets: &[&str]) -> u16 {
        let mut request = Request::builder().header("x-remote-user", "10010001");
        for secret in secrets {
            request = request.header("x-gateway-secret", *secret);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let peer = peer.parse().unwrap();
        let caller = Caller::new(peer, false, &parts.headers, &Gateways::default());
        match settings.authenticate(&parts, &caller) {
            Ok(person) => {
                assert_eq!(person.id, "10010001");
                200
            }
            Err(refusal) => refusal.status().as_u16(),
        }
    }

    #[test]
    fn a_secret_header_proves_the_gateway_at_any_address() {
        let settings = settings(Sender::Any, true);
        assert_eq!(status(&settings, "203.0.113.9", &["SECRETEXAMPLE"]), 200);
        for secrets in [&[][..], &["SECRETEXAMPL"], &["SECRETEXAMPLEX"], &[""]] {
            assert_eq!(status(&settings, "203.0.113.9", secrets), 403, "{secrets:?}");
        }
        assert_eq!(status(&settings, "203.0.113.9", &["SECRETEXAMPLE", "SECRETEXAMPLE"]), 400);
        assert!(!format!("{settings:?}").contains("SECRETEXAMPLE"));
    }

    #[test]
    fn with_an_address_and_a_secret_both_are_required_and_without_any_nothing_is_trusted() {
        let trusted = || Sender::Addresses(Gateways::new([network("10.0.0.1").unwrap()]));
        let both = settings(trusted(), true);
        assert_eq!(status(&both, "10.0.0.1", &["SECRETEXAMPLE"]), 200);
        assert_eq!(status(&both, "10.0.0.1", &[]), 403);
        assert_eq!(status(&both, "10.0.0.2", &["SECRETEXAMPLE"]), 403);
        assert_eq!(status(&settings(trusted(), false), "10.0.0.1", &[]), 200);
        // The tests' listener has no gateways.
        assert_eq!(status(&settings(Sender::ListenGateways, false), "10.0.0.1", &[]), 403);
        assert_eq!(status(&settings(Sender::Any, false), "10.0.0.1", &[]), 403);
    }
}
