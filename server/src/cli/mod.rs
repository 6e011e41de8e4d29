//! The command line.
//!
//! * [`admin`]: `sign`, `doctor`, `staff`, `account`: runs `calldock-admin`.
//! * [`check`]: `check FILE`: reads a configuration without starting anything.
//! * [`health`]: asks the server on this machine whether it is healthy.
//! * `openapi`: writes the OpenAPI document to standard output.
//! * [`reload`]: reads the configuration again while the server runs.
//! * [`serve`]: the server itself; the command's name may be left out.

mod admin;
mod check;
pub mod health;
mod reload;
pub mod serve;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use calldock_service::command;
pub use calldock_service::command::Failed;
use clap::{Parser, Subcommand};

use crate::http::openapi;

/// Keeps the contact centre's secrets and signs for pages.
#[derive(Debug, Parser)]
#[command(name = "calldock-server", version, args_conflicts_with_subcommands = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: serve::ServeArgs,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves; the same as without a command
    Serve(serve::ServeArgs),
    /// Reads a configuration and lists every mistake in it, without starting anything. Exit status: 0 if it
    /// is valid, 2 if not
    Check(check::CheckArgs),
    /// Asks the server on this machine whether it is healthy. Exit status: 0 if it is, 1 if not
    Health(health::HealthArgs),
    /// Writes the OpenAPI document to standard output
    Openapi,
    /// `sign`, `doctor`, `staff` and `account` run calldock-admin with the same arguments
    #[command(external_subcommand)]
    Admin(Vec<OsString>),
}

/// Runs the command line.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    command::exit(
        "calldock-server",
        match cli.command {
            None => serve::run(&cli.serve),
            Some(Command::Serve(args)) => serve::run(&args),
            Some(Command::Check(args)) => check::run(&args),
            Some(Command::Health(args)) => health::run(&args),
            Some(Command::Openapi) => {
                // The reader may close the pipe early.
                let _ = std::io::stdout().write_all(openapi::json().as_bytes());
                Ok(())
            }
            Some(Command::Admin(arguments)) => Err(admin::run(&arguments)),
        },
    )
}
