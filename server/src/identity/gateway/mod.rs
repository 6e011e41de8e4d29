//! The site's own gateway or application identifies the person.
//!
//! * `ask`: the application is asked with the browser's cookie, as nginx's `auth_request` does.
//! * `header`: a gateway sends a header with every request.
//! * `settings`: `[gateway]`.

pub mod ask;
pub mod header;
pub mod settings;

use axum::http::request::Parts;
use calldock_service::Caller;

pub use ask::{Ask, AskSettings};
pub use header::{HeaderSettings, NameEncoding};

use super::Person;
use crate::problem::Refusal;
use crate::queue::Budget;

/// `[gateway]`: one of two ways.
#[derive(Clone, Debug, PartialEq)]
pub enum GatewaySettings {
    /// `gateway.header`.
    Header(HeaderSettings),
    /// `gateway.url`.
    Ask(AskSettings),
}

/// An open `[gateway]`.
pub enum Gateway {
    /// Reads the header.
    Header(HeaderSettings),
    /// Asks the application.
    Ask(Ask),
}

impl Gateway {
    /// Opens what the settings name; `look_ups` limits requests to the application.
    ///
    /// # Errors
    /// The system trusts no certificate authority.
    pub fn new(settings: GatewaySettings, look_ups: Budget) -> Result<Self, reqwest::Error> {
        Ok(match settings {
            GatewaySettings::Header(settings) => Self::Header(settings),
            GatewaySettings::Ask(settings) => Self::Ask(Ask::new(settings, look_ups)?),
        })
    }

    /// Returns the person who sent a request.
    ///
    /// # Errors
    /// A [`Refusal`]: 401 without identity, 403 for a header from an untrusted peer, 502 or 504 if the
    /// application gives no usable response.
    pub async fn authenticate(&self, request: &Parts, caller: &Caller) -> Result<Person, Refusal> {
        match self {
            Self::Header(settings) => settings.authenticate(request, caller),
            Self::Ask(ask) => ask.authenticate(&request.headers, caller).await,
        }
    }
}
