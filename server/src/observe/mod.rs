//! What an operator needs: logs, an audit, metrics, health.
//!
//! * [`audit`]: who got a login, in lines of their own that are never dropped silently.
//! * [`log`]: one line for each event, as text or as JSON, every value masked.
//! * [`mask`]: numbers, mail addresses and tokens in a text become their length.
//! * [`metrics`]: every metric there is, and the only place that counts.
//! * [`ready`]: whether this server can handle requests.
//! * [`request_id`]: the id of a request, in the log and in the response.

pub mod audit;
pub mod log;
pub mod mask;
pub mod metrics;
pub mod ready;
pub mod request_id;

pub use audit::{Audit, AuditSettings};
pub use log::LogFormat;
pub use ready::Readiness;
