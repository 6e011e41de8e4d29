//! Tencent Cloud Contact Center, as its documents describe it (`docs/vendor/tccc.md`): strict where they are strict.

/// Cloud API 3.0: its actions, in the vendor's envelope.
mod api;
/// The agent script, made of its modules.
mod bundle;
/// A call: what is known of it and what its event and its screen pop carry.
mod call;
/// The contact centre: agents, calls, and the events they cause.
pub mod centre;
/// The online chat: its page, its widget, the signature of a visitor's data.
mod chat;
/// What an agent's page can ask for: the vendor's methods, one by one.
mod commands;
/// Rings, answers, hangs up and signs out, for tests and the simulator.
mod control;
/// What the doubles can be told to do wrong.
mod faults;
/// Behaves as a tenant's real script was seen to.
pub mod like;
/// Login tokens, the one use of their script URL, and the sessions they open.
mod logins;
/// The parameters of a cloud API action, read as strictly as the vendor reads them.
mod parameters;
/// The telephone numbers the vendor dials.
mod phone;
/// The agent script's routes: script, session, commands, events.
mod sdk;
/// Server-sent events that end with the page, or with the process.
mod sse;
/// Agents as the cloud API lists and creates them.
mod staff;
/// Everything one contact centre keeps.
mod state;
/// TC3-HMAC-SHA256, verified.
mod tc3;
/// The workbench page and what it asks of the centre.
mod workbench;

#[cfg(test)]
mod tests;

use axum::{Router, middleware::from_fn_with_state};

pub use faults::{ApiFault, SdkOptions};
pub use state::Tccc;

/// Every route of the vendor.
pub fn router(tccc: Tccc) -> Router {
    Router::new()
        .merge(api::routes().layer(from_fn_with_state(tccc.clone(), api::wrong_clock)))
        .merge(sdk::routes())
        .merge(workbench::routes())
        .merge(chat::routes())
        .with_state(tccc)
}

/// The control routes that only this vendor has.
pub fn control_routes(tccc: Tccc) -> Router {
    control::routes().with_state(tccc)
}
