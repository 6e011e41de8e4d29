//! Tencent Cloud Contact Center's cloud API 3.0 (`vendor/tccc.md` §4).
//!
//! * [`api`]: the calls: `CreateSDKLoginToken`.
//! * [`credentials`]: the secrets the calls are signed with, and the check that none leaves.
//! * [`failure`]: what may go wrong on the way, and what to do about each.
//! * [`tc3`]: the signature, TC3-HMAC-SHA256.
//! * [`transport`]: how a signed call travels; tests put another one in its place.

pub mod api;
pub mod credentials;
pub mod failure;
pub mod tc3;
pub mod transport;

pub use api::Api;
pub use credentials::Credentials;
pub use failure::Failure;
pub use transport::{HttpTransport, Transport};
