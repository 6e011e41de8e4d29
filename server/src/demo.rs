//! What `--demo` puts in the place of a configuration: made-up credentials, known to the vendor's
//! stand-in and to nobody else. Only [`crate::cli::serve`] comes here, and only with the flag set.

use std::net::SocketAddr;

use url::Url;

use crate::address::{self, PlainHttp};
use crate::config::{Config, TcccConfig};
use crate::guard::BrowserPolicy;
use crate::identity::{AgentId, Identity};
use crate::tccc::Credentials;

const SECRET_ID: &str = "AKIDdemo-calldock-not-a-secret";
const SECRET_KEY: &str = "demo-calldock-not-a-secret";
const SDK_APP_ID: u64 = 1_400_000_000;
const AGENT: &str = "agent@example.com";

/// Where the demo listens unless told otherwise.
pub const LISTEN: &str = "127.0.0.1:8700";

/// Where the vendor's stand-in is unless told otherwise.
pub const VENDOR: &str = "http://127.0.0.1:8701";

/// The demo's configuration. Everyone is the one agent, so nobody beyond this machine may ask.
///
/// # Errors
/// One sentence: the listener or the vendor is not on this machine.
pub fn config(listen: SocketAddr, vendor: &Url) -> Result<Config, &'static str> {
    if !address::listens_on_loopback(listen) {
        return Err(
            "--listen: with --demo expected an address of this machine only, like 127.0.0.1:8700",
        );
    }
    if !address::is_loopback(vendor) {
        return Err(
            "--vendor: with --demo expected an address on this machine, like http://127.0.0.1:8701",
        );
    }
    Ok(Config {
        listen,
        tccc: TcccConfig {
            endpoint: vendor.clone(),
            region: None,
            sdk_app_id: SDK_APP_ID,
            credentials: Credentials {
                secret_id: SECRET_ID.into(),
                secret_key: SECRET_KEY.into(),
                token: None,
            },
            plain_http: PlainHttp::OnLoopback,
        },
        identity: Identity::Fixed(AgentId::parse(AGENT)?),
        browser: BrowserPolicy { allowed_origins: Vec::new(), loopback_names_only: true },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_stays_on_this_machine() {
        let vendor = Url::parse(VENDOR).unwrap();
        let here = address::listen(LISTEN).unwrap();
        assert!(config(here, &vendor).is_ok());
        for listen in ["0.0.0.0:8700", "[::]:8700", "192.0.2.1:8700"] {
            assert!(config(listen.parse().unwrap(), &vendor).is_err(), "{listen}");
        }
        assert!(config(here, &Url::parse("https://ccc.tencentcloudapi.com").unwrap()).is_err());
    }
}
