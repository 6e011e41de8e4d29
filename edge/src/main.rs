//! The program.

use std::process::ExitCode;

use calldock_edge::cli;

fn main() -> ExitCode {
    cli::run()
}
