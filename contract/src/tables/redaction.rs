//! What is personal or secret, and so never shown in a log, an error or an export.
//!
//! `js/core/redact.ts` hides it in a vendor's texts, `js/devtools` in everything it shows.

/// A word of this many characters is a token.
pub const TOKEN_LENGTH: usize = 32;

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
