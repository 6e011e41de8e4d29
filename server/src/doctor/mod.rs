//! `calldock-server doctor`: what works and what does not, and how to mend it (`docs/doctor.md`).
//!
//! * [`checks`]: the checks, one file each, and their table.
//! * [`cookie`]: what a browser would do with a cookie.
//! * [`door`]: the way a page takes to CEC.
//! * [`examination`]: what the checks look at.
//! * [`finding`]: what a check found, in both languages.
//! * [`http`]: asks, and looks at what comes back without trusting it.
//! * [`readings`]: which reading of the signature a tenant accepts.
//! * [`report`]: the findings as a table or as JSON.
//! * [`trouble`]: why no answer came.

pub mod checks;
pub mod cookie;
pub mod door;
pub mod examination;
pub mod finding;
pub mod http;
pub mod readings;
pub mod report;
pub mod trouble;

pub use examination::{Examination, Part};
pub use report::Report;
