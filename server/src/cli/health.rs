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

/// Asks `/healthz` of the operator's listener. Of the configuration only its address is read: a mistake elsewhere, or a
/// file that cannot be read, does not make a server unhealthy that started before.
///
/// # Errors
/// [`Failed::Usage`] where there is no address to ask, [`Failed::Work`] where it does not respond with 200.
pub fn run(args: &HealthArgs) -> Result<(), Failed> {
    let read = |file| source::read(file, source::environment(), &["operator"]);
    let values = read(args.config.as_deref()).or_else(|errors| {
        eprintln!("{errors}");
        read(None).map_err(|errors| Failed::Usage(errors.to_string()))
    })?;
    let configured = values.get("operator.address").map_or(Some(OPERATOR), |text| text.as_str());
    let address = args.address.as_deref().or(configured).unwrap_or_default();
    operator::health(address).map_err(|(status, sentence)| match status {
        2 => Failed::Usage(sentence),
        _ => Failed::Work(sentence),
    })
}
