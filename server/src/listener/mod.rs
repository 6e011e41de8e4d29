//! Where connections arrive: our own loop around hyper, since slow, greedy and countless clients need
//! deadlines and limits that a plain loop has none for.
//!
//! * [`accept`]: where connections come from, and what is done to each before it is read (TLS).
//! * [`connection`]: one connection: its requests, its deadlines, its end.
//! * [`form`]: requests that could be read in two ways are refused before any route.
//! * [`routes`]: the router of a listener, which can be exchanged while it serves.
//! * [`rules`]: the deadlines and limits.
//! * [`seats`]: who is connected, what each is doing, and whose turn it is to leave.
//! * [`stream`]: a stream that tells when it is read and when its writing stands still.
//! * [`threads`]: the threads that serve connections.

pub mod accept;
mod connection;
mod form;
pub mod routes;
pub mod rules;
mod seats;
mod stream;
mod threads;

use std::future::Future;
use std::io;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{sleep, timeout};

pub use accept::{Acceptor, Incoming, Plain, Tls};
pub use routes::Routes;
pub use rules::Rules;
use seats::Seats;
pub use threads::Threads;

/// How long nothing is accepted where the system has no more of something (`EMFILE`, `ENOMEM`).
const BREATH: Duration = Duration::from_millis(100);

/// How a listener ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Requests and tunnels that were not finished within [`Rules::grace`].
    pub cut_off: usize,
}

/// Serves what arrives until `stop` is done, then finishes what is in flight.
///
/// Any number of listeners may share one [`Routes`]; the operator's has another. No error of accepting
/// ends it: there is nobody who could mend it better than the next attempt.
pub async fn serve<I: Incoming, A: Acceptor>(
    mut incoming: I,
    acceptor: A,
    routes: impl Into<Routes>,
    rules: Rules,
    threads: &Threads,
    stop: impl Future<Output = ()> + Send,
) -> Ended {
    let routes = routes.into();
    let seats = Seats::new(rules.connections);
    let (stopping, stopped) = watch::channel(false);
    let desk = connection::Desk { acceptor, routes, rules, stopped };
    tokio::pin!(stop);
    let mut failing = false;
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = incoming.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => {
                failing = false;
                accepted
            }
            Err(error) if is_of_one_client(&error) => continue,
            Err(error) => {
                // Said once, however often it happens in a row.
                if !std::mem::replace(&mut failing, true) {
                    tracing::warn!(kind = %error.kind(), os = error.raw_os_error(), "no connection can be accepted for now; idle ones are closed");
                }
                seats.dismiss_one();
                tokio::select! {
                    () = &mut stop => break,
                    () = sleep(BREATH) => continue,
                }
            }
        };
        let seat = tokio::select! {
            () = &mut stop => break,
            seat = seats.take() => seat,
        };
        let desk = desk.clone();
        threads.give(stream, move |stream| connection::run(desk, stream, peer, seat));
    }
    // From here on the system refuses newcomers, so that a balancer goes elsewhere.
    drop(incoming);
    let _ = stopping.send(true);
    if timeout(rules.grace, seats.all_left()).await.is_ok() {
        return Ended { cut_off: 0 };
    }
    let cut_off = seats.busy();
    seats.dismiss_all();
    Ended { cut_off }
}

/// A client that left before it was accepted says nothing about the next one.
fn is_of_one_client(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}
