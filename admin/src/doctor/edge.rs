//! The configuration of `calldock-edge`, as far as the doctor needs it.

use std::net::SocketAddr;
use std::path::Path;

use calldock_server::address::PlainHttp;
use reqwest::Client;
use url::Url;

use super::http;

/// How the edge reaches CEC, and how its operator reaches the edge.
pub struct Edge {
    /// CEC's address.
    pub origin: Url,
    /// Requests CEC as the edge does.
    pub client: Client,
    /// The operator's listener.
    pub operator: Option<SocketAddr>,
}

impl Edge {
    /// Reads the edge's configuration.
    ///
    /// # Errors
    /// A sentence that lists the mistakes in it.
    pub fn load(file: &Path) -> Result<Self, String> {
        let settings = calldock_edge::settings::load(file).map_err(|error| error.to_string())?;
        let client = calldock_edge::client::build(&settings).map_err(|error| error.to_string())?;
        Ok(Self { origin: settings.cec.origin, client, operator: settings.operator })
    }

    /// The demo's edge: the vendor's stand-in.
    ///
    /// # Errors
    /// The client cannot be built.
    pub fn demo(vendor: &Url) -> Result<Self, reqwest::Error> {
        let client = http::client(PlainHttp::OnLoopback)?;
        Ok(Self { origin: vendor.clone(), client, operator: None })
    }
}
