//! The server beside real programs, whose paths are in the environment: run by `cargo xtask test services`.
//!
//! * [`authority`]: a certificate authority for one test.
//! * [`cec_tls`]: CEC behind TLS: whatever a test has it answer, WebSockets too.
//! * [`container`]: `deploy/container/` as a linter reads it.
//! * [`doubles`]: that stand-in, and the demo's server.
//! * [`front`]: nginx, the server behind it, and CEC.
//! * [`instances`]: processes of the server.
//! * [`nginx_process`]: Debian's nginx with a configuration of the test's own.
//! * [`nginx`]: `deploy/nginx/calldock.conf` in Debian's nginx.
//! * [`openapi`]: schemathesis over the OpenAPI document.
//! * [`outage`]: Redis killed and restarted under load.
//! * [`redis_server`]: a Redis of the test's own.
//! * [`service_cloud`]: `deploy/nginx/service-cloud.conf` in Debian's nginx.
//! * [`shared`]: several instances agree by one Redis.
//! * [`store`]: the store's promises, kept by Redis.
//! * [`unit`]: `deploy/systemd/` as systemd reads it.
//! * [`vendor_client`]: the vendor's own client from PyPI, and what it says of our signatures.
#![allow(clippy::unwrap_used, reason = "clippy knows tests, not the helpers around them")]

mod authority;
mod cec_tls;
mod container;
mod doubles;
mod front;
mod instances;
mod nginx;
mod nginx_process;
mod openapi;
mod outage;
mod redis_server;
mod service_cloud;
mod shared;
mod store;
mod unit;
mod vendor_client;
