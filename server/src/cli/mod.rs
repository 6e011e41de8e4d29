//! The command line.
//!
//! * [`admin`]: `sign`, `doctor`, `staff`, `account`: runs `calldock-admin`.
//! * `check`, `health`, `openapi`: reads a configuration without starting anything; asks the server on this machine
//!   whether it is healthy; writes the OpenAPI document to standard output.
//! * [`reload`]: reads the configuration again while the server runs.
//! * [`serve`]: the server itself; the command's name may be left out.

mod admin;
mod reload;
pub mod serve;

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

pub use calldock_service::command::Failed;
use calldock_service::{command, operator};
use clap::{Parser, Subcommand};

use crate::config::Config;
use crate::http::openapi;
use crate::http::settings::OPERATOR;
use crate::settings::source::environment;

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
    Check {
        /// The configuration, a TOML file; CALLDOCK_… variables override it
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Asks the server on this machine whether it is healthy. Exit status: 0 if it is, 1 if not
    Health {
        /// The operator's listener [default: $CALLDOCK_OPERATOR_ADDRESS, else the file's, else 127.0.0.1:8702]
        #[arg(value_name = "IP:PORT", conflicts_with = "config")]
        address: Option<String>,
        /// The configuration, a TOML file: operator.address is read
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
    },
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
            Some(Command::Check { file }) => check(&file),
            // There is no curl in the container.
            Some(Command::Health { address, config }) => {
                operator::health(address.as_deref(), config.as_deref(), environment(), OPERATOR)
            }
            Some(Command::Openapi) => {
                // The reader may close the pipe early.
                let _ = std::io::stdout().write_all(openapi::json().as_bytes());
                Ok(())
            }
            Some(Command::Admin(arguments)) => Err(admin::run(&arguments)),
        },
    )
}

/// Reads a configuration with the files it names, and prints its warnings. It opens no socket, database or
/// connection.
///
/// # Errors
/// [`Failed::Usage`] with every mistake.
fn check(file: &Path) -> Result<(), Failed> {
    let config = Config::load(Some(file), environment())
        .map_err(|errors| Failed::Usage(errors.to_string()))?;
    for warning in config.warnings() {
        eprintln!("calldock-server: warning: {warning}");
    }
    println!("the configuration is valid");
    Ok(())
}
