//! The server from outside.
//!
//! * [`callback`]: who may ask about tokens, and how often.
//! * [`callback_tls`]: its own listener: TLS, callers' certificates, and no other route.
//! * [`cec`]: the proof of a visitor, and CEC's question about it.
//! * [`chat`]: TCCC's online chat.
//! * [`cli`]: the built program: `check`, `health`, `--demo`, configuration errors, its end.
//! * [`config_callback`]: the section about CEC's question.
//! * [`config_store`]: the section about the store.
//! * [`config_visitors`]: the sections about visitors.
//! * [`config`]: a file and an environment, and all their mistakes at once.
//! * [`demo`]: the demo's secrets stay in the demo.
//! * [`documents`]: the generated parts of the documents.
//! * [`fairness`]: who is served while others ask too much.
//! * [`guests`]: unknown visitors, and their cookies.
//! * [`identity`]: each kind of authenticator behind the routes.
//! * [`limits`]: who is limited by network, and who is not.
//! * [`listener`]: slow, greedy and too many clients, and a graceful end.
//! * [`login`]: the login route and every response of the vendor.
//! * [`logs`]: what is logged, and what never is.
//! * [`openapi`]: the OpenAPI document is complete.
//! * [`operation`]: health, readiness, metrics and request ids.
//! * [`operation_program`]: the built program as its operator sees it: log, audit, drain.
//! * [`pace`]: the vendor's 20 requests a second, and tickets.
//! * [`pages`]: which pages may call, and the headers of every response.
//! * [`reload`]: secrets and configuration changed while the server runs.
//! * [`secrets`]: no configured secret comes out, whatever the vendor responds.
//! * [`security`]: one test for each hole that was found and closed.
//! * [`smuggling`]: requests that could be read in two ways.
//! * [`support`]: a server without sockets, and a vendor whose response the test chooses.
//! * [`wire`]: calls to the vendor over a real socket.
#![allow(clippy::unwrap_used, reason = "clippy knows tests, not the functions they share")]

mod callback;
mod callback_tls;
mod cec;
mod chat;
mod cli;
mod config;
mod config_callback;
mod config_messages;
mod config_store;
mod config_visitors;
mod demo;
mod documents;
mod fairness;
mod guests;
mod identity;
mod limits;
mod listener;
mod login;
mod logs;
mod openapi;
mod operation;
mod operation_program;
mod pace;
mod pages;
mod reload;
mod secrets;
mod security;
mod smuggling;
mod support;
mod wire;
