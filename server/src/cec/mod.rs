//! Huawei Cloud Customer Engagement Center's web chat (`docs/vendor/huawei.md`).
//!
//! * [`login`]: the proof of a visitor's identity: a token or a signature.
//! * [`settings`]: `[cec]` and `[signature]`.
//! * [`token`]: the Token mode's tokens, which are not stored.

pub mod login;
pub mod settings;
pub mod token;

pub use login::Login;
pub use settings::{CecMode, CecSettings};
pub use token::{TokenPolicy, Tokens};

/// Where a visitor's chat arrives: fixed by the configuration, never by a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// The company's tenant space, `tenantSpaceId`.
    pub tenant: String,
    /// The web channel, `channelConfigId`.
    pub id: String,
}
