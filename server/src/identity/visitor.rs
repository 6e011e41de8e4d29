//! Which visitor a chat is for.

use std::sync::Arc;

use axum::http::HeaderValue;
use axum::http::request::Parts;
use calldock_listen::Caller;

use super::guest::Guests;
use super::{Authenticator, AuthenticatorSettings};
use crate::key::ServerKey;
use crate::problem::Refusal;

/// A visitor as the server reports it to the contact centre.
#[derive(Clone, PartialEq, Eq)]
pub struct Visitor {
    /// The id in the company's own system (`thirdUserId`, `uid`).
    pub id: String,
    /// The display name for the agent (`thirdUserName`, `nickName`).
    pub name: String,
}

/// Control characters break lines; direction marks and overrides (U+202E and others) make a text look like
/// another one.
pub fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The length up to which ids are safe; the page warns at the same length.
pub const LONG_ID: usize = calldock_contract::cec_chat::USER_ID_ADVICE;

impl Visitor {
    /// Reads an id or a name, without control and direction characters: both are shown to agents.
    ///
    /// # Errors
    /// What was expected.
    pub fn part(text: &str) -> Result<String, &'static str> {
        let fits = (1..=256).contains(&text.len()) && !text.chars().any(is_unprintable);
        if fits {
            Ok(text.to_owned())
        } else {
            Err("expected 1 to 256 bytes without control or direction characters")
        }
    }

    /// Returns whether the id is longer than the vendor may accept.
    pub fn has_long_id(&self) -> bool {
        self.id.len() > LONG_ID
    }
}

impl std::fmt::Debug for Visitor {
    /// Personal data: shows lengths only.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let redact = calldock_contract::redact::text;
        write!(f, "Visitor(id {}, name {})", redact(&self.id), redact(&self.name))
    }
}

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

/// A visitor, and what is known about its cookie.
#[derive(Clone, Debug)]
pub struct Recognised {
    /// The visitor.
    pub visitor: Visitor,
    /// A `Set-Cookie`, for a new guest.
    pub set_cookie: Option<HeaderValue>,
    /// For guests: whether the guest has been here for longer than a minute.
    pub guest: Option<bool>,
}

/// Identifies visitors.
#[derive(Clone, Debug)]
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
    /// A [`Refusal`] if the request proves no identity, or the system has no random bytes for a guest's id.
    pub async fn recognise(&self, request: &Parts, caller: &Caller) -> Result<Recognised, Refusal> {
        let visitor = match &self.kind {
            VisitorKind::Fixed(visitor) => visitor.clone(),
            VisitorKind::Guest { name } => return self.guests.recognise(&request.headers, name),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_would_look_like_another_one_is_refused() {
        for text in ["Tom\u{202e}moT", "\u{2066}Tom", "Tom\u{200f}", "a\nb", "\u{7f}", ""] {
            assert!(Visitor::part(text).is_err(), "{text:?}");
        }
        for text in ["Tom", "张三", "محمد", "O'Brien", "👩\u{200d}💻"] {
            assert!(Visitor::part(text).is_ok(), "{text:?}");
        }
    }
}
