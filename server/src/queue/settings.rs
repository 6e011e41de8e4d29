//! `[limits]`: the budgets that callers share.

use super::{Pace, Rate};
use crate::settings::Reader;

/// The budgets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueSettings {
    /// Each of the vendor's actions: `tccc.requests_per_second`, `tccc.queue_deadline`.
    pub vendor: Pace,
    /// CEC logins: `limits.cec_per_second`.
    pub cec: Pace,
    /// Questions to `gateway.url`: `limits.gateway_per_second`.
    pub look_ups: Pace,
    /// Requests that prove no identity, of one address: `limits.failures`.
    pub failures: Option<Rate>,
}

/// A page asks once when it is opened; this server signs far more.
const CEC_PER_SECOND: u32 = 1000;
/// What an ordinary application answers beside its own work.
const GATEWAY_PER_SECOND: u32 = 100;
/// Who is signed out asks once for each page.
const FAILURES: &str = "60/m";
const PER_SECOND: &str = "requests a second";

impl Default for QueueSettings {
    fn default() -> Self {
        let pace = |per_second| Pace { per_second, ..Pace::default() };
        Self {
            vendor: Pace::default(),
            cec: pace(CEC_PER_SECOND),
            look_ups: pace(GATEWAY_PER_SECOND),
            failures: Rate::parse(FAILURES).ok(),
        }
    }
}

/// Reads the budgets; all have defaults.
pub fn read(reader: &mut Reader) -> QueueSettings {
    let default = QueueSettings::default();
    let per_second = reader.number("tccc.requests_per_second", 1..=10_000, PER_SECOND);
    // With the vendor's own time for a response it must be over before a page gives up, at 15 s.
    let deadline = reader.seconds("tccc.queue_deadline", 1..=6).unwrap_or(default.vendor.deadline);
    let mut budget = |key: &str, default: u32| {
        let per_second = reader.number(key, 1..=100_000, PER_SECOND);
        Pace { per_second: per_second.unwrap_or(default), deadline }
    };
    let cec = budget("limits.cec_per_second", CEC_PER_SECOND);
    let look_ups = budget("limits.gateway_per_second", GATEWAY_PER_SECOND);
    let failures = reader.parsed("limits.failures", Some(FAILURES), rate);
    let vendor = Pace { per_second: per_second.unwrap_or(default.vendor.per_second), deadline };
    QueueSettings { vendor, cec, look_ups, failures: failures.flatten() }
}

/// Reads a rate, or `off`.
///
/// # Errors
/// What was expected.
pub fn rate(text: &str) -> Result<Option<Rate>, &'static str> {
    if text == "off" { Ok(None) } else { Rate::parse(text).map(Some) }
}
