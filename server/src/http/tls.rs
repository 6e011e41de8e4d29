//! The certificates of the callback's own listener: the server's, and those that clients must have.

use std::sync::Arc;

use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};

const EXPECTED: &str = "expected certificates in PEM, or one in DER";

/// Reads certificates in PEM or, as one certificate, in DER (`.cer`).
///
/// # Errors
/// What was expected.
pub fn certificates(bytes: &[u8]) -> Result<Vec<CertificateDer<'static>>, &'static str> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(bytes).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        // DER: every certificate is a sequence.
        Ok(_) if bytes.first() == Some(&0x30) => Ok(vec![CertificateDer::from(bytes.to_vec())]),
        _ => Err(EXPECTED),
    }
}

/// Reads a private key in PEM.
///
/// # Errors
/// What was expected.
pub fn private_key(bytes: &[u8]) -> Result<PrivateKeyDer<'static>, &'static str> {
    PrivateKeyDer::from_pem_slice(bytes).map_err(|_| "expected a private key in PEM")
}

/// Reads the authority of clients' certificates.
///
/// # Errors
/// What was expected.
pub fn authority(bytes: &[u8]) -> Result<RootCertStore, &'static str> {
    let mut roots = RootCertStore::empty();
    for root in certificates(bytes)? {
        roots.add(root).map_err(|_| EXPECTED)?;
    }
    Ok(roots)
}

/// The certificates in use, which can be replaced while the listener serves. Clones share them.
#[derive(Clone)]
pub struct Certificates(RustlsConfig);

impl Certificates {
    /// Creates them: the server's with its chain, the server's first, its private key, and the authority of clients'
    /// certificates. Without that any client may connect.
    ///
    /// # Errors
    /// The key is another certificate's, or the authority has none that can be used.
    pub fn new(
        chain: Vec<CertificateDer<'static>>,
        key: PrivateKeyDer<'static>,
        clients: Option<RootCertStore>,
    ) -> Result<Self, rustls::Error> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()?;
        let builder = match clients {
            None => builder.with_no_client_auth(),
            Some(roots) => {
                let roots = Arc::new(roots);
                let verifier = WebPkiClientVerifier::builder_with_provider(roots, provider).build();
                let verifier =
                    verifier.map_err(|error| rustls::Error::General(error.to_string()))?;
                builder.with_client_cert_verifier(verifier)
            }
        };
        let mut config = builder.with_single_cert(chain, key)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self(RustlsConfig::from_config(Arc::new(config))))
    }

    /// Returns the acceptor of connections.
    pub fn acceptor(&self) -> RustlsAcceptor {
        RustlsAcceptor::new(self.0.clone())
    }

    /// Replaces them by others, for every connection from now on.
    pub fn replace(&self, others: &Self) {
        self.0.reload_from_config(others.0.get_inner());
    }
}

impl std::fmt::Debug for Certificates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Certificates")
    }
}
