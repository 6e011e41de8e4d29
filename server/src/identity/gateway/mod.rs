//! The company's own gateway or application knows who is asking.
//!
//! * [`call_back`]: it is asked with the browser's cookie, as nginx's `auth_request` does.
//! * [`header`]: it says so in a header of every request it passes on.
//! * [`joined`]: answers kept for seconds, and one question for all who ask the same at once.

pub mod call_back;
pub mod header;
mod joined;

use axum::http::request::Parts;

pub use call_back::{CallBack, CallBackConfig};
pub use header::{HeaderConfig, NameEncoding};

use super::Person;
use crate::problem::Refusal;

/// `[gateway]`: one of two ways.
#[derive(Clone, Debug)]
pub enum GatewayConfig {
    /// `gateway.header`.
    Header(HeaderConfig),
    /// `gateway.url`.
    CallBack(CallBackConfig),
}

/// A gateway that can be listened to.
#[derive(Debug)]
pub enum Gateway {
    /// It says it in a header.
    Header(HeaderConfig),
    /// It is asked.
    CallBack(CallBack),
}

impl Gateway {
    /// Opens what the configuration names.
    ///
    /// # Errors
    /// The system has no certificate authorities to trust.
    pub fn new(config: GatewayConfig) -> Result<Self, reqwest::Error> {
        Ok(match config {
            GatewayConfig::Header(config) => Self::Header(config),
            GatewayConfig::CallBack(config) => Self::CallBack(CallBack::new(config)?),
        })
    }

    /// The person behind a request.
    ///
    /// # Errors
    /// A [`Refusal`]: 401 for nobody, 403 for a header from a stranger, 502 or 504 where the
    /// application gives no usable answer.
    pub async fn person(&self, request: &Parts) -> Result<Person, Refusal> {
        match self {
            Self::Header(config) => config.person(request),
            Self::CallBack(call_back) => call_back.person(&request.headers).await,
        }
    }
}
