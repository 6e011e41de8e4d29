//! Log lines on stderr.

pub use calldock_service::log::Started;
use calldock_service::log::targets;
use tracing_subscriber::prelude::*;

/// Starts the log. `RUST_LOG` selects targets and levels, like `calldock_edge=debug`.
pub fn start(json: bool) -> Started {
    let (writer, started) = calldock_service::log::start();
    let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(writer);
    let lines = if json { lines.json().boxed() } else { lines.boxed() };
    let _ = tracing_subscriber::registry().with(lines.with_filter(targets())).try_init();
    started
}
