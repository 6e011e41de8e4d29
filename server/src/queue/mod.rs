//! Fair shares of what the vendor allows, and tickets for those who cannot be served in time.
//!
//! * [`tree`]: requests in fair order over a tree of keys.
//! * [`who`]: whose request it is.
//! * [`promises`]: when those who found the queue full are to come back.
//! * [`fair`]: one queue, as a pure function of a clock.
//! * [`ticket`]: the signed time of a client's first request.
//! * [`gate`]: when the next turn is: by this instance's clock, or shared by Redis.
//! * [`budget`]: the queue for async callers.
//! * [`settings`]: `[limits]` and the vendor's pace.
//! * [`buckets`]: how often each network may do what no queue can put off.
//!
//! Nothing is refused while a turn is free, and a refusal counts against no client.

use std::time::Duration;

pub mod buckets;
pub mod budget;
pub mod fair;
mod gate;
pub mod promises;
pub mod settings;
#[cfg(test)]
mod simulation;
pub mod ticket;
pub mod tree;
pub mod who;

pub use buckets::{Buckets, Rate};
pub use budget::{Budget, Full, Pace};
pub use settings::QueueSettings;
pub use ticket::HEADER as TICKET_HEADER;
pub use who::Who;

/// Whole seconds to wait, at least one, for `Retry-After`.
pub fn seconds(wait: Duration) -> u32 {
    u32::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(u32::MAX).max(1)
}
