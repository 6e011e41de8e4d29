//! Server-sent events that end with the page, or with the process.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    http::HeaderMap,
    response::sse::{Event, KeepAlive, Sse},
};
use serde::Serialize;
use tokio::sync::{broadcast::error::RecvError, mpsc};
use tokio_stream::wrappers::ReceiverStream;

use super::{centre::Notice, state::Tccc};

/// A page that is gone without a word is noticed at the next beat.
const HEARTBEAT: Duration = Duration::from_secs(5);

/// A stream of an agent's notices.
pub type Stream =
    Sse<axum::response::sse::KeepAliveStream<ReceiverStream<Result<Event, Infallible>>>>;

/// Streams what concerns `agent`, first `opening` (if any), then everything after `after`.
///
/// `held` is dropped when the stream ends, however it ends.
pub fn stream(
    tccc: &Tccc,
    agent: String,
    after: u64,
    opening: Option<Event>,
    held: impl Send + 'static,
) -> Stream {
    let (sender, receiver) = mpsc::channel(64);
    let (missed, mut live) = tccc.centre().subscribe(after);
    let tccc = tccc.clone();
    tokio::spawn(async move {
        let _held = held;
        let missed = missed.iter().filter(|notice| notice.agent == agent).map(written);
        for event in opening.into_iter().chain(missed) {
            if sender.send(Ok(event)).await.is_err() {
                return;
            }
        }
        loop {
            let notice: Arc<Notice> = tokio::select! {
                () = sender.closed() => return,
                () = tccc.ending().closed() => return,
                received = live.recv() => match received {
                    Ok(notice) => notice,
                    // The page reconnects and asks for what it missed.
                    Err(RecvError::Lagged(_) | RecvError::Closed) => return,
                },
            };
            if notice.agent == agent && sender.send(Ok(written(&notice))).await.is_err() {
                return;
            }
        }
    });
    Sse::new(ReceiverStream::new(receiver)).keep_alive(KeepAlive::new().interval(HEARTBEAT))
}

/// The number a reconnecting page saw last.
pub fn last_seen(headers: &HeaderMap) -> Option<u64> {
    headers.get("last-event-id")?.to_str().ok()?.parse().ok()
}

/// One event of a name other than `message`, with its JSON.
pub fn named(name: &str, id: u64, data: &impl Serialize) -> Event {
    let event = Event::default().event(name).id(id.to_string());
    event.data(serde_json::to_string(data).unwrap_or_default())
}

fn written(notice: &Arc<Notice>) -> Event {
    let event = Event::default().id(notice.seq.to_string());
    event.data(serde_json::to_string(&**notice).unwrap_or_default())
}
