//! The agent workbench on a host page (seeds 002 and 003; `vendor/tccc.md` §1).
//!
//! * [`answer`]: makes one thing of the vendor's two shapes of answers.
//! * [`attempt`]: one login, one script, one global, one `ready`.
//! * [`command`]: one of the vendor's methods: options checked, called, its answer made one thing.
//! * [`events`]: hears the vendor's events and tells the page's listeners.
//! * [`handle`]: the open workbench, as the page holds it.
//! * [`open`]: attempt after attempt, until one succeeds or none is left.
//! * [`vendor`]: the vendor's global; the only place that knows its spelling.

pub mod answer;
pub mod attempt;
pub mod command;
pub mod events;
pub mod handle;
pub mod open;
pub mod vendor;
