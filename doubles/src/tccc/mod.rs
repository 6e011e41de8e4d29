//! Tencent Cloud Contact Center, as its documents describe it (`vendor/tccc.md`): strict where they are strict.

/// Cloud API 3.0: `CreateSDKLoginToken`, in the vendor's envelope.
mod api;
/// Makes the agent script: one classic script out of readable modules.
mod bundle;
/// A call: what is known of it and what its event and its screen pop carry.
mod call;
/// The contact centre: agents, calls, and the events they cause.
mod centre;
/// What an agent's page can ask for: the vendor's methods, one by one.
mod commands;
/// Rings, answers, hangs up and breaks things, for tests and the simulator.
mod control;
/// What the doubles can be told to do wrong.
mod faults;
/// What the double saw, for tests and the inspector; never a token.
mod log;
/// Login tokens, the one use of their script URL, and the sessions they open.
mod logins;
/// The telephone numbers the vendor dials.
mod phone;
/// The agent script's routes: script, session, commands, events.
mod sdk;
/// Server-sent events that end with the page, or with the process.
mod sse;
/// Everything one contact centre keeps.
mod state;
/// TC3-HMAC-SHA256, verified.
mod tc3;
/// Time and chance.
mod when;
/// The workbench page and what it asks of the centre.
mod workbench;

#[cfg(test)]
mod tests;

use axum::{
    Router,
    http::{HeaderName, HeaderValue},
};
use tower_http::set_header::SetResponseHeaderLayer;

pub use state::Tccc;

/// Every route of the vendor, and the control routes the vendor does not have.
pub fn router(tccc: Tccc) -> Router {
    let nosniff = SetResponseHeaderLayer::overriding(
        HeaderName::from_static("x-content-type-options"),
        HeaderValue::from_static("nosniff"),
    );
    Router::new()
        .merge(api::routes())
        .merge(sdk::routes())
        .merge(control::routes())
        .merge(workbench::routes())
        .layer(nosniff)
        .with_state(tccc)
}
