//! The vault: the only room that holds a secret, and the only one that signs.
//!
//! * [`address`]: which addresses this server calls, hands out or listens on.
//! * [`app`]: a configuration becomes everything the routes need.
//! * [`calendar`]: times as people and vendors read them.
//! * [`callback`]: CEC's question about a token: who may ask, how often, and over which listener.
//! * [`caller`]: who is at the other end, through gateways.
//! * [`cec`]: Huawei Cloud CEC's signature and tokens.
//! * [`cli`]: the command line: `serve` (also without its name), `doctor`, `sign` and `staff`.
//! * [`config`]: file and environment become a [`config::Config`], or a list of all that is wrong.
//! * [`demo`]: what `--demo` puts in the place of a configuration.
//! * [`digest`]: HMAC-SHA256 and hexadecimal digits.
//! * [`guard`]: which pages may call the routes made for browsers.
//! * [`identity`]: who is asking.
//! * [`observe`]: health, metrics and logs, for whoever runs the server.
//! * [`layer`]: what stands before routes.
//! * [`limits`]: how often one address and one person may ask.
//! * [`listener`]: where connections arrive, with deadlines and limits.
//! * [`problem`]: every failure as `application/problem+json`, in the caller's language.
//! * [`proxy`]: CEC's domain under the page's own origin.
//! * [`routes`]: what the server answers.
//! * [`store`]: what several instances must agree on: tokens, sessions, guesses and limits.
//! * [`tccc`]: Tencent Cloud Contact Center's cloud API.
#![forbid(unsafe_code)]

pub mod address;
pub mod app;
pub mod calendar;
pub mod callback;
pub mod caller;
pub mod cec;
pub mod cli;
pub mod config;
pub mod demo;
pub mod digest;
pub mod guard;
pub mod identity;
pub mod layer;
pub mod limits;
pub mod listener;
pub mod observe;
pub mod problem;
pub mod proxy;
pub mod routes;
pub mod store;
pub mod tccc;

pub use app::App;
pub use routes::{callback_router, router};
