//! The handlers, one file a route, each with its path, its state and its OpenAPI description.

pub mod cec_login;
pub mod cec_validate;
pub mod health;
#[cfg(feature = "accounts")]
pub mod session;
pub mod tccc_chat;
pub mod tccc_login;
