//! How the programs read their settings: key by key, every mistake at once, no secret in a message.
//!
//! * [`errors`]: all mistakes of a configuration.
//! * [`listen`]: the section `[listen]`.
//! * [`reader`]: reads key by key and collects the mistakes.
//! * `shown`: how a message shows a value.
//! * [`source`]: the TOML file, and `CALLDOCK_…` variables that override it.
//! * [`values`]: what the values mean that both programs have.

pub mod errors;
pub mod listen;
pub mod reader;
mod shown;
pub mod source;
pub mod values;

pub use errors::{ConfigError, ConfigErrors};
pub use listen::Listen;
pub use reader::{Keys, Reader};
