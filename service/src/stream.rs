//! A stream with deadlines.

use std::io::{self, ErrorKind, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

use crate::connections::{Connection, Deadlines};

/// A client's stream that fails with [`ErrorKind::TimedOut`] once a deadline has passed.
#[derive(Debug)]
pub struct Timed<S> {
    stream: S,
    connection: Arc<Connection>,
    deadlines: Deadlines,
    read: Pin<Box<Sleep>>,
    /// Present while a write waits for the client.
    write: Option<Pin<Box<Sleep>>>,
}

impl<S> Timed<S> {
    pub(crate) fn new(stream: S, connection: Arc<Connection>, deadlines: Deadlines) -> Self {
        let read = Box::pin(sleep_until(Instant::now() + deadlines.head));
        Self { stream, connection, deadlines, read, write: None }
    }

    /// Applies the stall deadline to the outcome of a write.
    fn written<T>(
        &mut self,
        outcome: Poll<io::Result<T>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<T>> {
        if outcome.is_ready() {
            self.write = None;
            return outcome;
        }
        let until = Instant::now() + self.deadlines.stall;
        let sleep = self.write.get_or_insert_with(|| Box::pin(sleep_until(until)));
        sleep.as_mut().poll(context).map(|()| Err(ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Timed<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(context, buffer);
        if polled.is_ready() {
            if buffer.filled().len() > before {
                self.connection.received();
            }
            return polled;
        }
        match self.connection.read_until(&self.deadlines, context.waker()) {
            Err(_) => Poll::Ready(Err(ErrorKind::ConnectionAborted.into())),
            Ok(None) => Poll::Pending,
            Ok(Some(until)) => {
                if self.read.deadline() != until {
                    self.read.as_mut().reset(until);
                }
                self.read.as_mut().poll(context).map(|()| Err(ErrorKind::TimedOut.into()))
            }
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Timed<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.written(outcome, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.written(outcome, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
