//! The listeners of pages and of CEC's question, and their graceful end.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use axum_server::{Address, Handle};
use calldock_listen::{Bounded, Bounds, Connections, http1};
use tokio::task::JoinHandle;
use tower::ServiceExt;

use super::settings::{CallbackListener, ListenSettings, Place};

/// A router that can be replaced while connections are open. Clones share it.
#[derive(Clone)]
pub struct Routes(tokio::sync::watch::Sender<Router>);

impl Routes {
    /// Creates it with a router.
    pub fn new(router: Router) -> Self {
        Self(tokio::sync::watch::Sender::new(router))
    }

    /// Replaces the router, for every request from now on.
    pub fn replace(&self, router: Router) {
        drop(self.0.send_replace(router));
    }

    /// A router that passes each request to the present one.
    fn service(&self) -> Router {
        let routes = self.clone();
        Router::new().fallback(move |request: Request| {
            let router = routes.0.borrow().clone();
            async move {
                // A router's error type has no values.
                router.oneshot(request).await.unwrap_or_else(|never| -> Response { match never {} })
            }
        })
    }
}

/// A listener that serves.
pub struct Serving {
    connections: Connections,
    stop: Box<dyn Fn(Duration) + Send + Sync>,
    ended: JoinHandle<io::Result<()>>,
}

impl Serving {
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

    fn start<A: Address + Send + Sync + 'static>(
        connections: Connections,
        handle: Handle<A>,
        served: impl Future<Output = io::Result<()>> + Send + 'static,
    ) -> Self {
        let stop = move |grace| handle.graceful_shutdown(Some(grace));
        Self { connections, stop: Box::new(stop), ended: tokio::spawn(served) }
    }
}

/// The pages' listener, bound and not yet served.
pub enum Bound {
    /// To an address.
    Tcp(TcpListener),
    /// To a unix socket.
    Unix(UnixListener),
}

/// Binds the pages' listener. Returns it with its place: the system may have chosen the port.
///
/// # Errors
/// The system refuses.
pub fn bind(place: &Place) -> io::Result<(Bound, Place)> {
    match place {
        Place::Address(address) => {
            let listener = TcpListener::bind(address)?;
            let place = Place::Address(listener.local_addr()?);
            Ok((Bound::Tcp(listener), place))
        }
        Place::Socket(path) => {
            remove_stale(path)?;
            Ok((Bound::Unix(UnixListener::bind(path)?), place.clone()))
        }
    }
}

/// Removes the socket that a server which was killed has left; one that accepts connections stays.
fn remove_stale(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::FileTypeExt;
    match std::fs::symlink_metadata(path) {
        Ok(found) if found.file_type().is_socket() => {
            match std::os::unix::net::UnixStream::connect(path) {
                Ok(_) => Err(io::Error::from(io::ErrorKind::AddrInUse)),
                Err(_) => std::fs::remove_file(path),
            }
        }
        _ => Ok(()),
    }
}

/// Serves pages.
///
/// # Errors
/// The system refuses.
pub fn pages(bound: Bound, settings: &ListenSettings, routes: &Routes) -> io::Result<Serving> {
    let connections = Connections::new(settings.bounds());
    let acceptor = Bounded::new(connections.clone(), settings.deadlines);
    match bound {
        Bound::Tcp(listener) => {
            let handle: Handle<SocketAddr> = Handle::new();
            let server = http1(axum_server::from_tcp(listener)?, settings.header_bytes);
            let service = routes.service().into_make_service_with_connect_info::<SocketAddr>();
            let served = server.acceptor(acceptor).handle(handle.clone()).serve(service);
            Ok(Serving::start(connections, handle, served))
        }
        Bound::Unix(listener) => {
            let handle = Handle::new();
            let server = http1(axum_server::from_unix(listener)?, settings.header_bytes);
            let service = routes.service().into_make_service();
            let served = server.acceptor(acceptor).handle(handle.clone()).serve(service);
            Ok(Serving::start(connections, handle, served))
        }
    }
}

/// Serves CEC's question over TLS, at an address of its own.
///
/// # Errors
/// The system refuses.
pub fn callback(
    listener: &CallbackListener,
    settings: &ListenSettings,
    routes: &Routes,
) -> io::Result<(Serving, SocketAddr)> {
    let tcp = TcpListener::bind(listener.address)?;
    let address = tcp.local_addr()?;
    // CEC connects by itself, never through the pages' gateways.
    let bounds = Bounds { limits: settings.connections, exempt: Default::default() };
    let connections = Connections::new(bounds);
    let acceptor = Bounded::new(connections.clone(), settings.deadlines)
        .then(listener.certificates.acceptor());
    let handle: Handle<SocketAddr> = Handle::new();
    let server = http1(axum_server::from_tcp(tcp)?, settings.header_bytes);
    let service = routes.service().into_make_service_with_connect_info::<SocketAddr>();
    let served = server.acceptor(acceptor).handle(handle.clone()).serve(service);
    Ok((Serving::start(connections, handle, served), address))
}
