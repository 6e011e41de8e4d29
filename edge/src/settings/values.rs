//! What the texts of a settings file mean. Each function says what it expected.

use std::net::SocketAddr;

use axum::http::HeaderName;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use url::{Host, Url};

use crate::names::request;

/// `IP:PORT` or `localhost:PORT`; port 0 lets the system choose.
pub fn socket_address(text: &str) -> Result<SocketAddr, &'static str> {
    let numeric = text.strip_prefix("localhost:").map(|port| format!("127.0.0.1:{port}"));
    let parsed = numeric.as_deref().unwrap_or(text).parse();
    parsed.map_err(|_| "expected IP:PORT, like 127.0.0.1:8704")
}

/// The same, or `off`.
pub fn operator_address(text: &str) -> Result<Option<SocketAddr>, &'static str> {
    if text == "off" { Ok(None) } else { socket_address(text).map(Some) }
}

/// CEC's domain and nothing else.
pub fn origin_of_cec(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text).map_err(|_| "expected an address, like https://host/")?;
    if url.scheme() != "https" {
        return Err("expected an https: address");
    }
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    if !bare || !url.username().is_empty() || url.password().is_some() {
        return Err("expected CEC's domain alone, without user, path, query or hash");
    }
    Ok(url)
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
    let plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    let segment = |segment: &str| {
        !matches!(segment, "" | "." | ".." | "service-cloud") && segment.bytes().all(plain)
    };
    match text.strip_prefix('/') {
        Some(rest) if text.len() <= 256 && rest.split('/').all(segment) => Ok(text.to_owned()),
        _ => Err("expected what precedes /service-cloud, like /demo, without a slash at its end"),
    }
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

/// A cookie that may pass (RFC 6265: a token).
pub fn cookie(text: &str) -> Result<String, &'static str> {
    let token = |byte: u8| byte.is_ascii_graphic() && !b"()<>@,;:\\\"/[]?={}".contains(&byte);
    if (1..=128).contains(&text.len()) && text.bytes().all(token) {
        Ok(text.to_owned())
    } else {
        Err("expected names of cookies, like ccmessaging-token")
    }
}

/// An origin exactly as a browser writes it, because it is compared byte by byte.
pub fn page_origin(text: &str) -> Result<String, &'static str> {
    const EXPECTED: &str = "expected origins as browsers write them, like https://crm.example.com: https (http only for this machine), lower case, no path, no default port, no *";
    let url = Url::parse(text).map_err(|_| EXPECTED)?;
    let local = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    let secure = url.scheme() == "https" || (url.scheme() == "http" && local);
    let origin = url.origin().ascii_serialization();
    if secure && origin == text { Ok(origin) } else { Err(EXPECTED) }
}
