//! The router of a listener, which can be exchanged while it serves.

use std::convert::Infallible;
use std::sync::{Mutex, PoisonError};

use axum::Router;
use axum::extract::Request;
use axum::routing::future::RouteFuture;
use tokio::sync::watch;
use tower::Service;

/// A router in use. Requests in flight stay with the one they began with, and a connection that rests keeps
/// it until its next request or its end.
#[derive(Clone)]
pub struct Routes(watch::Sender<Router>);

impl Routes {
    /// Puts another router in its place, for every request that begins from now on.
    pub fn replace(&self, router: Router) {
        drop(self.0.send_replace(router));
    }

    /// For one connection.
    pub(super) fn follow(&self) -> Followed {
        let mut routes = self.0.subscribe();
        let router = routes.borrow_and_update().clone();
        Followed(Mutex::new((routes, router)))
    }
}

impl From<Router> for Routes {
    fn from(router: Router) -> Self {
        Self(watch::Sender::new(router))
    }
}

/// A connection's own copy: what all of them write to, such as a count of copies, goes from one processor
/// to the other with every request.
pub struct Followed(Mutex<(watch::Receiver<Router>, Router)>);

impl Followed {
    /// Answers by the router that is in place now.
    pub fn call(&self, request: Request) -> RouteFuture<Infallible> {
        let mut followed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (routes, router) = &mut *followed;
        // Where nobody can replace it any more, it stays.
        if routes.has_changed().unwrap_or(false) {
            *router = routes.borrow_and_update().clone();
        }
        router.call(request)
    }
}
