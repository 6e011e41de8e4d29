//! Edge over real sockets, with stand-ins for CEC.
//!
//! * [`attacks`]: requests that aim elsewhere, or hide a second one.
//! * [`bounds`]: how much and how many pass.
//! * [`container`]: what the container's builder gets.
//! * [`names`]: which headers and cookies pass.
//! * [`operator`]: the operator's listener.
//! * [`program`]: the program: checks, reloads, drains.
//! * [`relay`]: requests and responses as they pass.
//! * [`settings`]: the settings file.
//! * [`streams`]: slow and silent ends.
//! * [`smuggling`]: ambiguous requests.
//! * [`table`]: the cases of [`names`], shared with the tests of nginx.
//! * [`tls`]: CEC's certificate and name.
//! * [`websocket`]: page and CEC, joined by a WebSocket.
#![allow(clippy::unwrap_used, reason = "clippy knows tests, not the functions around them")]

mod attacks;
mod bounds;
mod container;
mod names;
mod operator;
mod program;
mod relay;
mod settings;
mod smuggling;
mod streams;
mod support;
#[path = "../table/mod.rs"]
mod table;
mod tls;
mod websocket;
