//! Every table, once. `cargo xtask generate` writes them into `js/generated/` and `docs/`.
//!
//! * [`call`]: the parameters of a screen pop.
//! * [`cec`]: languages, scripts and paths of the CEC chat client.
//! * [`chinese`]: the Chinese texts of the reference documents.
//! * [`cloud_errors`]: error codes of TCCC's cloud API, with a fix in two languages.
//! * [`codes`]: the failure codes with a fix in two languages.
//! * [`events`]: the workbench's events.
//! * [`logins`]: what a page's login source responds with.
//! * [`messages`]: the `ccc-sdk` messages.
//! * [`methods`]: the workbench's methods.
//! * [`options`]: the options of the package's functions.
//! * [`origins`]: addresses of the vendor's.
//! * [`phrases`]: phrases of errors in Chinese.
//! * [`redaction`]: what is never shown.
//! * [`responses`]: what the vendors respond with.
//! * [`secrets`]: names that only a server's configuration may have.
//! * [`shape`]: how a table describes an object.

pub mod call;
pub mod cec;
pub mod chinese;
pub mod cloud_errors;
pub mod codes;
pub mod events;
pub mod logins;
pub mod messages;
pub mod methods;
pub mod options;
pub mod origins;
pub mod phrases;
pub mod redaction;
pub mod responses;
pub mod secrets;
pub mod shape;

pub use codes::Code;
pub use secrets::SECRET_NAMES;
