//! The tool beside the vendors' stand-in and the demo's server: run by `cargo xtask test services`.
//!
//! * [`doctor`]: each fault of the stand-in is one failing row.
//! * [`process`]: the programs.
//! * [`readings`]: `doctor cec --readings` at a tenant of every reading.
#![allow(clippy::unwrap_used, reason = "clippy recognises tests, not the functions they share")]

mod doctor;
mod process;
mod readings;
