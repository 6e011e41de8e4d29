//! The server from outside.
//!
//! * [`callback`]: who may ask about tokens, and how often.
//! * [`callback_tls`]: its own listener: TLS, callers' certificates, and nothing but the callback.
//! * [`cec`]: what vouches for a visitor, and CEC's question about it.
//! * [`chat`]: TCCC's online chat.
//! * [`cli`]: the built program: `sign`, `--demo`, configuration errors, its end.
//! * [`config_callback`]: the section about CEC's question.
//! * [`config_store`]: the section about the store.
//! * [`config_visitors`]: the sections about visitors.
//! * [`config`]: a file and an environment, and all their mistakes at once.
//! * [`demo`]: the demo's secrets stay in the demo.
//! * [`documents`]: what documents have of the code.
//! * [`guests`]: visitors nobody knows, and their cookies.
//! * [`identity`]: who is asking, for each kind that knows people.
//! * [`limits`]: how often one address and one person may ask.
//! * [`listener`]: slow, greedy and countless clients, and a graceful end.
//! * [`login`]: the login route and everything the vendor may answer.
//! * [`logs`]: what is logged, and what never is.
//! * [`openapi`]: the OpenAPI document is whole.
//! * [`observe`]: health, readiness, metrics and request ids.
//! * [`pace`]: the vendor's 20 requests a second.
//! * [`operation_program`]: the built program as its operator sees it.
//! * [`pages`]: which pages may ask, and what every answer carries.
//! * [`proxy_attacks`]: requests that want to be somewhere else, or two at once.
//! * [`proxy_limits`]: how much and how many the proxy lets through.
//! * [`proxy_streams`]: the proxy under slow and silent ends.
//! * [`proxy_tls`]: CEC's certificate, its name and where it really is.
//! * [`proxy_websocket`]: WebSockets through the proxy, with a real one at both ends.
//! * [`proxy`]: CEC's domain under ours, over real sockets.
//! * [`reload`]: secrets and configuration changed while the server runs.
//! * [`secrets`]: no configured secret comes out, whatever the vendor says.
//! * [`security`]: one test for each hole that was found and closed.
//! * [`site`]: the demo's files.
//! * [`smuggling`]: requests that could be read in two ways.
//! * [`support`]: a server without sockets, and a vendor that says what it is told to.
//! * [`wire`]: over a real socket.
#![allow(clippy::unwrap_used, reason = "clippy knows tests, not the helpers around them")]

mod callback;
mod callback_tls;
mod cec;
mod chat;
mod cli;
mod config;
mod config_callback;
mod config_store;
mod config_visitors;
mod demo;
mod documents;
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
mod proxy;
mod proxy_attacks;
mod proxy_limits;
mod proxy_streams;
mod proxy_tls;
mod proxy_websocket;
mod reload;
mod secrets;
mod security;
mod site;
mod smuggling;
mod support;
mod wire;
