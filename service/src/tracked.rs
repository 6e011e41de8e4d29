//! A service that notes for its connection when a request begins, when it is complete and when its response
//! ends.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::http::{Request, Response, StatusCode};
use http_body::{Body, Frame, SizeHint};
use tower_service::Service;

use crate::connections::{Connection, Doing};

/// The service of one connection.
#[derive(Clone, Debug)]
pub struct Tracked<S> {
    inner: S,
    connection: Arc<Connection>,
}

impl<S> Tracked<S> {
    pub(crate) fn new(inner: S, connection: Arc<Connection>) -> Self {
        Self { inner, connection }
    }
}

impl<S, A, B> Service<Request<A>> for Tracked<S>
where
    S: Service<Request<ReceivedBody<A>>, Response = Response<B>>,
    A: Body + Unpin,
    S::Future: Send + 'static,
{
    type Response = Response<TrackedBody<B>>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<A>) -> Self::Future {
        let complete = request.body().is_end_stream();
        self.connection.set(if complete { Doing::Request } else { Doing::Body });
        let connection = Arc::clone(&self.connection);
        let received = request.map(|inner| ReceivedBody { inner, connection });
        let (responding, connection) = (self.inner.call(received), Arc::clone(&self.connection));
        Box::pin(async move {
            let response = responding.await?;
            if response.status() == StatusCode::SWITCHING_PROTOCOLS {
                connection.set(Doing::Upgraded);
            }
            Ok(response.map(|inner| TrackedBody { inner, connection }))
        })
    }
}

/// A request's body, which tells its connection when it is complete.
#[derive(Debug)]
pub struct ReceivedBody<A> {
    inner: A,
    connection: Arc<Connection>,
}

impl<A: Body + Unpin> Body for ReceivedBody<A> {
    type Data = A::Data;
    type Error = A::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<A::Data>, A::Error>>> {
        let polled = Pin::new(&mut self.inner).poll_frame(context);
        if matches!(polled, Poll::Ready(None)) || self.inner.is_end_stream() {
            self.connection.received_all();
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// A response's body. When it is dropped, the connection is idle.
#[derive(Debug)]
pub struct TrackedBody<B> {
    inner: B,
    connection: Arc<Connection>,
}

impl<B: Body + Unpin> Body for TrackedBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        Pin::new(&mut self.inner).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl<B> Drop for TrackedBody<B> {
    fn drop(&mut self) {
        self.connection.set(Doing::Idle);
    }
}
