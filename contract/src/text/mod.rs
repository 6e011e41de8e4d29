//! Texts read into values, or an error that names what was expected.
//!
//! * [`agent`]: one-click dial in CEC's agent workbench.
//! * [`address`]: whether scripts and data may come from an address.
//! * [`cec_login`]: the proof of a CEC visitor's identity.
//! * [`cec_validation`]: CEC's request to validate a token, and the response.
//! * [`chat_link`]: the address of TCCC's chat page.
//! * [`chat_login`]: what TCCC's chat is opened with.
//! * [`context_path`]: the path under which CEC responds.
//! * [`hash`]: the call in a screen-pop page's hash.
//! * [`number`]: a number as the vendor dials it.
//! * [`origin`]: to which origin a message may go.
//! * [`scan`]: finds characters in texts.
//! * [`sdk_login`]: what the agent script is started with.

pub mod address;
pub mod agent;
pub mod cec_login;
pub mod cec_validation;
pub mod chat_link;
pub mod chat_login;
pub mod context_path;
pub mod hash;
pub mod number;
pub mod origin;
pub mod scan;
pub mod sdk_login;
