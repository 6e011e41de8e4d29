//! The client that knows one host.

use std::time::Duration;

use reqwest::{Certificate, Client, redirect};
use url::Host;

use crate::address::PlainHttp;
use crate::config::ProxyConfig;

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(5);

/// How many headers an answer may have; more are a failure of CEC's.
const MOST_HEADERS: usize = 100;

/// A client for the configured host. It follows no redirect, keeps no cookie and repeats no request.
///
/// # Errors
/// The system has no certificate authorities to trust.
pub fn client(config: &ProxyConfig) -> Result<Client, reqwest::Error> {
    // A second installation fails and changes nothing; it is the same provider.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = Client::builder()
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .http1_only()
        .http1_max_headers(MOST_HEADERS)
        .connect_timeout(config.timeout.min(CONNECT));
    builder = match config.plain_http {
        PlainHttp::Refused => builder.https_only(true),
        PlainHttp::OnLoopback => builder.no_proxy().tls_certs_only([]),
    };
    if let (Some(address), Some(Host::Domain(name))) = (config.connect_to, config.origin.host()) {
        // The name stays what is asked for and what the certificate must have; only the way is another,
        // and no proxy of the environment's would know it.
        builder = builder.no_proxy().resolve(name, address);
    }
    if !config.authorities.is_empty() {
        let authorities = config.authorities.iter().map(|der| Certificate::from_der(der));
        builder = builder.tls_certs_only(authorities.collect::<Result<Vec<_>, _>>()?);
    }
    builder.build()
}
