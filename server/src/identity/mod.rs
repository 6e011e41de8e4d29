//! Who sent a request. What a request says about itself in its body is ignored.
//!
//! * [`agent`]: the agent that a workbench login is for.
//! * [`agents`]: how agents are identified.
//! * [`authenticator`]: the port that all kinds implement.
//! * [`authenticators`]: the open authenticators of a configuration.
//! * [`cookie`]: cookies of a request, and the server's own.
//! * [`fetch`]: short GET requests to URLs of the configuration.
//! * [`gateway`]: the site's own gateway or application.
//! * [`guest`]: ids of anonymous visitors, kept in a cookie.
//! * [`guest_cookie`]: the signed value of that cookie.
//! * [`jwt`]: signed tokens of a provider or a gateway.
//! * `local`: accounts of this server (cargo feature `accounts`).
//! * [`person`]: an identified person.
//! * [`settings`]: `[identity]` and `[visitor]`.
//! * [`visitor`]: the visitor that a chat is for.
//! * [`visitors`]: how visitors are identified.

pub mod agent;
pub mod agents;
pub mod authenticator;
pub mod authenticators;
mod cookie;
mod fetch;
pub mod gateway;
pub mod guest;
pub mod guest_cookie;
pub mod jwt;
#[cfg(feature = "accounts")]
pub mod local;
pub mod person;
pub mod settings;
pub mod visitor;
pub mod visitors;

pub use agent::AgentId;
pub use agents::{AgentSettings, Agents};
pub use authenticator::{Authenticator, AuthenticatorSettings};
pub use authenticators::{Authenticators, OpenError, Resources};
#[cfg(feature = "accounts")]
pub use local::Local;
pub use person::Person;
pub use visitor::{Recognised, Visitor};
pub use visitors::{VisitorKind, VisitorSettings, Visitors};
