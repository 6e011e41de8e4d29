//! How a program ends, and what its commands run on.

use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

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

impl From<std::io::Error> for Failed {
    fn from(error: std::io::Error) -> Self {
        Self::Work(format!("the system refuses ({})", error.kind()))
    }
}

/// Reports how a command of this program ended, and returns its exit status.
pub fn exit(program: &str, outcome: Result<(), Failed>) -> ExitCode {
    let (message, status) = match outcome {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Failed::Reported(status)) => return ExitCode::from(status),
        Err(Failed::Usage(message)) => (message, 2),
        Err(Failed::Work(message)) => (message, 1),
    };
    // The process that started this one may have closed its end.
    let _ = writeln!(std::io::stderr(), "{program}: {message}");
    ExitCode::from(status)
}

/// Runs asynchronous work on threads of its own.
///
/// # Errors
/// [`Failed::Work`] where no threads can be started, and what the work returns.
pub fn run<T>(work: impl Future<Output = Result<T, Failed>>) -> Result<T, Failed> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime
        .map_err(|error| Failed::Work(format!("threads cannot be started ({})", error.kind())))?;
    let outcome = runtime.block_on(work);
    // A thread may hang in the system: a name that is looked up, a file that is read.
    runtime.shutdown_timeout(Duration::from_secs(1));
    outcome
}
