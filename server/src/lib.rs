//! The signing server: the only process that holds a vendor's key. It relays no third party's bytes.
//!
//! Imports run one way: `cli → start → http → tccc, cec → identity → queue → store, key → observe`.
//!
//! * [`address`]: which addresses this server calls, hands out or listens on.
//! * [`cec`]: Huawei Cloud CEC's logins and tokens.
//! * [`cli`]: the command line.
//! * [`config`]: file and environment become a [`config::Config`], or a list of all mistakes.
//! * [`demo`]: what `--demo` uses instead of a configuration.
//! * [`fetch`]: requests to URLs of the configuration.
//! * [`http`]: routes and listeners.
//! * [`identity`]: who sent a request.
//! * [`key`]: the one secret that signs cookies, tokens and tickets.
//! * [`observe`]: logs, the audit, metrics, readiness.
//! * [`problem`]: every failure as `application/problem+json`, in the caller's language.
//! * [`queue`]: fair shares of what the vendor allows.
//! * [`settings`]: how every module reads its settings.
//! * [`start`]: a configuration becomes what the routes need.
//! * [`store`]: what several instances share.
//! * [`tccc`]: Tencent Cloud Contact Center's cloud API.
#![forbid(unsafe_code)]

pub mod address;
pub mod cec;
pub mod cli;
pub mod config;
pub mod demo;
pub mod fetch;
pub mod http;
pub mod identity;
pub mod key;
pub mod observe;
pub mod queue;
pub mod settings;
pub mod start;
pub mod store;
pub mod tccc;

pub use calldock_service::problem;
