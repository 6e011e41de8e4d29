//! Log lines on stderr. They are written by a thread of their own from a bounded queue; where the reader of
//! stderr stalls, lines are dropped and counted, and no request waits.

use std::io;

use tracing::Level;
use tracing_appender::non_blocking::{ErrorCounter, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::prelude::*;

/// The most lines that wait.
const QUEUE: usize = 8192;

/// A started log. Dropping it writes the lines that wait, for at most a second.
#[must_use = "the last lines are written when it is dropped"]
pub struct Log {
    dropped: ErrorCounter,
    _guard: WorkerGuard,
}

impl Log {
    /// Returns a function that counts the lines dropped so far.
    pub fn dropped_lines(&self) -> impl Fn() -> u64 + Clone + Send + Sync + 'static {
        let dropped = self.dropped.clone();
        move || u64::try_from(dropped.dropped_lines()).unwrap_or(u64::MAX)
    }
}

/// Starts the log. `RUST_LOG` selects targets and levels, like `calldock_edge=debug`.
pub fn start(json: bool) -> Log {
    let chosen = std::env::var("RUST_LOG").ok().and_then(|text| text.parse::<Targets>().ok());
    let targets = chosen.unwrap_or_else(|| Targets::new().with_default(Level::INFO));
    let (writer, guard) =
        NonBlockingBuilder::default().buffered_lines_limit(QUEUE).lossy(true).finish(io::stderr());
    let dropped = writer.error_counter();
    let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(writer);
    let lines = if json { lines.json().boxed() } else { lines.boxed() };
    let _ = tracing_subscriber::registry().with(lines.with_filter(targets)).try_init();
    Log { dropped, _guard: guard }
}
