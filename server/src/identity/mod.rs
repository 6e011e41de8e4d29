//! Who is asking. Whatever a request says about itself in its body is not asked.
//!
//! * [`agent`]: which agent a workbench login is for.
//! * [`cookies`]: cookies of a request.
//! * [`door`]: where it is known who is asking, and what is open of that.
//! * [`fetch`]: a short GET to an address of the configuration.
//! * [`gateway`]: the company's own gateway or application knows.
//! * [`guest`]: an id for somebody nobody knows, kept in a cookie.
//! * [`jwt`]: an OpenID Connect provider's token knows.
//! * [`local`]: accounts of this server's own.
//! * [`person`]: somebody whom one of these knows.
//! * [`secret`]: a secret in a cookie, which makes its holder somebody.
//! * [`visitor`]: which visitor a chat is for.

pub mod agent;
mod cookies;
pub mod door;
mod fetch;
pub mod gateway;
pub mod guest;
pub mod jwt;
pub mod local;
pub mod person;
mod secret;
pub mod visitor;

pub use agent::{AgentId, Identity};
pub use door::{Door, Doors, KnownBy};
pub use local::{Local, OpenError};
pub use person::Person;
pub use visitor::{Recognised, Visitor, Visitors};
