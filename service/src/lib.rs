//! What `calldock-server` and `calldock-edge` share as services: listener, settings, problems, log.
//!
//! * [`Place`] is where a program listens, [`Serving`] what serves there.
//! * [`Connections`] bounds connections, all together and per address, and closes waiting ones for new ones.
//! * [`Bounded`] is the acceptor for `axum_server` that applies those bounds and the [`Deadlines`].
//! * [`Slots`] bounds anything else per address: streams, WebSockets.
//! * [`Gateways`] and [`Caller`] read who is calling from `X-Forwarded-*`, where a gateway is trusted.
//! * [`PublicOrigins`] decides which pages are of the server's own origin.
//! * [`pages`] decides which page a request comes from, and writes CORS headers.
//! * [`operator`] is the listener for health and metrics.
//! * [`header_parts`] splits headers that are lists.
//! * [`form`] refuses requests that two readers could understand differently.
//! * [`problem`] writes failures as `application/problem+json`.
//! * [`settings`] reads configurations.
//! * [`log`] writes lines that block no request; [`systemd`] tells systemd what a program does.
#![forbid(unsafe_code)]

use std::time::{Duration, SystemTime, UNIX_EPOCH};

mod accept;
mod address;
mod caller;
pub mod command;
mod connections;
pub mod form;
pub mod log;
pub mod operator;
mod origin;
pub mod pages;
pub mod problem;
mod serve;
pub mod settings;
mod signals;
mod slots;
mod stream;
pub mod systemd;
mod tracked;

pub use accept::{Bounded, Peer, http1};
pub use address::{Gateways, key, network};
pub use caller::{Caller, X_FORWARDED_FOR, X_FORWARDED_HOST, X_FORWARDED_PROTO, header_parts};
pub use connections::{Bounds, Connections, Deadlines};
pub use origin::{PublicOrigins, names, names_this_machine};
pub use serve::{Bound, Place, Serving, cannot_listen};
pub use signals::{SignalAction, Signals};
pub use slots::{Full, Limits, Slot, Slots};
pub use stream::Timed;
pub use tracked::{ReceivedBody, Tracked, TrackedBody};

/// Returns this machine's time since 1970; zero where its clock is before that.
pub fn since_1970() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
