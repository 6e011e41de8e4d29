//! What `deploy/` has, in the real programs, whose paths are in the environment: run by
//! `cargo xtask test services`.
//!
//! * [`authority`]: a certificate authority for one test.
//! * [`cec_tls`]: CEC behind TLS.
//! * [`container`]: `deploy/container/` as a linter reads it.
//! * [`front`]: nginx, calldock-server and calldock-edge behind it, and CEC.
//! * [`nginx_alone`]: `deploy/nginx/service-cloud*.conf` in Debian's nginx, stock and with njs.
//! * [`nginx_process`]: Debian's nginx with a configuration of the test's own.
//! * [`nginx_site`]: `deploy/nginx/calldock.conf` in Debian's nginx.
//! * [`pages`]: nginx with one of the files for CEC alone.
//! * [`resolver`]: a name server that knows one name.
//! * [`table`]: what has to pass and what must not.
//! * [`units`]: `deploy/systemd/` as systemd reads it.
#![allow(clippy::unwrap_used, reason = "clippy knows tests, not the functions around them")]

mod authority;
mod cec_tls;
mod container;
mod front;
mod nginx_alone;
mod nginx_process;
mod nginx_site;
mod pages;
mod resolver;
#[path = "../table/mod.rs"]
mod table;
mod units;

/// A program's path, as `cargo xtask test services` names it.
fn program(variable: &str) -> std::ffi::OsString {
    std::env::var_os(variable)
        .unwrap_or_else(|| panic!("{variable}: run by `cargo xtask test services`"))
}
