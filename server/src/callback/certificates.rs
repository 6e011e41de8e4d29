//! The certificates of the callback's own listener: ours, and those that callers must have.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use secrecy::zeroize::Zeroizing;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::listener::Acceptor;

/// Where the certificates are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The server's certificate and those that vouch for it, in PEM, the server's first.
    pub certificate: PathBuf,
    /// Its private key, in PEM.
    pub key: PathBuf,
    /// Who vouches for callers, in PEM or, as one certificate, in DER (`.cer`). Without it anybody may
    /// connect.
    pub client_ca: Option<PathBuf>,
}

/// A file that is not as it should be.
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
    /// The first of them that will not do.
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
    std::fs::read(file).map_err(|_| "the file cannot be read; check the path and who may read it")
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, &'static str> {
    let bytes = read(file)?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        // A sequence, as every certificate is.
        Ok(_) if bytes.first() == Some(&0x30) => Ok(vec![CertificateDer::from(bytes)]),
        _ => Err(NO_CERTIFICATE),
    }
}

/// The certificates in use, which can be exchanged while the listener serves. Clones are the same.
#[derive(Clone)]
pub struct Certificates(Arc<RwLock<Arc<ServerConfig>>>);

impl Certificates {
    /// These from now on.
    pub fn new(config: ServerConfig) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(config))))
    }

    /// What the next connection is accepted by.
    pub fn current(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the files again, for every connection from now on.
    ///
    /// # Errors
    /// [`TlsError`]: the former ones stay in use.
    pub fn renew(&self, files: &TlsFiles) -> Result<(), TlsError> {
        let config = Arc::new(files.read()?);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = config;
        Ok(())
    }
}

impl Acceptor for Certificates {
    const OVER_TLS: bool = true;
    type Stream = TlsStream<TcpStream>;

    async fn accept(&self, connection: TcpStream) -> io::Result<Self::Stream> {
        TlsAcceptor::from(self.current()).accept(connection).await
    }
}

impl std::fmt::Debug for Certificates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Certificates")
    }
}
