//! Addresses and networks.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net};

/// Addresses and networks of trusted gateways.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gateways(Vec<IpNet>);

impl Gateways {
    /// Takes networks; a single address is a network of its full length.
    pub fn new(networks: impl IntoIterator<Item = IpNet>) -> Self {
        Self(networks.into_iter().collect())
    }

    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns whether an address belongs to a gateway. IPv4 mapped into IPv6 is IPv4.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// Returns the address that limits are counted by: an IPv4 address, or the /64 of an IPv6 address, which
/// is what one household has.
pub fn key(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => {
            Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into()
        }
    }
}

/// Returns the /24 or /48 of an address: what one customer of a provider has at most, or nearly.
pub(crate) fn neighbourhood(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(address) => Ipv4Addr::from_bits(address.to_bits() & !0xff).into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !(u128::MAX >> 48)).into(),
    }
}

/// Reads an address (`127.0.0.1`) or a network (`10.0.0.0/8`).
///
/// # Errors
/// Says what was expected.
pub fn network(text: &str) -> Result<IpNet, &'static str> {
    const EXPECTED: &str = "expected IP addresses or networks, like 127.0.0.1 or 10.0.0.0/8";
    if let Ok(address) = text.parse::<IpAddr>() {
        return Ok(address.to_canonical().into());
    }
    let network: IpNet = text.parse().map_err(|_| EXPECTED)?;
    if network != network.trunc() {
        return Err("expected a network's own address before the /: 10.0.0.0/8, not 10.1.2.3/8");
    }
    let network = match (network.addr().to_canonical(), network) {
        (IpAddr::V4(address), IpNet::V6(mapped)) => {
            let length = mapped.prefix_len().checked_sub(96).ok_or(EXPECTED)?;
            Ipv4Net::new(address, length).map_err(|_| EXPECTED)?.into()
        }
        _ => network,
    };
    let smaller = (network.prefix_len() > 0).then_some(network);
    smaller.ok_or("expected a smaller network: /0 would trust every address")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn networks_are_read_exactly() {
        for (text, inside, outside) in [
            ("127.0.0.1", "127.0.0.1", "127.0.0.2"),
            ("10.0.0.0/8", "10.255.0.1", "11.0.0.1"),
            ("::ffff:10.0.0.0/104", "10.1.1.1", "::1"),
            ("::ffff:10.0.0.1", "::ffff:10.0.0.1", "10.0.0.2"),
            ("fd00::/8", "fdff::1", "fe80::1"),
        ] {
            let gateways = Gateways::new([network(text).unwrap()]);
            assert!(gateways.contains(inside.parse().unwrap()), "{text}");
            assert!(!gateways.contains(outside.parse().unwrap()), "{text}");
        }
        for text in ["", "nginx", "10.1.2.3/8", "10.0.0.0/33", "10/8", "*"] {
            assert!(network(text).is_err(), "{text}");
        }
        for all in ["0.0.0.0/0", "::/0", "::ffff:0.0.0.0/96"] {
            assert!(network(all).is_err_and(|expected| expected.contains("/0")), "{all}");
        }
    }

    #[test]
    fn an_ipv6_network_of_64_bits_is_one_caller() {
        let key = |text: &str| key(text.parse().unwrap()).to_string();
        assert_eq!(key("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(key("203.0.113.9"), "203.0.113.9");
        assert_eq!(key("::ffff:203.0.113.9"), "203.0.113.9");
    }
}
