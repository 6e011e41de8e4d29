//! `health`: asks the operator's listener whether the server is healthy. There is no curl in the container.

use std::net::SocketAddr;

use clap::Args;

use super::Failed;
use crate::address;
use crate::http::settings::OPERATOR;

/// Which server.
#[derive(Args, Debug)]
pub struct HealthArgs {
    /// The operator's listener [default: $CALLDOCK_OPERATOR_ADDRESS, else 127.0.0.1:8702]
    #[arg(value_name = "IP:PORT", value_parser = address::listen)]
    address: Option<SocketAddr>,
}

/// Asks `/healthz` of the operator's listener.
///
/// # Errors
/// [`Failed::Work`] where it does not respond with 200.
pub fn run(args: &HealthArgs) -> Result<(), Failed> {
    let address = match (args.address, std::env::var("CALLDOCK_OPERATOR_ADDRESS")) {
        (Some(address), _) => address,
        (None, Ok(text)) if !text.is_empty() => address::listen(&text)
            .map_err(|what| Failed::Usage(format!("CALLDOCK_OPERATOR_ADDRESS: {what}")))?,
        (None, _) => address::listen(OPERATOR).map_err(|what| Failed::Usage(what.into()))?,
    };
    match calldock_service::operator::is_healthy(address) {
        Ok(true) => Ok(()),
        Ok(false) => Err(Failed::Work(format!("the server at {address} is not healthy"))),
        Err(error) => Err(Failed::Work(format!(
            "no response from an operator's listener at {address} ({})",
            error.kind()
        ))),
    }
}
