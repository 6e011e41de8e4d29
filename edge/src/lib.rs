//! `calldock-edge`: the reverse proxy to CEC (Huawei Cloud Customer Engagement Center) under the site's own
//! origin. It holds no secret and relays nothing but `/service-cloud`.
//!
//! * [`settings`]: the settings file.
//! * [`state`]: what all requests share.
//! * [`proxy`]: one request: judged, relayed, streamed back.
//! * [`names`]: which headers and cookies pass.
//! * [`client`]: the HTTP client to CEC.
//! * [`metrics`]: counts for Prometheus.
//! * [`operator`]: health, metrics and refused names, on a listener of its own.
//! * [`serve`]: listening, reloading, stopping.
//! * [`log`]: lines that never block a request.
//! * [`cli`]: the command line.
#![forbid(unsafe_code)]

pub mod cli;
pub mod client;
pub mod log;
pub mod metrics;
pub mod names;
pub mod operator;
pub mod proxy;
pub mod serve;
pub mod settings;
pub mod state;

pub use proxy::router;
pub use settings::Settings;
pub use state::State;
