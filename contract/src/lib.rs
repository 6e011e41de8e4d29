//! What goes over every wire Calldock uses: the tables, and texts read into values.
//!
//! Compiled for the browser and for the server alike: no browser, no I/O, no secret. Everything here
//! takes parts that are already split (a hash, a query, an origin); splitting whole URLs is left to the
//! callers, which have a URL parser.
//!
//! One principle for all of it: *what comes from a vendor is read as far as it can be and never lost as a
//! whole; what goes to a vendor is strict; what the page says wrong is reported at once.* One damaged
//! parameter never costs a call: what could not be read is named in
//! [`CallContext::unreadable`]. A dialled number is never altered but by removing what cannot be seen
//! ([`PhoneNumber`]).
//!
//! * [`tables`]: every table, once: methods, messages, events, codes, logins, options, origins.
//! * [`text`]: text to value or error: hash, number, origin, chat link, context path, logins.
//! * [`error`]: the one error type.
//! * [`problem`]: how the server reports a failure (RFC 9457).
//! * [`redact`]: how personal data and tokens appear in a text that people read.
#![forbid(unsafe_code)]

pub mod error;
pub mod problem;
pub mod redact;
pub mod tables;
pub mod text;

pub use error::{Code, Error};
pub use problem::Problem;
pub use tables::SECRET_NAMES;
/// What the CEC chat client accepts.
pub use tables::cec as cec_chat;
pub use text::cec_login::{CecCredential, CecLogin};
pub use text::cec_validation::{CecQuestion, CecVerdict};
pub use text::chat_login::ChatLogin;
pub use text::hash::CallContext;
pub use text::number::PhoneNumber;
pub use text::sdk_login::{SdkAppId, SdkLogin};
