//! What an operator of `calldock-server` runs by hand.
//!
//! * [`account`]: `account add|list|remove|password`: the accounts of `[local]`.
//! * [`doctor`]: `doctor`: what works, what does not, and how to fix it.
//! * [`sign`]: `sign tc3|cec|user-sig`: one signature from standard input to standard output.
//! * [`staff`]: `staff sync`: creates the agents of a list in the contact centre.
#![forbid(unsafe_code)]

#[cfg(feature = "accounts")]
pub mod account;
pub mod doctor;
mod output;
pub mod sign;
mod source;
pub mod staff;

use std::process::ExitCode;

use calldock_service::command;
use clap::{Parser, Subcommand};

pub use output::Failed;

/// Checks, signs and maintains what calldock-server serves.
#[derive(Debug, Parser)]
#[command(name = "calldock-admin", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Reports what works, what does not, and how to fix it. Exit status: 0 if nothing failed, 1 if
    /// something failed, 2 for a wrong configuration.
    Doctor(Box<doctor::command::DoctorArgs>),
    /// Maintains the accounts of [local].
    #[cfg(feature = "accounts")]
    Account(account::AccountArgs),
    /// Signs one JSON object from standard input and writes one to standard output.
    #[command(subcommand)]
    Sign(sign::SignCommand),
    /// Maintains the contact centre's agents.
    #[command(subcommand)]
    Staff(staff::command::StaffCommand),
}

/// Runs the command line.
pub fn run() -> ExitCode {
    command::exit(
        "calldock-admin",
        match Cli::parse().command {
            Command::Doctor(args) => doctor::command::run(&args),
            #[cfg(feature = "accounts")]
            Command::Account(args) => account::run(args),
            Command::Sign(command) => sign::run(command),
            Command::Staff(command) => staff::command::run(&command),
        },
    )
}
