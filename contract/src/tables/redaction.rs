//! What is personal or secret, and so never shown in a log, an error or an export.
//!
//! `crate::redact` applies the rules to a vendor's texts, `js/devtools` to everything it shows.

/// This many digits in one word are a telephone number or an account.
pub const DIGITS: usize = 5;

/// A word of this many characters is a token.
pub const TOKEN_LENGTH: usize = 32;

/// This many characters of a vendor's text are kept.
pub const TEXT_LENGTH: usize = 200;

/// Parts of member names whose values are private, whatever they hold. A `^` or `$` holds the part to
/// the beginning or the end of the name; a `.` stands for any one character or none.
pub const PRIVATE_NAMES: &[&str] = &[
    "token",
    "secret",
    "passw",
    "pwd",
    "sig$",
    "signature",
    "credential",
    "authoriz",
    "cookie",
    "api.key",
    "private.key",
    "phone",
    "mobile",
    "tel$",
    "mail",
    "nick",
    "avatar",
    "caller",
    "callee",
    "address",
    "identity",
    "user.id",
    "uid$",
    "open.id",
    "customer.id",
    "agent.id",
    "desc$",
    "remark",
    "^name$",
    "user.name$",
    "customer.name$",
    "full.name$",
    "first.name$",
    "last.name$",
    "real.name$",
    "display.name$",
    "contact.name$",
    "agent.name$",
];

/// Members of events that may be logged as they are: words of the vendor's, not of a person.
pub const LOGGED_MEMBERS: &[&str] =
    &["sessionId", "type", "closeBy", "status", "serverType", "automatic", "outbound"];
