//! How often one address and one person may ask the routes made for pages.
//!
//! An address is counted before anybody knows who asks, a person after. The store keeps hashes, never an
//! address or an id; with Redis all instances count together.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use axum::http::{Extensions, StatusCode};
use calldock_contract::Code;
use sha2::{Digest, Sha256};

use crate::caller::Caller;
use crate::observe::metrics;
use crate::problem::{Refusal, Remedy};
use crate::store::{Hash, Limit, Quota, Store, Wait};

/// So many within a time; all of them may come at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    count: NonZeroU32,
    within: Duration,
}

impl Rate {
    /// Reads `60/m`: so many a second (`s`), minute (`m`) or hour (`h`).
    ///
    /// # Errors
    /// What was expected.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        const EXPECTED: &str = "expected a rate, like 5/s, 60/m or 1000/h, or \"off\"";
        let (count, unit) = text.split_once('/').ok_or(EXPECTED)?;
        let seconds = match unit.trim() {
            "s" => 1,
            "m" => 60,
            "h" => 3600,
            _ => return Err(EXPECTED),
        };
        let count = count.trim().parse().ok().and_then(NonZeroU32::new).ok_or(EXPECTED)?;
        if count.get() > 1_000_000 {
            return Err("expected at most a million, or \"off\"");
        }
        Ok(Self { count, within: Duration::from_secs(seconds) })
    }

    /// The same, as the store counts it.
    pub fn quota(self) -> Quota {
        // Neither is zero: a million a second is a microsecond each.
        Quota::with_period(self.within / self.count.get())
            .unwrap_or(Quota::per_second(self.count))
            .allow_burst(self.count)
    }
}

/// `[limits]`. Nothing where there is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LimitsConfig {
    /// Of one address, or of one network of IPv6 (/64).
    pub per_address: Option<Rate>,
    /// Of one agent or visitor, where each is a person of its own.
    pub per_identity: Option<Rate>,
}

/// The limits of the routes made for pages. Clones count together.
#[derive(Clone, Debug)]
pub struct Limits {
    address: Option<Limit>,
    identity: Option<Limit>,
}

impl Limits {
    /// Counted in this store: what was counted outlives a change of the configuration.
    pub fn new(config: LimitsConfig, store: &Store) -> Self {
        let limit = |name, rate: Option<Rate>| rate.map(|rate| store.limit(name, rate.quota()));
        Self {
            address: limit("address", config.per_address),
            identity: limit("identity", config.per_identity),
        }
    }

    /// Counts the address that a page's request comes from, before anybody knows who asks.
    ///
    /// # Errors
    /// A [`Refusal`]: 429 with the time to come back, or 503 where the store cannot count.
    pub async fn count_address(&self, extensions: &Extensions) -> Result<(), Refusal> {
        // Without a known connection there is nothing to count, and nobody is let through uncounted.
        let address = Caller::of(extensions)?.address;
        let Some(limit) = &self.address else { return Ok(()) };
        take(limit, "address", &of_address(address)).await
    }

    /// Counts a request of this person, once it is known who asks.
    ///
    /// # Errors
    /// As [`Limits::count_address`].
    pub async fn count_identity(&self, role: Role, id: &str) -> Result<(), Refusal> {
        let Some(limit) = &self.identity else { return Ok(()) };
        let role = match role {
            Role::Agent => "agent\n",
            Role::Visitor => "visitor\n",
            Role::Account => "account\n",
        };
        let hash = Sha256::new().chain_update(role).chain_update(id).finalize();
        take(limit, "identity", &hash.into()).await
    }
}

/// An address as limits know it: one machine of IPv4, one network that a machine of IPv6 is given.
pub fn of_address(address: IpAddr) -> Hash {
    let hash = Sha256::new().chain_update("address\n");
    match address {
        IpAddr::V4(address) => hash.chain_update(address.octets()),
        IpAddr::V6(address) => hash.chain_update(&address.octets()[..8]),
    }
    .finalize()
    .into()
}

/// What somebody is here. Ids may come from different places for each: a visitor with an agent's id is
/// another person, and must not be able to use up what the agent may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Asks for a workbench.
    Agent,
    /// Asks for a chat.
    Visitor,
    /// Signs in to an account of this server's own.
    Account,
}

async fn take(limit: &Limit, name: &'static str, key: &Hash) -> Result<(), Refusal> {
    let Err(wait) = limit.take(key).await? else { return Ok(()) };
    metrics::limit_refused(name);
    Err(too_often(name, wait))
}

fn too_often(name: &str, wait: Wait) -> Refusal {
    let detail = format!("Too many requests of one {name} came within a short time.");
    Refusal::new(StatusCode::TOO_MANY_REQUESTS, Code::LoginFailed, detail)
        .with_remedy(Remedy {
            en: "Ask again after the seconds in Retry-After. If many people share that address, list the gateway in listen.gateways or raise limits.per_address.",
            zh: "请在 Retry-After 所示秒数后重试。若多人共用该地址，请在 listen.gateways 中列出网关，或调大 limits.per_address。",
        })
        .with_retry_after(Some(wait.seconds()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_a_number_within_a_time() {
        let minute = Rate::parse("60/m").unwrap().quota();
        assert_eq!(minute.burst_size().get(), 60);
        assert_eq!(minute.replenish_interval(), Duration::from_secs(1));
        assert_eq!(
            Rate::parse(" 5 / s ").unwrap().quota().replenish_interval(),
            Duration::from_millis(200)
        );
        for text in ["", "60", "0/m", "-1/m", "60/d", "1.5/s", "60/", "/m", "2000000/s", "off"] {
            assert!(Rate::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn addresses_of_one_ipv6_network_are_one() {
        let of = |text: &str| of_address(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_ne!(of("203.0.113.9"), of("203.0.113.10"));
    }
}
