//! Whose request it is: by person, or by guest and network.

use std::net::IpAddr;

use sha2::{Digest, Sha256};

/// Whose turn a request takes.
#[derive(Clone, PartialEq, Eq)]
pub struct Who {
    /// SHA-256 of whom a ticket is for.
    id: [u8; 32],
    path: Path,
    person: bool,
}

/// The keys of a request, the widest network first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Path {
    keys: [u64; 4],
    length: usize,
}

/// Guests that are not known, and requests without a person, share a key within their network.
const UNKNOWN_ID: u64 = 0;

impl Who {
    /// A client whose identity is proven: queued by person. The network is no limit; it only decides who
    /// is served in the share that is kept for networks which ask seldom.
    pub fn person(id: &str, address: IpAddr) -> Self {
        let id = hash("person\n", id.as_bytes());
        Self { path: Path::of(address).with(key(&id)), id, person: true }
    }

    /// A guest, queued by network; within it a known guest has a turn of its own. Known is a guest whose
    /// cookie this server signed more than 60 s ago.
    pub fn guest(id: &str, known: bool, address: IpAddr) -> Self {
        let id = hash("guest\n", id.as_bytes());
        let key = if known { key(&id) } else { UNKNOWN_ID };
        Self { path: Path::of(address).with(key), id, person: false }
    }

    /// A client of a network, before it is identified.
    pub fn network(address: IpAddr) -> Self {
        let path = Path::of(address);
        let bytes = path.keys[path.length - 1].to_be_bytes();
        Self { id: hash("network\n", &bytes), path: path.with(UNKNOWN_ID), person: false }
    }

    /// What a ticket is bound to.
    pub fn id(&self) -> &[u8; 32] {
        &self.id
    }

    /// The key of its promise: its own, or its network's for [unknown](Self::is_unknown) callers without a ticket,
    /// since a caller without a cookie is another guest with each request.
    pub fn key(&self, has_ticket: bool) -> u64 {
        match self.path() {
            [.., network, UNKNOWN_ID] if !has_ticket => *network,
            _ => key(&self.id),
        }
    }

    /// Whether it shares a key with all unknown callers of its network.
    pub fn is_unknown(&self) -> bool {
        self.path().last() == Some(&UNKNOWN_ID)
    }

    /// The keys of its network and, last, its own.
    pub fn path(&self) -> &[u64] {
        &self.path.keys[..self.path.length]
    }

    /// Whether it is queued by person.
    pub fn is_person(&self) -> bool {
        self.person
    }
}

impl Path {
    /// `/48`, `/56` and `/64` of IPv6, `/24` and address of IPv4.
    pub fn of(address: IpAddr) -> Self {
        let mut keys = [0; 4];
        let mut length = 0;
        let mut add = |key| {
            keys[length] = key;
            length += 1;
        };
        match address.to_canonical() {
            IpAddr::V4(address) => {
                // In a multicast prefix of IPv6, where no request comes from.
                let key = |bits: u32| 0xffff_0000_0000_0000 | u64::from(bits);
                let bits = address.to_bits();
                add(key(bits & 0xffff_ff00));
                add(key(bits));
            }
            IpAddr::V6(address) => {
                let bits = (address.to_bits() >> 64) as u64;
                add(bits & !0xffff);
                add(bits & !0xff);
                add(bits);
            }
        }
        Self { keys, length }
    }

    fn with(mut self, key: u64) -> Self {
        self.keys[self.length] = key;
        self.length += 1;
        self
    }

    /// The keys, the widest first.
    pub fn keys(&self) -> &[u64] {
        &self.keys[..self.length]
    }
}

fn hash(kind: &str, id: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update(kind).chain_update(id).finalize().into()
}

fn key(id: &[u8; 32]) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = *id;
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(address: &str) -> Vec<u64> {
        Path::of(address.parse().unwrap()).keys().to_vec()
    }

    #[test]
    fn networks_are_nested() {
        assert_eq!(
            keys("2001:db8:1:203::9"),
            [0x2001_0db8_0001_0000, 0x2001_0db8_0001_0200, 0x2001_0db8_0001_0203]
        );
        assert_eq!(keys("203.0.113.9").len(), 2);
        assert_eq!(keys("203.0.113.9")[0], keys("203.0.113.10")[0]);
        assert_eq!(keys("::ffff:203.0.113.9"), keys("203.0.113.9"));
        assert_ne!(keys("203.0.113.9")[1], keys("203.0.113.10")[1]);
        assert_ne!(keys("203.0.113.9")[0], keys("203.0.114.9")[0]);
    }

    #[test]
    fn unknown_callers_of_an_address_share_and_known_guests_do_not() {
        let address = "203.0.113.9".parse().unwrap();
        let guest = |id, known| Who::guest(id, known, address);
        assert_eq!(guest("a", false).path(), guest("b", false).path());
        assert_ne!(guest("a", false).id(), guest("b", false).id());
        assert_ne!(guest("a", true).path(), guest("b", true).path());
        let elsewhere = Who::person("agent@example.com", "2001:db8::1".parse().unwrap());
        let here = Who::person("agent@example.com", address);
        assert_eq!((here.id(), here.key(false)), (elsewhere.id(), elsewhere.key(false)));
    }
}
