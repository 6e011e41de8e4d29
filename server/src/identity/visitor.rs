//! Which visitor a chat is for.

use std::sync::Arc;

use axum::http::HeaderValue;
use axum::http::request::Parts;

use super::{Door, KnownBy, Person, guest};
use crate::problem::Refusal;

/// A visitor as the contact centre is told of: what the server vouches for.
#[derive(Clone, PartialEq, Eq)]
pub struct Visitor {
    /// The id in the company's own system (`thirdUserId`, `uid`).
    pub id: String,
    /// What the agent reads (`thirdUserName`, `nickName`).
    pub name: String,
}

/// The page warns of the same ids.
pub const LONG_ID: usize = calldock_contract::cec_chat::USER_ID_ADVICE;

impl Visitor {
    /// Reads an id or a name: no control characters, so that neither breaks a line anywhere.
    ///
    /// # Errors
    /// What was expected.
    pub fn part(text: &str) -> Result<String, &'static str> {
        let fits = (1..=256).contains(&text.len()) && !text.chars().any(char::is_control);
        if fits {
            Ok(text.to_owned())
        } else {
            Err("expected 1 to 256 bytes without control characters")
        }
    }

    /// Whether the id is longer than a vendor may keep; worth a warning.
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

/// How the server learns who wants to chat; what people are known by is as in [`super::Identity`].
#[derive(Clone, Debug)]
pub enum Visitors<By = KnownBy> {
    /// Everyone is this customer: for a demo.
    Fixed(Visitor),
    /// Nobody is known; the server makes an id and keeps it in a cookie. The name is what agents read,
    /// followed by a few digits of the id.
    Guest {
        /// For example `Guest`.
        name: String,
    },
    /// Whoever this knows.
    Known {
        /// Where from.
        by: By,
        /// What agents read of somebody whose name is not known.
        name: String,
    },
}

impl<By> Visitors<By> {
    /// The same with what people are known by replaced.
    ///
    /// # Errors
    /// What the replacing says.
    pub fn open<To, E>(self, open: impl FnOnce(By) -> Result<To, E>) -> Result<Visitors<To>, E> {
        Ok(match self {
            Self::Fixed(visitor) => Visitors::Fixed(visitor),
            Self::Guest { name } => Visitors::Guest { name },
            Self::Known { by, name } => Visitors::Known { by: open(by)?, name },
        })
    }
}

/// Who it is, and what the browser is to keep about that.
#[derive(Clone, Debug)]
pub struct Recognised {
    /// Who.
    pub visitor: Visitor,
    /// A `Set-Cookie`, if the browser has none yet.
    pub set_cookie: Option<HeaderValue>,
}

impl Visitors<Arc<Door>> {
    /// The visitor behind a request.
    ///
    /// # Errors
    /// A [`Refusal`] where the request proves nobody, or where no id can be made.
    pub async fn recognise(&self, request: &Parts) -> Result<Recognised, Refusal> {
        match self {
            Self::Fixed(visitor) => Ok(Recognised { visitor: visitor.clone(), set_cookie: None }),
            Self::Guest { name } => guest::recognise(&request.headers, name),
            Self::Known { by, name } => {
                let Person { id, name: known } = by.person(request).await?;
                let visitor = Visitor { id, name: known.unwrap_or_else(|| name.clone()) };
                Ok(Recognised { visitor, set_cookie: None })
            }
        }
    }
}
