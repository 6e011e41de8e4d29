//! `[limits]`.

use super::reader::Reader;
use crate::limits::{LimitsConfig, Rate};

/// A call centre's agents may come from one address, all at nine o'clock.
const PER_ADDRESS: &str = "600/m";
/// A page asks once when it is opened.
const PER_IDENTITY: &str = "20/m";

/// The whole section; both have defaults.
pub fn read(reader: &mut Reader) -> LimitsConfig {
    let per_address = reader.parsed("limits.per_address", Some(PER_ADDRESS), rate);
    let per_identity = reader.parsed("limits.per_identity", Some(PER_IDENTITY), rate);
    LimitsConfig { per_address: per_address.flatten(), per_identity: per_identity.flatten() }
}

/// A rate, or none.
pub fn rate(text: &str) -> Result<Option<Rate>, &'static str> {
    if text == "off" { Ok(None) } else { Rate::parse(text).map(Some) }
}
