//! `doctor`: what works, what does not, and how to fix it (`docs/en/operate/doctor.md`).
//!
//! * [`checks`]: the checks, one file each, and their table.
//! * `chinese`: what the server says in English only.
//! * [`command`]: the command line.
//! * [`context`]: what the checks read.
//! * [`cookie`]: what a browser would do with a cookie.
//! * [`edge`]: the configuration of `calldock-edge`.
//! * [`finding`]: the result of a check, in both languages.
//! * [`http`]: sends requests and reads responses without trusting them.
//! * [`network_error`]: why there was no response.
//! * [`readings`]: finds the reading of the signature that a tenant accepts.
//! * [`report`]: the findings as a table or as JSON.

pub mod checks;
mod chinese;
pub mod command;
pub mod context;
pub mod cookie;
pub mod edge;
pub mod finding;
pub mod http;
pub mod network_error;
pub mod readings;
pub mod report;

pub use context::{Context, Options, Part};
pub use report::Report;
