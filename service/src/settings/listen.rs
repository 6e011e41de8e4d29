//! `[listen]`: where pages' requests arrive.

use std::time::Duration;

use super::Reader;
use crate::{Bounds, Deadlines, Gateways, Limits, Place, network};

/// The pages' listener.
#[derive(Clone, Debug)]
pub struct Listen {
    /// Where it is.
    pub address: Place,
    /// Whose `X-Forwarded-*` headers are trusted; they carry many callers, so they are not counted per
    /// address.
    pub gateways: Gateways,
    /// How many connections, all together and per address.
    pub connections: Limits,
    /// The deadlines of a connection.
    pub deadlines: Deadlines,
    /// The most bytes of a request's head.
    ///
    /// @defaultValue 16384
    pub header_bytes: usize,
    /// How long `/readyz` reports 503 before the listener stops accepting.
    ///
    /// @defaultValue 5 s
    pub drain: Duration,
    /// How long open requests may take after that.
    ///
    /// @defaultValue 15 s
    pub grace: Duration,
}

impl Listen {
    /// The settings by default, with this address and these limits.
    pub fn new(address: Place, total: u32, per_address: u32) -> Self {
        Self {
            address,
            gateways: Gateways::default(),
            connections: Limits { total, per_address },
            deadlines: Deadlines::default(),
            header_bytes: 16 * 1024,
            drain: Duration::from_secs(5),
            grace: Duration::from_secs(15),
        }
    }

    /// Reads every key; what is not set stays as it is.
    pub fn read(self, reader: &mut Reader) -> Self {
        let address = reader.optional("listen.address", Place::parse).unwrap_or(self.address);
        let gateways = Gateways::new(reader.list("listen.gateways", network));
        let mut seconds = |key, limits, usual| reader.seconds(key, limits).unwrap_or(usual);
        let deadlines = Deadlines {
            head: seconds("listen.header_deadline", 1..=120, self.deadlines.head),
            idle: seconds("listen.idle_deadline", 1..=3600, self.deadlines.idle),
            stall: seconds("listen.stall_deadline", 1..=600, self.deadlines.stall),
        };
        let drain = seconds("listen.drain", 0..=300, self.drain);
        let grace = seconds("listen.grace", 1..=300, self.grace);
        let header_bytes = reader.number("listen.header_bytes", 8192..=262_144, "bytes");
        let mut count =
            |key, usual| reader.number(key, 8..=100_000, "connections").unwrap_or(usual);
        let total = count("listen.connections", self.connections.total);
        let per_address =
            count("listen.connections_per_address", self.connections.per_address.min(total));
        let connections = Limits { total, per_address };
        let header_bytes = header_bytes.unwrap_or(self.header_bytes);
        Self { address, gateways, connections, deadlines, header_bytes, drain, grace }
    }

    /// Whether only this machine reaches it.
    pub fn is_local(&self) -> bool {
        self.address.address().is_none_or(|address| address.ip().is_loopback())
    }

    /// Whether gateways are known: by address, or because they connect through the unix socket.
    pub fn has_gateways(&self) -> bool {
        !self.gateways.is_empty() || self.address.address().is_none()
    }

    /// The bounds of its requests in progress, for [`crate::Slots::shared`]: at most half of them for one address,
    /// so that a caller behind a gateway cannot take all connections.
    pub fn requests(&self) -> Limits {
        let total = self.connections.total;
        Limits { total, per_address: total.div_ceil(2) }
    }

    /// The bounds of its connections.
    pub fn bounds(&self) -> Bounds {
        Bounds { limits: self.connections, exempt: self.gateways.clone() }
    }
}
