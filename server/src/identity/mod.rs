//! Who is asking. Whatever a request says about itself in its body is not asked.
//!
//! * [`agent`]: which agent a workbench login is for.
//! * [`guest`]: an id for somebody nobody knows, kept in a cookie.
//! * [`visitor`]: which visitor a chat is for.

pub mod agent;
pub mod guest;
pub mod visitor;

pub use agent::{AgentId, Identity};
pub use visitor::{Recognised, Visitor, Visitors};
