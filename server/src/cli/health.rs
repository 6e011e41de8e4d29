//! `health`: whether the server on this machine answers, for container runtimes without a shell or curl.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use clap::Args;

use super::Failed;
use crate::address;

/// Whom to ask.
#[derive(Args, Debug)]
pub struct HealthArgs {
    /// Where the server listens; without it CALLDOCK_LISTEN_ADDRESS, else 127.0.0.1:8700
    #[arg(long, value_name = "IP:PORT", value_parser = address::listen)]
    address: Option<SocketAddr>,
}

/// Where a server listens that is told nothing.
const USUAL: &str = "127.0.0.1:8700";

const PATIENCE: Duration = Duration::from_secs(3);

/// Asks for `GET /healthz`.
///
/// # Errors
/// [`Failed::Usage`] for an address that is none, [`Failed::Work`] where no server says that it is well.
pub fn run(args: &HealthArgs) -> Result<(), Failed> {
    let address = match (args.address, std::env::var("CALLDOCK_LISTEN_ADDRESS")) {
        (Some(address), _) => address,
        (None, Ok(text)) if !text.is_empty() => address::listen(&text)
            .map_err(|what| Failed::Usage(format!("CALLDOCK_LISTEN_ADDRESS: {what}")))?,
        (None, _) => address::listen(USUAL).map_err(|what| Failed::Usage(what.into()))?,
    };
    let address = on_this_machine(address);
    match status(address) {
        Ok(status) if status == *b" 200" => Ok(()),
        Ok(_) => Err(Failed::Work(format!("the server at {address} is not well"))),
        Err(error) => {
            Err(Failed::Work(format!("no answer from a server at {address} ({})", error.kind())))
        }
    }
}

/// Whoever listens everywhere listens on the loopback too.
fn on_this_machine(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(match address.ip() {
            IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    address
}

fn status(address: SocketAddr) -> std::io::Result<[u8; 4]> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut line = [0; 12];
    stream.read_exact(&mut line)?;
    let [.., a, b, c, d] = line;
    Ok([a, b, c, d])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_listens_everywhere_is_asked_on_this_machine() {
        for (listens, asked) in [
            ("0.0.0.0:8700", "127.0.0.1:8700"),
            ("[::]:1", "[::1]:1"),
            ("192.0.2.1:2", "192.0.2.1:2"),
        ] {
            assert_eq!(on_this_machine(listens.parse().unwrap()), asked.parse().unwrap());
        }
    }
}
