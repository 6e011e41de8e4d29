//! The server beside real programs, whose paths are in the environment: run by `cargo xtask test services`.
//!
//! * [`instances`]: processes of the server.
//! * [`outage`]: Redis killed and restarted under load.
//! * [`redis_server`]: a Redis of the test's own.
//! * [`shared`]: several instances agree by one Redis.
//! * [`store`]: the store's promises, kept by Redis.
#![allow(clippy::unwrap_used, reason = "clippy knows tests, not the helpers around them")]

mod instances;
mod outage;
mod redis_server;
mod shared;
mod store;
