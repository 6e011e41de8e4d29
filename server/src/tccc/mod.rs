//! Tencent Cloud Contact Center's cloud API 3.0 (`vendor/tccc.md` §4).
//!
//! * [`action`]: the actions that are called, each with its queue.
//! * [`api`]: the calls, and `CreateSDKLoginToken`.
//! * [`chat`]: the call for a visitor's chat, `CreateUserSig`.
//! * [`credentials`]: the secrets the calls are signed with, and the check that none leaves.
//! * [`failure`]: what may go wrong on the way, and what to do about each.
//! * [`known`]: the vendor's error codes, each with a remedy.
//! * [`pacer`]: so many calls a second, and who comes too soon waits.
//! * [`probe`]: whether the key is good, by a call that only reads.
//! * [`shared_pace`]: the same pace for all instances that share a store.
//! * [`staff`]: the contact centre's agents: listing and creating them.
//! * [`tc3`]: the signature, TC3-HMAC-SHA256.
//! * [`transport`]: how a signed call travels; tests put another one in its place.
//! * [`user_sig`]: what a `userSig` says, as far as it can be read without a key.

pub mod action;
pub mod api;
pub mod chat;
pub mod credentials;
pub mod failure;
pub mod known;
pub mod pacer;
mod probe;
mod shared_pace;
pub mod staff;
pub mod tc3;
pub mod transport;
pub mod user_sig;

pub use action::Action;
pub use api::Api;
pub use credentials::Credentials;
pub use failure::Failure;
pub use pacer::Pace;
pub use transport::{HttpTransport, Transport};
