//! The server beside real programs, whose paths are in the environment: run by `cargo xtask test services`.
//!
//! * [`authority`]: a certificate authority for one test.
//! * [`doubles`]: that stand-in, and the demo's server.
//! * [`instances`]: processes of the server.
//! * [`openapi`]: schemathesis over the OpenAPI document.
//! * [`outage`]: Redis killed and restarted under load.
//! * [`pace`]: one budget shared by several instances.
//! * [`redis_cluster`]: a cluster, and Sentinel.
//! * [`redis_server`]: a Redis of the test's own.
//! * [`shared`]: several instances agree by one Redis.
//! * [`store`]: the store over one Redis.
//! * [`topologies`]: the store over a cluster, Sentinel and TLS.
//! * [`vendor_client`]: the vendor's own client from PyPI, and what it says of our signatures.
#![allow(clippy::unwrap_used, reason = "clippy knows tests, not the helpers around them")]

mod authority;
mod doubles;
mod instances;
mod openapi;
mod outage;
mod pace;
mod redis_cluster;
mod redis_server;
mod shared;
mod store;
mod topologies;
mod vendor_client;
