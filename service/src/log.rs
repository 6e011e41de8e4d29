//! Log lines on stderr. They are written by a thread of their own from a bounded queue; where the reader of
//! stderr stalls, lines are dropped and counted, and no request waits.

use std::io;

use tracing::Level;
use tracing_appender::non_blocking::{ErrorCounter, NonBlocking, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::filter::Targets;

/// The most lines that wait to be written.
const QUEUE: usize = 8192;

/// A started log. Dropping it writes the lines that wait, for at most a second.
#[must_use = "the last lines are written when it is dropped"]
pub struct Started {
    dropped: ErrorCounter,
    _guard: WorkerGuard,
}

impl Started {
    /// Returns a function that counts the lines dropped so far.
    pub fn dropped_lines(&self) -> impl Fn() -> u64 + Clone + Send + Sync + 'static {
        let dropped = self.dropped.clone();
        move || u64::try_from(dropped.dropped_lines()).unwrap_or(u64::MAX)
    }
}

/// Starts the thread that writes.
pub fn start() -> (NonBlocking, Started) {
    let (writer, guard) =
        NonBlockingBuilder::default().buffered_lines_limit(QUEUE).lossy(true).finish(io::stderr());
    let dropped = writer.error_counter();
    (writer, Started { dropped, _guard: guard })
}

/// Returns the targets and levels that `RUST_LOG` selects, like `calldock_edge=debug`; the default is `info`.
pub fn targets() -> Targets {
    let chosen = std::env::var("RUST_LOG").ok().and_then(|text| text.parse().ok());
    chosen.unwrap_or_else(|| Targets::new().with_default(Level::INFO))
}
