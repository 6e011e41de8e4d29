//! How commands end, and what they share.

use std::io::Write;

/// Why a command failed.
#[derive(Debug)]
pub enum Failed {
    /// Wrong arguments, input or configuration; exit status 2.
    Usage(String),
    /// The work failed; exit status 1.
    Work(String),
    /// The failure is in the report that was written; exits with this status.
    Reported(u8),
}

/// Writes the result to standard output.
///
/// # Errors
/// [`Failed::Work`].
pub fn write(text: &str) -> Result<(), Failed> {
    writeln!(std::io::stdout(), "{text}").map_err(|error| {
        Failed::Work(format!("standard output cannot be written ({})", error.kind()))
    })
}

/// Runs asynchronous work on a runtime of one thread.
///
/// # Errors
/// [`Failed::Work`], and what the work returns.
pub fn block_on<T>(work: impl Future<Output = Result<T, Failed>>) -> Result<T, Failed> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failed::Work(format!("no runtime can be started ({})", error.kind())))?
        .block_on(work)
}
