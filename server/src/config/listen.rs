//! `[listen]`: where the pages' requests arrive, whom they come through, and what clients are granted.

use std::net::SocketAddr;

use super::reader::Reader;
use super::values;
use crate::address;
use crate::caller::{self, Gateways};
use crate::listener::Rules;

const LISTEN: &str = "127.0.0.1:8700";

/// The whole section.
pub fn read(reader: &mut Reader) -> (Option<SocketAddr>, Gateways, Rules) {
    let address = reader.parsed("listen.address", Some(LISTEN), address::listen);
    let gateways = Gateways::new(reader.list("listen.gateways", caller::network));
    (address, gateways, rules(reader))
}

fn rules(reader: &mut Reader) -> Rules {
    let usual = Rules::default();
    let mut seconds = |key, most, expected, usual| {
        reader.scalar(key, |text| values::seconds(text, 1, most, expected)).unwrap_or(usual)
    };
    let header_deadline =
        seconds("listen.header_deadline", 120, "expected 1 to 120 seconds", usual.header_deadline);
    let idle_deadline =
        seconds("listen.idle_deadline", 3600, "expected 1 to 3600 seconds", usual.idle_deadline);
    let stall_deadline =
        seconds("listen.stall_deadline", 600, "expected 1 to 600 seconds", usual.stall_deadline);
    let grace = seconds("listen.grace", 300, "expected 1 to 300 seconds", usual.grace);
    let header_bytes = reader.scalar("listen.header_bytes", |text| match text.parse() {
        Ok(bytes @ 4096..=262_144) => Ok(bytes),
        _ => Err("expected 4096 to 262144 bytes"),
    });
    let connections = reader.scalar("listen.connections", |text| match text.parse() {
        Ok(connections @ 16..=100_000) => Ok(connections),
        _ => Err("expected 16 to 100000 connections"),
    });
    Rules {
        header_deadline,
        idle_deadline,
        stall_deadline,
        header_bytes: header_bytes.unwrap_or(usual.header_bytes),
        connections: connections.unwrap_or(usual.connections),
        grace,
    }
}
