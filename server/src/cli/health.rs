//! `health`: asks the operator's listener whether the server is healthy. There is no curl in the container.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use clap::Args;

use super::Failed;
use crate::address;
use crate::http::settings::OPERATOR;

/// How long the server may take.
const TIMEOUT: Duration = Duration::from_secs(3);

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
    match status(address) {
        Ok(status) if status == *b"200" => Ok(()),
        Ok(_) => Err(Failed::Work(format!("the server at {address} is not healthy"))),
        Err(error) => {
            let kind = error.kind();
            Err(Failed::Work(format!(
                "no response from an operator's listener at {address} ({kind})"
            )))
        }
    }
}

fn status(mut address: SocketAddr) -> std::io::Result<[u8; 3]> {
    if address.ip().is_unspecified() {
        let v6 = address.is_ipv6();
        address.set_ip(if v6 { [0, 0, 0, 0, 0, 0, 0, 1].into() } else { [127, 0, 0, 1].into() });
    }
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    write!(stream, "GET /healthz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut line = [0; 12];
    stream.read_exact(&mut line)?;
    let [.., a, b, c] = line;
    Ok([a, b, c])
}
