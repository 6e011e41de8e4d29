//! The HTTP client that reaches CEC and nothing else.

use std::time::Duration;

use reqwest::{Certificate, Client, redirect};
use url::Host;

use crate::settings::Settings;

/// How long a connection to CEC may take.
const CONNECT: Duration = Duration::from_secs(5);

/// The most headers a response may have.
const MAX_HEADERS: usize = 100;

/// Builds the client. It follows no redirect, keeps no cookie and repeats no request.
///
/// # Errors
/// The system has no certificate authorities.
pub fn build(settings: &Settings) -> Result<Client, reqwest::Error> {
    // A second installation fails and changes nothing; it is the same provider.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let cec = &settings.cec;
    let mut builder = Client::builder()
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .http1_only()
        .http1_max_headers(MAX_HEADERS)
        .connect_timeout(settings.edge.timeout.min(CONNECT));
    builder =
        if cec.plain { builder.no_proxy().tls_certs_only([]) } else { builder.https_only(true) };
    if let (Some(address), Some(Host::Domain(name))) = (cec.connect_to, cec.origin.host()) {
        // The certificate must still bear the name. A proxy of the environment does not know the address.
        builder = builder.no_proxy().resolve(name, address);
    }
    if !cec.authorities.is_empty() {
        let authorities = cec.authorities.iter().map(|der| Certificate::from_der(der));
        builder = builder.tls_certs_only(authorities.collect::<Result<Vec<_>, _>>()?);
    }
    builder.build()
}
