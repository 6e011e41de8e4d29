//! The vault: the only room that holds a secret, and the only one that signs.
//!
//! * [`address`]: which addresses this server calls, hands out or listens on.
//! * [`cli`]: the command line: `serve` (also without its name) and `sign tc3`.
//! * [`config`]: file and environment become a [`config::Config`], or a list of all that is wrong.
//! * [`demo`]: what `--demo` puts in the place of a configuration.
//! * [`guard`]: which pages may call the routes made for browsers.
//! * [`identity`]: who is asking.
//! * [`problem`]: every failure as `application/problem+json`, in the caller's language.
//! * [`routes`]: what the server answers.
//! * [`tccc`]: Tencent Cloud Contact Center's cloud API.
#![forbid(unsafe_code)]

pub mod address;
pub mod cli;
pub mod config;
pub mod demo;
pub mod guard;
pub mod identity;
pub mod problem;
pub mod routes;
pub mod tccc;

pub use routes::{App, router};
