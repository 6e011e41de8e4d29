//! How visitors are identified.

use std::sync::Arc;

use axum::http::request::Parts;
use calldock_service::Caller;

use super::authenticator::{Authenticator, AuthenticatorSettings};
use super::guest::Guests;
use super::visitor::{Recognised, Visitor};
use crate::key::ServerKey;
use crate::problem::Refusal;

/// How visitors are identified: in a configuration by [`AuthenticatorSettings`], in a running server by an
/// open [`Authenticator`].
#[derive(Clone, Debug)]
pub enum VisitorKind<By> {
    /// Every request is from this customer: for a demo.
    Fixed(Visitor),
    /// Visitors are anonymous; the server makes an id and keeps it in a cookie. Agents see the name, followed
    /// by a few digits of the id.
    Guest {
        /// For example `Guest`.
        name: String,
    },
    /// The authenticated person.
    By {
        /// The authenticator.
        authenticator: By,
        /// The name that agents see if the person has none.
        name: String,
    },
}

/// `[visitor]`.
pub type VisitorSettings = VisitorKind<AuthenticatorSettings>;

/// Identifies visitors.
#[derive(Clone)]
pub struct Visitors {
    kind: VisitorKind<Arc<Authenticator>>,
    guests: Guests,
}

impl Visitors {
    /// Creates an identification of this kind.
    pub fn new(kind: VisitorKind<Arc<Authenticator>>, key: &ServerKey) -> Self {
        Self { kind, guests: Guests::new(key) }
    }

    /// Returns the visitor who sent a request.
    ///
    /// # Errors
    /// A [`Refusal`] if the request proves no identity.
    pub async fn recognise(&self, request: &Parts, caller: &Caller) -> Result<Recognised, Refusal> {
        let visitor = match &self.kind {
            VisitorKind::Fixed(visitor) => visitor.clone(),
            VisitorKind::Guest { name } => {
                return Ok(self.guests.recognise(&request.headers, name));
            }
            VisitorKind::By { authenticator, name } => {
                let person = authenticator.authenticate(request, caller).await?;
                Visitor { id: person.id, name: person.name.unwrap_or_else(|| name.clone()) }
            }
        };
        Ok(Recognised { visitor, set_cookie: None, guest: None })
    }

    /// Returns the name of the kind, as in `visitor.kind`.
    pub fn kind(&self) -> &'static str {
        match &self.kind {
            VisitorKind::Fixed(_) => "fixed",
            VisitorKind::Guest { .. } => "guest",
            VisitorKind::By { authenticator, .. } => authenticator.kind(),
        }
    }
}
