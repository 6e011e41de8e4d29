//! `health`: asks the operator's listener whether the server is healthy. There is no curl in the container.

use std::path::PathBuf;

use calldock_service::operator;
use clap::Args;

use super::Failed;
use crate::http::settings::OPERATOR;
use crate::settings::source;

/// Which server.
#[derive(Args, Debug)]
pub struct HealthArgs {
    /// The operator's listener [default: $CALLDOCK_OPERATOR_ADDRESS, else the file's, else 127.0.0.1:8702]
    #[arg(value_name = "IP:PORT", conflicts_with = "config")]
    address: Option<String>,
    /// The configuration, a TOML file: operator.address is read
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// Asks `/healthz` of the operator's listener.
///
/// # Errors
/// What [`operator::health`] returns.
pub fn run(args: &HealthArgs) -> Result<(), Failed> {
    let (given, file) = (args.address.as_deref(), args.config.as_deref());
    operator::health(given, file, source::environment(), OPERATOR)
}
