//! The visitor that a chat is for.

use axum::http::HeaderValue;

use crate::observe::mask::is_misleading;

/// A visitor as the server reports it to the contact centre.
#[derive(Clone, PartialEq, Eq)]
pub struct Visitor {
    /// The id in the company's own system (`thirdUserId`, `uid`).
    pub id: String,
    /// The display name for the agent (`thirdUserName`, `nickName`).
    pub name: String,
}

/// The length up to which ids are safe; the page warns at the same length.
pub const LONG_ID: usize = calldock_contract::cec_chat::USER_ID_ADVICE;

impl Visitor {
    /// Reads an id or a name, without control and direction characters: both are shown to agents.
    ///
    /// # Errors
    /// What was expected.
    pub fn part(text: &str) -> Result<String, &'static str> {
        let fits = (1..=256).contains(&text.len()) && !text.chars().any(is_misleading);
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
