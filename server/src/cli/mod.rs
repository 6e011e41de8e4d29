//! The command line.
//!
//! * [`account`]: `account add|list|remove|password`: the accounts of `[local]`.
//! * [`doctor`]: says what works, what does not and how to mend it.
//! * [`health`]: whether the server on this machine answers.
//! * `openapi`: the OpenAPI document to standard output.
//! * [`reload`]: the configuration, read again while the server runs.
//! * [`serve`]: the server itself; the command's name may be left out.
//! * [`sign`]: `sign tc3|cec|user-sig`: one signature from standard input to standard output.
//! * [`staff`]: `staff sync`: a list of agents becomes agents of the contact centre.

pub mod account;
pub mod doctor;
pub mod health;
mod reload;
pub mod serve;
pub mod sign;
pub mod staff;

use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::operation::openapi;

/// Keeps the contact centre's secrets and does its signing, so that no page needs to.
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
    /// Serves; the same as without a command.
    Serve(serve::ServeArgs),
    /// Says whether the server on this machine answers: 0 if it does, 1 if not. For container runtimes.
    Health(health::HealthArgs),
    /// Writes the OpenAPI document to standard output.
    Openapi,
    /// Says what works, what does not and how to mend it: 0 if nothing failed, 1 if something did, 2 for
    /// a wrong configuration.
    Doctor(Box<doctor::DoctorArgs>),
    /// Looks after the accounts of [local]
    Account(account::AccountArgs),
    /// Signs one thing: a JSON object on standard input becomes one on standard output.
    #[command(subcommand)]
    Sign(sign::SignCommand),
    /// The contact centre's agents.
    #[command(subcommand)]
    Staff(staff::StaffCommand),
}

/// Why a command ended badly.
#[derive(Debug)]
pub enum Failed {
    /// What was asked for is not possible as it was asked; exit status 2.
    Usage(String),
    /// It was possible and did not work out; exit status 1.
    Work(String),
    /// All has been said already; with this exit status.
    Told(u8),
}

/// Runs what the command line asks for.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match cli.command {
        None => serve::run(&cli.serve),
        Some(Command::Serve(args)) => serve::run(&args),
        Some(Command::Health(args)) => health::run(&args),
        Some(Command::Openapi) => {
            // Whoever reads may have read enough.
            let _ = std::io::stdout().write_all(openapi::json().as_bytes());
            Ok(())
        }
        Some(Command::Doctor(args)) => doctor::run(&args),
        Some(Command::Account(args)) => account::run(args),
        Some(Command::Sign(command)) => sign::run(command),
        Some(Command::Staff(command)) => staff::run(&command),
    };
    let (message, status) = match outcome {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Failed::Told(status)) => return ExitCode::from(status),
        Err(Failed::Usage(message)) => (message, 2),
        Err(Failed::Work(message)) => (message, 1),
    };
    eprintln!("calldock-server: {message}");
    ExitCode::from(status)
}
