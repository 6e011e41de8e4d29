//! The server beside real programs, whose paths are in the environment: run by `cargo xtask test services`.
//!
//! * [`doctor`]: the doctor beside the vendors' stand-in.
//! * [`doctor_readings`]: the doctor at a tenant of every reading.
//! * [`doubles`]: that stand-in, and the demo's server.
//! * [`instances`]: processes of the server.
//! * [`outage`]: Redis killed and restarted under load.
//! * [`redis_server`]: a Redis of the test's own.
//! * [`shared`]: several instances agree by one Redis.
//! * [`store`]: the store's promises, kept by Redis.
#![allow(clippy::unwrap_used, reason = "clippy knows tests, not the helpers around them")]

mod doctor;
mod doctor_readings;
mod doubles;
mod instances;
mod outage;
mod redis_server;
mod shared;
mod store;
