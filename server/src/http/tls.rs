//! The certificates of the callback's own listener: the server's, and those that clients must have.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use secrecy::zeroize::Zeroizing;

/// The files of the certificates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The server's certificate with its chain, in PEM, the server's first.
    pub certificate: PathBuf,
    /// Its private key, in PEM.
    pub key: PathBuf,
    /// The authority of clients' certificates, in PEM or, as one certificate, in DER (`.cer`). Without it any
    /// client may connect.
    pub client_ca: Option<PathBuf>,
}

/// A file with a mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {what}")]
pub struct TlsError {
    /// The configuration's key for the file.
    pub key: &'static str,
    /// What was expected; nothing of the file.
    pub what: &'static str,
}

const CERTIFICATE: &str = "callback.certificate_file";
const KEY: &str = "callback.key_file";
const CLIENT_CA: &str = "callback.client_ca_file";

impl TlsFiles {
    /// Reads the files.
    ///
    /// # Errors
    /// The first mistake.
    pub fn read(&self) -> Result<ServerConfig, TlsError> {
        let wrong = |key, what| TlsError { key, what };
        let chain = certificates(&self.certificate).map_err(|what| wrong(CERTIFICATE, what))?;
        let text = read(&self.key).map(Zeroizing::new).map_err(|what| wrong(KEY, what))?;
        let key = PrivateKeyDer::from_pem_slice(&text)
            .map_err(|_| wrong(KEY, "expected a private key in PEM"))?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|_| wrong(CERTIFICATE, "expected TLS 1.2 or 1.3 to be there"))?;
        let builder = match &self.client_ca {
            None => builder.with_no_client_auth(),
            Some(file) => {
                let mut roots = RootCertStore::empty();
                for root in certificates(file).map_err(|what| wrong(CLIENT_CA, what))? {
                    roots.add(root).map_err(|_| wrong(CLIENT_CA, NO_CERTIFICATE))?;
                }
                let verifier =
                    WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
                        .build()
                        .map_err(|_| wrong(CLIENT_CA, NO_CERTIFICATE))?;
                builder.with_client_cert_verifier(verifier)
            }
        };
        let mut config = builder
            .with_single_cert(chain, key)
            .map_err(|_| wrong(KEY, "expected the private key of callback.certificate_file"))?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }
}

const NO_CERTIFICATE: &str = "expected certificates in PEM, or one in DER";

fn read(file: &Path) -> Result<Vec<u8>, &'static str> {
    std::fs::read(file).map_err(|_| "the file cannot be read; check the path and its permissions")
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, &'static str> {
    let bytes = read(file)?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        // DER: every certificate is a sequence.
        Ok(_) if bytes.first() == Some(&0x30) => Ok(vec![CertificateDer::from(bytes)]),
        _ => Err(NO_CERTIFICATE),
    }
}

/// The certificates in use, which can be replaced while the listener serves. Clones share them.
#[derive(Clone)]
pub struct Certificates(RustlsConfig);

impl Certificates {
    /// Creates them from a configuration.
    pub fn new(config: ServerConfig) -> Self {
        Self(RustlsConfig::from_config(Arc::new(config)))
    }

    /// Returns the acceptor of connections.
    pub fn acceptor(&self) -> RustlsAcceptor {
        RustlsAcceptor::new(self.0.clone())
    }

    /// Replaces them, for every connection from now on.
    pub fn replace(&self, config: ServerConfig) {
        self.0.reload_from_config(Arc::new(config));
    }
}

impl std::fmt::Debug for Certificates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Certificates")
    }
}
