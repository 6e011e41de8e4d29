//! What stands before routes: a function of the request and of what comes next, as for axum's `from_fn`,
//! which makes two boxes more for every request.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use axum::routing::Route;
use futures_util::FutureExt;
use tower::{Service, layer::layer_fn, service_fn};

/// The route itself.
pub struct Next(Route);

impl Next {
    /// Answers. No `async fn`: that would carry the request around twice.
    pub fn run(mut self, request: Request) -> impl Future<Output = Response> {
        self.0.call(request).map(|Ok(response)| response)
    }
}

/// The same routes, each with this before it; the answer for a path of nobody's too.
pub fn before<F>(
    routes: Router,
    answer: impl Fn(Request, Next) -> F + Send + Sync + 'static,
) -> Router
where
    F: Future<Output = Response> + Send + 'static,
{
    // Copied with the route for every request: one count, and not one for all that it holds.
    let answer = Arc::new(answer);
    routes.layer(layer_fn(move |route: Route| {
        let answer = Arc::clone(&answer);
        service_fn(move |request| answer(request, Next(route.clone())).map(Ok::<_, Infallible>))
    }))
}
