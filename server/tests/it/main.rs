//! The server from outside.
//!
//! * [`cli`]: the built program: `sign tc3`, `--demo`, configuration errors, its end.
//! * [`config`]: a file and an environment, and all their mistakes at once.
//! * [`login`]: the login route and everything the vendor may answer.
//! * [`pages`]: which pages may ask, and what every answer carries.
//! * [`secrets`]: no configured secret comes out, whatever the vendor says.
//! * [`site`]: the demo's files.
//! * [`support`]: a server without sockets, and a vendor that says what it is told to.
//! * [`vectors`]: `sign cec` over the golden vectors.
//! * [`wire`]: over a real socket.
#![allow(clippy::unwrap_used, reason = "clippy knows tests, not the helpers around them")]

mod cli;
mod config;
mod login;
mod pages;
mod secrets;
mod site;
mod support;
mod vectors;
mod wire;
