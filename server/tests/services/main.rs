//! The server beside real programs, whose paths are in the environment: run by `cargo xtask test services`.
//!
//! * [`authority`]: a certificate authority for one test.
//! * [`doubles`]: that stand-in, and the demo's server.
//! * [`instances`]: processes of the server.
//! * [`openapi`]: schemathesis over the OpenAPI document.
//! * [`outage`]: Redis killed and restarted under load.
//! * [`redis_server`]: a Redis of the test's own.
//! * [`shared`]: several instances agree by one Redis.
//! * [`store`]: the store's promises, kept by Redis.
//! * [`vendor_client`]: the vendor's own client from PyPI, and what it says of our signatures.
#![allow(clippy::unwrap_used, reason = "clippy knows tests, not the helpers around them")]

mod authority;
mod doubles;
mod instances;
mod openapi;
mod outage;
mod redis_server;
mod shared;
mod store;
mod vendor_client;
