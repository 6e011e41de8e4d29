//! The pages' listener, at an address or a unix socket, and its graceful end.

use std::fmt::Display;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::FileTypeExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::Router;
use axum_server::{Address, Handle};
use tokio::task::JoinHandle;

use crate::command::Failed;
use crate::settings::{Listen, values};
use crate::{Bounded, Connections, http1};

/// Where a listener is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// An address and a port.
    Address(SocketAddr),
    /// A unix socket. Programs that its permissions allow to connect count as gateways.
    Socket(PathBuf),
}

impl Place {
    /// Reads `IP:PORT`, or `unix:` with an absolute path.
    ///
    /// # Errors
    /// What was expected.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        match text.strip_prefix("unix:") {
            Some(path) if path.starts_with('/') => Ok(Self::Socket(path.into())),
            Some(_) => {
                Err("expected unix: with an absolute path, like unix:/run/calldock/server.sock")
            }
            None => values::listen(text).map(Self::Address),
        }
    }

    /// The address; a unix socket has none.
    pub fn address(&self) -> Option<SocketAddr> {
        match self {
            Self::Address(address) => Some(*address),
            Self::Socket(_) => None,
        }
    }

    /// Binds it. Returns the listener with its place: the system may have chosen the port.
    ///
    /// # Errors
    /// The system refuses.
    pub fn bind(&self) -> io::Result<(Bound, Self)> {
        match self {
            Self::Address(address) => {
                let listener = TcpListener::bind(address)?;
                let place = Self::Address(listener.local_addr()?);
                Ok((Bound::Tcp(listener), place))
            }
            Self::Socket(path) => {
                remove_stale(path)?;
                Ok((Bound::Unix(UnixListener::bind(path)?), self.clone()))
            }
        }
    }
}

impl Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Address(address) => write!(f, "http://{address}"),
            Self::Socket(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

/// Removes the socket that a server which was killed has left; one that accepts connections stays.
fn remove_stale(path: &Path) -> io::Result<()> {
    match std::fs::symlink_metadata(path) {
        Ok(found) if found.file_type().is_socket() => match UnixStream::connect(path) {
            Ok(_) => Err(io::Error::from(io::ErrorKind::AddrInUse)),
            Err(_) => std::fs::remove_file(path),
        },
        _ => Ok(()),
    }
}

/// Says that the system refuses a place, and which key names another.
pub fn cannot_listen(place: impl Display, key: &str) -> impl FnOnce(io::Error) -> Failed {
    move |error| {
        let why = error.kind();
        Failed::Work(format!("cannot listen on {place} ({why}); choose another {key}"))
    }
}

/// A listener that is bound and does not serve yet.
pub enum Bound {
    /// To an address.
    Tcp(TcpListener),
    /// To a unix socket.
    Unix(UnixListener),
}

impl Bound {
    /// Serves routes.
    ///
    /// # Errors
    /// The system refuses.
    pub fn serve(
        self,
        settings: &Listen,
        connections: Connections,
        routes: Router,
    ) -> io::Result<Serving> {
        let acceptor = Bounded::new(connections.clone(), settings.deadlines);
        match self {
            Self::Tcp(listener) => {
                let handle = Handle::new();
                let server = http1(axum_server::from_tcp(listener)?, settings.header_bytes);
                let service = routes.into_make_service_with_connect_info::<SocketAddr>();
                let served = server.acceptor(acceptor).handle(handle.clone()).serve(service);
                Ok(Serving::start(connections, handle, served))
            }
            Self::Unix(listener) => {
                let handle = Handle::new();
                let server = http1(axum_server::from_unix(listener)?, settings.header_bytes);
                let service = routes.into_make_service();
                let served = server.acceptor(acceptor).handle(handle.clone()).serve(service);
                Ok(Serving::start(connections, handle, served))
            }
        }
    }
}

/// A listener that serves.
pub struct Serving {
    connections: Connections,
    stop: Box<dyn Fn(Duration) + Send + Sync>,
    ended: JoinHandle<io::Result<()>>,
}

impl Serving {
    /// Serves from now on.
    pub fn start<A: Address + Send + Sync + 'static>(
        connections: Connections,
        handle: Handle<A>,
        served: impl Future<Output = io::Result<()>> + Send + 'static,
    ) -> Self {
        let stop = move |grace| handle.graceful_shutdown(Some(grace));
        Self { connections, stop: Box::new(stop), ended: tokio::spawn(served) }
    }

    /// The listener's connections, to change their bounds or count them.
    pub fn connections(&self) -> &Connections {
        &self.connections
    }

    /// Stops accepting; open requests may take this long.
    pub fn stop(&self, grace: Duration) {
        (self.stop)(grace);
    }

    /// Waits for the end.
    ///
    /// # Errors
    /// The listener ended by an error of the system.
    pub async fn ended(&mut self) -> io::Result<()> {
        (&mut self.ended).await.unwrap_or_else(|_| Err(io::Error::other("the listener panicked")))
    }
}
