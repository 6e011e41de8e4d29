//! The proxy's keys of `[cec]`.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use axum::http::HeaderName;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use url::{Host, Url};

use super::reader::Reader;
use super::values;
use crate::address::PlainHttp;

/// The reverse proxy to CEC's domain.
#[derive(Clone, Debug)]
pub struct ProxyConfig {
    /// The one host it reaches; also the name its certificate must have.
    pub origin: Url,
    /// Where that host is, instead of where its name leads to.
    pub connect_to: Option<SocketAddr>,
    /// Who may have signed its certificate, instead of the system's authorities.
    pub authorities: Vec<CertificateDer<'static>>,
    /// What stands before `/service-cloud/` on this server, like `/demo`, or nothing.
    pub prefix: String,
    /// Which `Host` CEC reads.
    pub host: HostHeader,
    /// How long nothing may happen.
    pub timeout: Duration,
    /// How many bytes a request may carry.
    pub body_limit: u64,
    /// How many requests may be at CEC at once.
    pub requests: u32,
    /// How many WebSockets may be open at once.
    pub websockets: u32,
    /// How many of them may be one address's, or one network's of IPv6 (/64).
    pub websockets_per_address: u32,
    /// How long nothing may happen on a WebSocket.
    pub websocket_timeout: Duration,
    /// The site's own cookies: CEC neither gets nor sets them. The guest's is among them anyway.
    pub private_cookies: Vec<String>,
    /// Headers that are the site's own too; those that make somebody known here come by themselves.
    pub private_headers: Vec<HeaderName>,
    /// Whether `http:` will do for the way to CEC; a configuration file cannot say so.
    pub plain_http: PlainHttp,
}

/// Which `Host` CEC reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostHeader {
    /// CEC's own.
    Replace,
    /// The page's, as the guide's nginx has it.
    Pass,
}

impl ProxyConfig {
    /// A proxy to this host with everything else as it is by default.
    pub fn to(origin: Url) -> Self {
        Self {
            origin,
            connect_to: None,
            authorities: Vec::new(),
            prefix: String::new(),
            host: HostHeader::Replace,
            timeout: Duration::from_secs(60),
            body_limit: 32 * MIB,
            // Together fewer than listen.connections: a login must find a place however many chat.
            requests: 300,
            websockets: 600,
            // An office behind one address chats; one address alone does not keep all others out.
            websockets_per_address: 60,
            websocket_timeout: Duration::from_secs(300),
            private_cookies: Vec::new(),
            private_headers: Vec::new(),
            plain_http: PlainHttp::Refused,
        }
    }
}

const MIB: u64 = 1024 * 1024;

/// What `[cec]` says of the proxy.
pub fn read(reader: &mut Reader, file: Option<&Path>) -> Option<ProxyConfig> {
    let origin = reader.parsed("cec.origin", None, values::bare_host);
    let connect_to = reader.optional("cec.connect_to", |text| {
        let address = text.parse().map_err(|_| "expected IP:PORT, like 10.0.0.5:443")?;
        origin.as_ref().map_or(Ok(()), |origin| fits(origin, address)).map(|()| address)
    });
    let authorities = reader.file("cec.ca_file", file, authorities).unwrap_or_default();
    let prefix = reader.optional("cec.proxy_prefix", prefix);
    let host = reader.optional("cec.proxy_host", |text| match text {
        "replace" => Ok(HostHeader::Replace),
        "pass" => Ok(HostHeader::Pass),
        _ => Err("expected \"replace\" or \"pass\""),
    });
    let timeout = reader.scalar("cec.proxy_timeout", |text| {
        values::seconds(text, 1, 600, "expected 1 to 600 seconds")
    });
    let body_limit = reader.scalar("cec.proxy_body_limit", |text| match text.parse::<u64>() {
        Ok(mib @ 1..=1024) => Ok(mib * MIB),
        _ => Err("expected 1 to 1024 MiB"),
    });
    let requests = reader.scalar("cec.proxy_requests", |text| match text.parse() {
        Ok(number @ 1..=100_000) => Ok(number),
        _ => Err("expected 1 to 100000 requests"),
    });
    let websockets = reader.scalar("cec.proxy_websockets", |text| match text.parse() {
        Ok(number @ 0..=100_000) => Ok(number),
        _ => Err("expected 0 to 100000 WebSockets"),
    });
    let websockets_per_address =
        reader.scalar("cec.proxy_websockets_per_address", |text| match text.parse() {
            Ok(number @ 1..=100_000) => Ok(number),
            _ => Err("expected 1 to 100000 WebSockets"),
        });
    let websocket_timeout = reader.scalar("cec.proxy_websocket_timeout", |text| {
        values::seconds(text, 10, 86400, "expected 10 to 86400 seconds")
    });
    let private_cookies = reader.list("cec.private_cookies", values::cookie_name);
    let usual = ProxyConfig::to(origin?);
    Some(ProxyConfig {
        connect_to,
        authorities,
        prefix: prefix.unwrap_or_default(),
        host: host.unwrap_or(usual.host),
        timeout: timeout.unwrap_or(usual.timeout),
        body_limit: body_limit.unwrap_or(usual.body_limit),
        requests: requests.unwrap_or(usual.requests),
        websockets: websockets.unwrap_or(usual.websockets),
        websockets_per_address: websockets_per_address.unwrap_or(usual.websockets_per_address),
        websocket_timeout: websocket_timeout.unwrap_or(usual.websocket_timeout),
        private_cookies,
        ..usual
    })
}

/// An address can only stand in for a name, and where the origin names a port, for that port.
fn fits(origin: &Url, address: SocketAddr) -> Result<(), &'static str> {
    if !matches!(origin.host(), Some(Host::Domain(_))) {
        return Err("expected a name in cec.origin, which the certificate is checked for");
    }
    match origin.port() {
        Some(port) if port != address.port() => Err("expected the port that cec.origin names"),
        _ => Ok(()),
    }
}

/// Certificates in PEM, each fit to be an authority.
fn authorities(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, &'static str> {
    const EXPECTED: &str = "expected a file of certificates in PEM (BEGIN CERTIFICATE)";
    let found: Vec<_> =
        CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().map_err(|_| EXPECTED)?;
    let mut store = RootCertStore::empty();
    let all_fit = found.iter().all(|found| store.add(found.clone()).is_ok());
    if all_fit && !found.is_empty() { Ok(found) } else { Err(EXPECTED) }
}

fn prefix(text: &str) -> Result<String, &'static str> {
    let path = values::path(text)?;
    if path.split('/').any(|segment| segment == "service-cloud") {
        Err("expected what stands before /service-cloud, without it")
    } else {
        Ok(path)
    }
}
