//! How commands end, and what they share.

use std::io::Write;

pub use calldock_service::command::Failed;

/// Writes the result to standard output.
///
/// # Errors
/// [`Failed::Work`].
pub fn write(text: &str) -> Result<(), Failed> {
    writeln!(std::io::stdout(), "{text}").map_err(|error| {
        Failed::Work(format!("standard output cannot be written ({})", error.kind()))
    })
}

/// The failure of a machine without certificate authorities.
pub fn no_authorities(_: reqwest::Error) -> Failed {
    let sentence = "no certificate authorities found on this machine; install ca-certificates";
    Failed::Work(sentence.into())
}
