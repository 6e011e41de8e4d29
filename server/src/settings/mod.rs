//! What every module needs to read its settings.
//!
//! * [`values`]: what the values mean.
//!
//! The reader itself is that of `calldock_service::settings`, which the edge uses too.

pub mod values;

pub use calldock_service::settings::{ConfigErrors, Keys, Reader, source};
