//! Huawei Cloud Customer Engagement Center's web chat (`vendor/huawei.md`).
//!
//! * [`auth_v2`]: the signature of the Authorization mode.
//! * [`members`]: JSON objects whose members keep their order, since the signature depends on it.
//! * [`reading`]: what the guide leaves open about the signature, each an option.
//! * [`readings`]: those of them that have a name.
//! * [`signer`]: signs for one visitor of the configured channel.
//! * [`timestamp`]: the signature's time.
//! * [`tokens`]: the Token mode's tokens, kept only as hashes.

pub mod auth_v2;
pub mod members;
pub mod reading;
pub mod readings;
pub mod signer;
pub mod timestamp;
pub mod tokens;

pub use reading::Reading;
pub use signer::Signer;
pub use tokens::Tokens;

use crate::identity::Visitor;
use calldock_contract::{CecLogin, CecVoucher};

/// Where a visitor's chat arrives: fixed by the configuration, never by a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// The company's tenant space, `tenantSpaceId`.
    pub tenant: String,
    /// The web channel, `channelConfigId`.
    pub id: String,
}

impl Channel {
    /// What the page is given: exactly the four that were vouched for.
    pub fn login(&self, visitor: Visitor, voucher: CecVoucher) -> CecLogin {
        CecLogin {
            voucher,
            third_user_id: visitor.id,
            third_user_name: visitor.name,
            tenant_space_id: self.tenant.clone(),
            channel_config_id: self.id.clone(),
        }
    }
}
