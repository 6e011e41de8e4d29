//! The signatures of both vendors, as pure functions: no I/O, no clock, no configuration.
//!
//! * [`auth_v2`]: CEC's Authorization mode (`docs/vendor/huawei.md` §1).
//! * [`members`]: JSON objects that keep the order of their members, which a signature depends on.
//! * [`tc3`]: Tencent Cloud's API, TC3-HMAC-SHA256 (`docs/vendor/tccc.md` §4).
//! * [`user_sig`]: reads a TCCC `userSig`; only the vendor can make one (`docs/vendor/tccc.md` §3).
#![forbid(unsafe_code)]

pub mod auth_v2;
mod digest;
pub mod members;
pub mod tc3;
pub mod user_sig;

pub use members::Members;
pub use user_sig::UserSig;
