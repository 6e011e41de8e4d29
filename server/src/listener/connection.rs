//! One connection: its requests, its deadlines, its end.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{ConnectInfo, Request};
use axum::http::header::CONNECTION;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout};

use super::routes::Followed;
use super::seats::{Doing, Seat};
use super::stream::Seated;
use super::{Acceptor, Routes, Rules, form};
use crate::caller::OverTls;

/// What all connections of a listener share.
#[derive(Clone)]
pub struct Desk<A> {
    pub acceptor: A,
    pub routes: Routes,
    pub rules: Rules,
    /// Becomes true when the listener stops.
    pub stopped: watch::Receiver<bool>,
}

/// hyper's read buffer is at least this.
const LEAST_BUFFER: usize = 64 * 1024;

/// Serves a connection to its end.
pub async fn run<A: Acceptor>(desk: Desk<A>, stream: TcpStream, peer: SocketAddr, seat: Arc<Seat>) {
    let Desk { acceptor, routes, rules, mut stopped } = desk;
    // Answers are written whole; waiting for more would only delay them.
    let _ = stream.set_nodelay(true);
    let accepting = timeout(rules.header_deadline, acceptor.accept(stream));
    let accepted = tokio::select! {
        accepted = accepting => accepted,
        () = seat.dismissed() => return,
    };
    // Whoever fails at the door leaves at once: a pattern that is not met would wait for the dismissal.
    let Ok(Ok(stream)) = accepted else { return };
    let routes = routes.follow();
    let stream = TokioIo::new(Seated { stream, seat: Arc::clone(&seat) });
    let service = service_fn(|request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        if A::OVER_TLS {
            request.extensions_mut().insert(OverTls);
        }
        answer(request, &routes, &seat)
    });
    let mut builder = http1::Builder::new();
    // Our own deadlines know an idle connection from a slow one; hyper's does not.
    builder
        .header_read_timeout(None)
        // Most answers are short: to copy one behind its head costs less than to write it in two pieces.
        .writev(false)
        .max_header_size(rules.header_bytes)
        .max_buf_size(rules.header_bytes.max(LEAST_BUFFER));
    let mut connection = pin!(builder.serve_connection(stream, service).with_upgrades());
    let mut asked_to_end = false;
    loop {
        // Looked at often enough that a head that begins meanwhile is not noticed late.
        let horizon = Instant::now() + rules.header_deadline.min(rules.stall_deadline);
        let next = seat.due(&rules).map_or(horizon, |due| due.min(horizon));
        tokio::select! {
            // Whatever a client did wrong was answered, or there is nobody left to be told.
            _ = connection.as_mut() => return,
            () = seat.dismissed() => return,
            _ = stopped.wait_for(|stopped| *stopped), if !asked_to_end => {
                asked_to_end = true;
                connection.as_mut().graceful_shutdown();
            }
            () = sleep_until(next) => {
                if seat.due(&rules).is_some_and(|due| due <= Instant::now()) {
                    tracing::debug!("a client was too slow");
                    return;
                }
            }
        }
    }
}

async fn answer(
    request: Request,
    routes: &Followed,
    seat: &Arc<Seat>,
) -> Result<Response<Answer>, Infallible> {
    seat.now(Doing::Served);
    let response = match form::check(&request) {
        Ok(()) => routes.call(request).await?,
        Err(refusal) => {
            let mut response = refusal.spoken(request.headers());
            // Where one request's end is in doubt, so is the next one's beginning.
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            response
        }
    };
    if response.status() == StatusCode::SWITCHING_PROTOCOLS {
        seat.now(Doing::Tunnel);
    }
    Ok(response.map(|body| Answer { body, seat: Arc::clone(seat) }))
}

/// An answer's body. Its end is the request's.
struct Answer {
    body: Body,
    seat: Arc<Seat>,
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.seat.now(Doing::Waiting);
    }
}
