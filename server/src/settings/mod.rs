//! How every module reads its settings.
//!
//! * [`errors`]: all mistakes of a configuration.
//! * `old`: keys of earlier versions.
//! * [`reader`]: reads key by key and collects the mistakes.
//! * [`source`]: the TOML file, and `CALLDOCK_…` variables that override it.
//! * [`values`]: what the values mean.

pub mod errors;
mod old;
pub mod reader;
pub mod source;
pub mod values;

pub use errors::ConfigErrors;
pub use reader::Reader;
