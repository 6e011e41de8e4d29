//! The built program and its library, without a network beyond this machine.
//!
//! * [`account`]: `account …`.
//! * [`doctor`]: `doctor` and certificates, authenticators, the edge's refused names.
//! * [`documents`]: generated parts of the documents.
//! * [`program`]: runs the program.
//! * [`sign`]: `sign …`, and its errors.
//! * [`staff`]: `staff sync`.
//! * [`vectors`]: `sign cec` over the golden vectors.
#![allow(clippy::unwrap_used, reason = "clippy recognises tests, not the functions they share")]

mod account;
mod doctor;
mod documents;
mod program;
mod sign;
mod staff;
mod vectors;
