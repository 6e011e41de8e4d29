//! Routes that can be replaced, and the listener of CEC's question.

use std::io;
use std::net::{SocketAddr, TcpListener};

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use axum_server::Handle;
use calldock_service::settings::Listen;
use calldock_service::{Bounded, Connections, Serving, http1};
use tower::ServiceExt;

use super::settings::CallbackListener;

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
    pub fn service(&self) -> Router {
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

/// Serves CEC's question over TLS, at an address of its own.
///
/// # Errors
/// The system refuses.
pub fn callback(
    listener: &CallbackListener,
    settings: &Listen,
    routes: &Routes,
) -> io::Result<(Serving, SocketAddr)> {
    let tcp = TcpListener::bind(listener.address)?;
    let address = tcp.local_addr()?;
    let connections = Connections::new(settings.bounds().without_gateways());
    let acceptor = Bounded::new(connections.clone(), settings.deadlines)
        .then(listener.certificates.acceptor());
    let handle: Handle<SocketAddr> = Handle::new();
    let server = http1(axum_server::from_tcp(tcp)?, settings.header_bytes);
    let service = routes.service().into_make_service_with_connect_info::<SocketAddr>();
    let served = server.acceptor(acceptor).handle(handle.clone()).serve(service);
    Ok((Serving::start(connections, handle, served), address))
}
