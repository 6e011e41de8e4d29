//! `check FILE`: reads a configuration without starting anything.

use std::path::PathBuf;

use clap::Args;

use super::Failed;
use crate::config::Config;
use crate::settings::source::environment;

/// Which configuration.
#[derive(Args, Debug)]
pub struct CheckArgs {
    /// The configuration, a TOML file; CALLDOCK_… variables override it
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Reads a configuration with the files it names, and prints its warnings. It opens no socket, database or
/// connection.
///
/// # Errors
/// [`Failed::Usage`] with every mistake.
pub fn run(args: &CheckArgs) -> Result<(), Failed> {
    let config = Config::load(Some(&args.file), environment())
        .map_err(|errors| Failed::Usage(errors.to_string()))?;
    for warning in config.warnings() {
        eprintln!("calldock-server: warning: {warning}");
    }
    println!("the configuration is valid");
    Ok(())
}
