//! The acceptor for `axum_server`, and the server it belongs to.

use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;

use axum_server::accept::{Accept, DefaultAcceptor};
use axum_server::{Address, Server};
use tokio::net::{TcpStream, UnixStream};

use crate::connections::{Connections, Deadlines};
use crate::stream::Timed;
use crate::tracked::Tracked;

/// A stream that may have an address at its other end.
pub trait Peer {
    /// Returns the address, or `None` for a unix socket.
    ///
    /// # Errors
    /// The connection is closed already.
    fn peer(&self) -> io::Result<Option<IpAddr>>;
}

impl Peer for TcpStream {
    fn peer(&self) -> io::Result<Option<IpAddr>> {
        // Responses are written whole; waiting for more would only delay them.
        self.set_nodelay(true)?;
        self.peer_addr().map(|address: SocketAddr| Some(address.ip()))
    }
}

impl Peer for UnixStream {
    fn peer(&self) -> io::Result<Option<IpAddr>> {
        Ok(None)
    }
}

/// Applies [`Connections`] and [`Deadlines`] before another acceptor (TLS, say) sees the stream. A
/// connection beyond the bounds is closed without a response.
#[derive(Clone, Debug)]
pub struct Bounded<A = DefaultAcceptor> {
    inner: A,
    connections: Connections,
    deadlines: Deadlines,
}

impl Bounded {
    /// Creates an acceptor for plain HTTP.
    pub fn new(connections: Connections, deadlines: Deadlines) -> Self {
        Self { inner: DefaultAcceptor::new(), connections, deadlines }
    }

    /// Hands the bounded stream to another acceptor.
    pub fn then<A>(self, inner: A) -> Bounded<A> {
        Bounded { inner, connections: self.connections, deadlines: self.deadlines }
    }
}

impl<A, I, S> Accept<I, S> for Bounded<A>
where
    I: Peer,
    A: Accept<Timed<I>, Tracked<S>>,
    A::Future: Send + 'static,
    A::Stream: Send + 'static,
    A::Service: Send + 'static,
{
    type Stream = A::Stream;
    type Service = A::Service;
    type Future = Pin<Box<dyn Future<Output = io::Result<(A::Stream, A::Service)>> + Send>>;

    fn accept(&self, stream: I, service: S) -> Self::Future {
        let admitted = stream.peer().and_then(|peer| {
            let full = |_| io::Error::new(ErrorKind::QuotaExceeded, "too many connections");
            self.connections.admit(peer).map_err(full)
        });
        match admitted {
            Err(error) => Box::pin(std::future::ready(Err(error))),
            Ok(connection) => {
                let service = Tracked::new(service, connection.clone());
                Box::pin(self.inner.accept(Timed::new(stream, connection, self.deadlines), service))
            }
        }
    }
}

/// Limits a server to HTTP/1.1 with upgrades, and a request's head to `head_bytes` (at least 8192; hyper
/// responds to more with 431).
///
/// `http1_only` does not do it: axum-server's refuses upgrades, and the builder's is ignored for
/// connections that allow them. Such a connection speaks HTTP/2 with a client that begins with it, so every
/// stream is refused: no request begins, and the deadline for the first head closes the connection.
pub fn http1<A: Address, B>(mut server: Server<A, B>, head_bytes: usize) -> Server<A, B> {
    /// hyper panics below this.
    const MIN_BUFFER: usize = 8192;
    let builder = server.http_builder();
    // Our own deadlines tell an idle connection from a slow one; hyper has one timer for both.
    builder.http1().header_read_timeout(None).max_buf_size(head_bytes.max(MIN_BUFFER));
    builder.http2().max_concurrent_streams(0);
    server
}
