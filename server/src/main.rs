//! `calldock-server`: see [`calldock_server`].
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    calldock_server::cli::run()
}
