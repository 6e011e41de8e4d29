//! `calldock-server sign|doctor|staff|account …`: runs the `calldock-admin` beside this program with the same
//! arguments. The server itself contains none of these commands.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

use super::Failed;

const PROGRAM: &str = "calldock-admin";

/// Replaces this process by `calldock-admin`.
///
/// # Errors
/// [`Failed::Usage`] if the program is not installed.
pub fn run(arguments: &[OsString]) -> Failed {
    let program = beside().unwrap_or_else(|| PROGRAM.into());
    let error = Command::new(program).args(arguments).exec();
    Failed::Usage(format!(
        "{PROGRAM} cannot be started ({}); install it beside calldock-server",
        error.kind()
    ))
}

fn beside() -> Option<PathBuf> {
    let own = std::env::current_exe().ok()?;
    Some(own.with_file_name(PROGRAM)).filter(|path| path.is_file())
}
