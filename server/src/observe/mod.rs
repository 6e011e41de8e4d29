//! What whoever runs the server needs: is it well, what does it do, what did it do.
//!
//! * [`gathered`]: lines of a few milliseconds are written together.
//! * [`listener`]: the operator's own listener: health, readiness, metrics, the OpenAPI document.
//! * [`log`]: one line for each event, as text or as JSON, every value masked.
//! * [`mask`]: numbers, mail addresses and tokens in a text become their length.
//! * [`metrics`]: every metric there is, and the only place that counts.
//! * [`openapi`]: the routes as OpenAPI 3.1.
//! * [`ready`]: whether this server can take requests.
//! * [`request_id`]: one name for one request, in the log and in the answer.
//! * [`watch`]: the layer that counts, times and logs every request.

pub mod gathered;
pub mod listener;
pub mod log;
pub mod mask;
pub mod metrics;
pub mod openapi;
pub mod ready;
pub mod request_id;
pub mod watch;

pub use log::LogFormat;
pub use ready::Readiness;
