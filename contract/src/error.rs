//! The one error type of this crate.

use std::fmt;

pub use crate::tables::codes::Code;

/// A failure: its code, where it happened, what was expected there and what was found.
///
/// The three texts never hold a token, a number or a name: see [`crate::redact`]. The sentence is made
/// by the code that shows it: `js/core/errors.ts` in the reader's language, [`Display`](fmt::Display) in
/// English. One pointer wide: every `?` on the way to the page copies it.
///
/// ```
/// use calldock_contract::{Code, Error};
/// let error = Error::invalid("phoneNumber", "digits", "nothing");
/// assert_eq!(error.code, Code::InvalidOption);
/// assert_eq!(error.to_string(), "INVALID_OPTION: phoneNumber: expected digits, found nothing");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Parts>);

/// What an [`Error`] is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    /// Why.
    pub code: Code,
    /// The option, the member or the step that failed.
    pub at: String,
    /// What was expected there.
    pub expected: String,
    /// What was found there.
    pub found: String,
}

impl std::ops::Deref for Error {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Error {
    /// Makes an error.
    pub fn new(
        code: Code,
        at: impl Into<String>,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> Self {
        Self(Box::new(Parts {
            code,
            at: at.into(),
            expected: expected.into(),
            found: found.into(),
        }))
    }

    /// Makes the error of a value that is not of the documented form.
    pub fn invalid(at: &str, expected: &str, found: &str) -> Self {
        Self::new(Code::InvalidOption, at, expected, found)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Parts { code, at, expected, found } = &*self.0;
        write!(f, "{code}: {at}: expected {expected}, found {found}")
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_sentence() {
        let error = Error::invalid("phoneNumber", "digits", "nothing");
        let sentence = "INVALID_OPTION: phoneNumber: expected digits, found nothing";
        assert_eq!(error.to_string(), sentence);
    }

    #[test]
    fn an_error_is_one_pointer_wide() {
        assert_eq!(size_of::<Error>(), size_of::<usize>());
        assert_eq!(size_of::<Result<(), Error>>(), size_of::<usize>());
    }
}
