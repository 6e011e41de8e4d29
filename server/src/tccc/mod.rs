//! Tencent Cloud Contact Center's cloud API 3.0 (`docs/vendor/tccc.md` §4).
//!
//! * `api`: signed calls, and `CreateSDKLoginToken`.
//! * `chat`: `CreateUserSig`.
//! * `credentials`: what calls are signed with: a key, or temporary ones of a cloud role.
//! * `failure`: what may go wrong, and what to do about each.
//! * `hosts`: where the agent's script may come from.
//! * `settings`: `[tccc]` and `[chat]`.
//! * `sig_cache`: signatures that are still good, for pages that are reloaded.
//! * `transport`: how a signed call is sent; tests replace it.

pub mod api;
pub mod chat;
pub mod credentials;
pub mod failure;
pub mod hosts;
pub mod settings;
mod sig_cache;
pub mod transport;

pub use api::Api;
pub use credentials::{CredentialSource, Credentials};
pub use failure::Failure;
pub use settings::{ChatSettings, FIXED_FIELDS, TcccSettings};
pub use transport::{HttpTransport, Transport};
