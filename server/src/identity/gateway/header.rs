//! A header that a trusted gateway sets, like `X-Remote-User`.
//!
//! It is believed only over a connection that comes from the gateway itself: whoever else reaches this
//! server may write any header it likes. How far `X-Forwarded-For` reaches back does not matter here.

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use calldock_contract::Code;
use percent_encoding::percent_decode;

use super::super::Person;
use crate::caller::{Caller, Gateways};
use crate::problem::{Refusal, Remedy};

/// Which header, and from whom.
#[derive(Clone, Debug)]
pub struct HeaderConfig {
    /// `gateway.header`: the person's id.
    pub header: HeaderName,
    /// `gateway.name_header`: what others read.
    pub name_header: Option<HeaderName>,
    /// `gateway.name_encoding`.
    pub name_encoding: NameEncoding,
    /// `gateway.trusted`: whose word is taken.
    pub trusted: Gateways,
}

/// How a name of any language stands in a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameEncoding {
    /// As UTF-8.
    Plain,
    /// As UTF-8 in percent signs: `%E5%BC%A0%E4%B8%89`.
    Percent,
}

impl HeaderConfig {
    /// The person the gateway names.
    ///
    /// # Errors
    /// A [`Refusal`]: 401 for nobody, 403 for a header from a stranger, 400 for one that comes twice.
    pub fn person(&self, request: &Parts) -> Result<Person, Refusal> {
        let peer = Caller::of(&request.extensions)?.peer;
        let id = only(&request.headers, &self.header)?;
        let name = match &self.name_header {
            Some(header) => only(&request.headers, header)?,
            None => None,
        };
        if !self.trusted.contains(peer) {
            return Err(if id.or(name).is_some() { stranger() } else { nobody() });
        }
        let id = id.map(HeaderValue::as_bytes).filter(|id| !id.is_empty()).ok_or_else(nobody)?;
        // Two headers that something on the way made one of.
        let id = std::str::from_utf8(id).ok().filter(|id| !id.contains(','));
        let name = name.and_then(|name| self.decoded(name.as_bytes()));
        id.and_then(|id| Person::new(id, name.as_deref()).ok()).ok_or_else(unusable)
    }

    fn decoded(&self, name: &[u8]) -> Option<String> {
        match self.name_encoding {
            NameEncoding::Plain => String::from_utf8(name.to_vec()).ok(),
            NameEncoding::Percent => {
                percent_decode(name).decode_utf8().ok().map(|name| name.into_owned())
            }
        }
    }
}

/// Two would mean that somebody's own went through beside the gateway's.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a HeaderValue>, Refusal> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (value, None) => Ok(value),
        (_, Some(_)) => {
            tracing::warn!(header = name.as_str(), "an identity's header came twice");
            let detail = format!("The {name} header: expected one, found several.");
            let remedy = Remedy {
                en: "Have the gateway replace the header that callers send, not add its own to it.",
                zh: "请让网关替换调用方发送的该请求头，而不是在其后追加。",
            };
            Err(Refusal::new(StatusCode::BAD_REQUEST, Code::LoginFailed, detail)
                .with_remedy(remedy))
        }
    }
}

fn nobody() -> Refusal {
    let detail = "The gateway names nobody for this request.";
    Refusal::new(StatusCode::UNAUTHORIZED, Code::LoginFailed, detail).with_remedy(Remedy {
        en: "Sign in to the site first. The operator's part: the gateway sets the header of gateway.header on every request of somebody who is signed in, and its address is in gateway.trusted.",
        zh: "请先登录网站。运维人员请确认：网关对每个已登录用户的请求都设置 gateway.header 所指的请求头，且网关地址已列入 gateway.trusted。",
    })
}

fn stranger() -> Refusal {
    tracing::warn!("an identity's header came from an address that is not in gateway.trusted");
    let detail = "The request names a person and does not come from a trusted gateway.";
    Refusal::new(StatusCode::FORBIDDEN, Code::LoginFailed, detail).with_remedy(Remedy {
        en: "Call this server through the site's gateway. If this was the gateway, add its address to gateway.trusted.",
        zh: "请通过网站网关访问本服务。若该请求确由网关发出，请将其地址加入 gateway.trusted。",
    })
}

fn unusable() -> Refusal {
    tracing::error!("the gateway's header holds no usable id");
    let detail = "The gateway's header: expected one id of 1 to 256 bytes of UTF-8 without commas and control characters, found something else.";
    Refusal::new(StatusCode::BAD_GATEWAY, Code::LoginFailed, detail).with_remedy(Remedy {
        en: "Have the gateway send nothing but the person's id in the header of gateway.header.",
        zh: "请让网关在 gateway.header 所指的请求头中只发送用户 ID。",
    })
}
