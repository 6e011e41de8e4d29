//! Where connections come from, and what is done to each before it is read.

use std::future::Future;
use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// A source of connections.
pub trait Incoming: Send {
    /// The next one.
    fn accept(&mut self) -> impl Future<Output = io::Result<(TcpStream, SocketAddr)>> + Send;
}

impl Incoming for TcpListener {
    async fn accept(&mut self) -> io::Result<(TcpStream, SocketAddr)> {
        Self::accept(self).await
    }
}

/// What becomes of a connection before the first request is read.
pub trait Acceptor: Clone + Send + Sync + 'static {
    /// Whether that stream is encrypted.
    const OVER_TLS: bool;

    /// What requests are read from.
    type Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static;

    /// Makes it, within [`super::Rules::header_deadline`].
    fn accept(
        &self,
        connection: TcpStream,
    ) -> impl Future<Output = io::Result<Self::Stream>> + Send;
}

/// HTTP as it comes; the gateway in front has the certificate.
#[derive(Clone, Copy, Debug)]
pub struct Plain;

impl Acceptor for Plain {
    const OVER_TLS: bool = false;
    type Stream = TcpStream;

    async fn accept(&self, connection: TcpStream) -> io::Result<TcpStream> {
        Ok(connection)
    }
}

/// TLS with a certificate of our own. Whether clients need one too is its configuration's to say.
#[derive(Clone)]
pub struct Tls(pub TlsAcceptor);

impl Acceptor for Tls {
    const OVER_TLS: bool = true;
    type Stream = TlsStream<TcpStream>;

    async fn accept(&self, connection: TcpStream) -> io::Result<Self::Stream> {
        self.0.accept(connection).await
    }
}
