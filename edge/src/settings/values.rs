//! What the texts of a settings file mean. Each function says what it expected.

use std::net::SocketAddr;

use axum::http::HeaderName;
pub use calldock_service::settings::values::cookie_name;
use calldock_service::settings::values::{PlainHttp, bare_url, path};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use url::{Host, Url};

use crate::names::request;

/// CEC's domain and nothing else.
pub fn origin_of_cec(text: &str) -> Result<Url, &'static str> {
    bare_url(text, PlainHttp::Refused)
}

/// An address to connect to instead. It can only stand for a name, whose certificate is still required.
pub fn connect_to(text: &str, origin: Option<&Url>) -> Result<SocketAddr, &'static str> {
    let address: SocketAddr = text.parse().map_err(|_| "expected IP:PORT, like 10.0.0.5:443")?;
    let Some(origin) = origin else { return Ok(address) };
    if !matches!(origin.host(), Some(Host::Domain(_))) {
        return Err("expected a name in cec.origin, which the certificate is checked for");
    }
    match origin.port() {
        Some(port) if port != address.port() => Err("expected the port that cec.origin names"),
        _ => Ok(address),
    }
}

/// Certificates in PEM, each fit to be an authority.
pub fn authorities(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, &'static str> {
    const EXPECTED: &str = "expected a file of certificates in PEM (BEGIN CERTIFICATE)";
    let found: Vec<_> =
        CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().map_err(|_| EXPECTED)?;
    let mut store = RootCertStore::empty();
    let all_fit = found.iter().all(|found| store.add(found.clone()).is_ok());
    if all_fit && !found.is_empty() { Ok(found) } else { Err(EXPECTED) }
}

/// A path of plain segments before `/service-cloud`.
pub fn prefix(text: &str) -> Result<String, &'static str> {
    const EXPECTED: &str =
        "expected what precedes /service-cloud, like /demo, without a slash at its end";
    let prefix = path(text).map_err(|_| EXPECTED)?;
    if prefix.split('/').any(|segment| segment == "service-cloud") {
        Err(EXPECTED)
    } else {
        Ok(prefix)
    }
}

/// A header's or a cookie's name.
pub fn name(text: &str) -> Result<String, &'static str> {
    cookie_name(text).map_err(|_| "expected names of headers and cookies, like X-Own")
}

/// A request header that may pass.
pub fn header(text: &str) -> Result<HeaderName, &'static str> {
    let name = HeaderName::try_from(text.to_ascii_lowercase())
        .map_err(|_| "expected names of headers, like X-Own")?;
    if request::is_managed(&name) {
        return Err(
            "expected headers of the page; this one belongs to the connection, or edge writes it (cookies: edge.cookies)",
        );
    }
    Ok(name)
}
