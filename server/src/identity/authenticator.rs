//! The identity port: finds out which person sent a request.

#[cfg(feature = "accounts")]
use std::sync::Arc;

use axum::http::request::Parts;
use calldock_service::Caller;

use super::Person;
use super::gateway::{Ask, AskSettings, HeaderSettings};
use super::jwt::{Jwt, JwtSettings};
#[cfg(feature = "accounts")]
use super::local::Local;
use crate::problem::Refusal;

/// The settings of one kind. Agents and visitors may share it.
#[derive(Clone, Debug, PartialEq)]
pub enum AuthenticatorSettings {
    /// `[gateway]` with `gateway.header`.
    Header(HeaderSettings),
    /// `[gateway]` with `gateway.url`.
    Ask(AskSettings),
    /// `[jwt]`.
    Jwt(JwtSettings),
    /// `[local]`.
    #[cfg(feature = "accounts")]
    Local(calldock_accounts::Settings),
}

/// Finds out who sent a request.
pub enum Authenticator {
    /// A header of the site's gateway.
    Header(HeaderSettings),
    /// The site's application, which is asked.
    Ask(Ask),
    /// Signed tokens of a provider or a gateway.
    Jwt(Jwt),
    /// Accounts of this server.
    #[cfg(feature = "accounts")]
    Local(Arc<Local>),
}

impl Authenticator {
    /// Returns the person who sent a request.
    ///
    /// # Errors
    /// A [`Refusal`]: 401 if the request proves no identity; other statuses if it could not be checked.
    pub async fn authenticate(&self, request: &Parts, caller: &Caller) -> Result<Person, Refusal> {
        match self {
            Self::Header(settings) => settings.authenticate(request, caller),
            Self::Ask(ask) => ask.authenticate(&request.headers, caller).await,
            Self::Jwt(jwt) => jwt.authenticate(request).await,
            #[cfg(feature = "accounts")]
            Self::Local(local) => local.authenticate(request, caller).await,
        }
    }

    /// Returns the name of the kind, as in `identity.kind`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Header(_) | Self::Ask(_) => "gateway",
            Self::Jwt(_) => "jwt",
            #[cfg(feature = "accounts")]
            Self::Local(_) => "local",
        }
    }

    /// Returns whether requests can be authenticated. Only a provider's keys must be fetched first.
    pub async fn ready(&self) -> bool {
        match self {
            Self::Jwt(jwt) => jwt.ready().await,
            _ => true,
        }
    }
}
