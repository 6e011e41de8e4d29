//! Relays bytes between two streams, unread, until one of them ends.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadHalf, WriteHalf, split};
use tokio::time::timeout;

use super::activity::Activity;

/// Why a tunnel ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// One side ended, and the other received everything.
    Closed,
    /// One side failed.
    Broken,
    /// Nothing was carried for too long.
    Idle,
    /// The process stops.
    Stopped,
}

/// How long the other side may take to end too: WebSocket closes by one frame each.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);

/// How long the shutdown of both streams may take.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(1);

const CHUNK: usize = 16 * 1024;

/// Carries bytes both ways, one chunk at a time, so that a slow reader slows the sender down. Ends when either
/// side ends, after `idle` without a byte, or when `stopped` resolves; both sides are closed then.
pub async fn carry<A, B>(page: A, cec: B, idle: Duration, stopped: impl Future<Output = ()>) -> End
where
    A: AsyncRead + AsyncWrite,
    B: AsyncRead + AsyncWrite,
{
    let ((mut from_page, mut to_page), (mut from_cec, mut to_cec)) = (split(page), split(cec));
    let activity = Activity::start();
    let both = async {
        let up = pump(&mut from_page, &mut to_cec, &activity);
        let down = pump(&mut from_cec, &mut to_page, &activity);
        tokio::pin!(up, down);
        tokio::select! {
            first = &mut up => finish(first, down).await,
            first = &mut down => finish(first, up).await,
        }
    };
    let end = tokio::select! {
        end = activity.within(idle, both) => end.unwrap_or(End::Idle),
        () = stopped => End::Stopped,
    };
    let shutdown = async { tokio::join!(to_page.shutdown(), to_cec.shutdown()) };
    let _ = timeout(SHUTDOWN_TIMEOUT, shutdown).await;
    end
}

/// Finishes the other direction: after a regular end it may still carry a reply, after a failure not.
async fn finish(first: io::Result<()>, other: impl Future<Output = io::Result<()>>) -> End {
    if first.is_err() {
        return End::Broken;
    }
    match timeout(CLOSE_TIMEOUT, other).await {
        Ok(Ok(())) => End::Closed,
        _ => End::Broken,
    }
}

/// Carries one direction to its end, and ends the other side's stream.
async fn pump<R: AsyncRead, W: AsyncWrite>(
    from: &mut ReadHalf<R>,
    to: &mut WriteHalf<W>,
    activity: &Activity,
) -> io::Result<()> {
    let mut chunk = vec![0; CHUNK];
    loop {
        let length = from.read(&mut chunk).await?;
        if length == 0 {
            return to.shutdown().await;
        }
        activity.progress();
        to.write_all(&chunk[..length]).await?;
        // TLS may buffer what it could not send at once.
        to.flush().await?;
        activity.progress();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::future::pending;
    use std::pin::Pin;
    use std::task::{Context, Poll};
    use tokio::io::{ReadBuf, duplex};
    use tokio::time::Instant;

    const IDLE: Duration = Duration::from_secs(60);

    #[tokio::test(start_paused = true)]
    async fn the_last_bytes_arrive_before_the_tunnel_ends() {
        let ((mut page, ours), (theirs, mut cec)) = (duplex(64), duplex(64));
        let tunnel = tokio::spawn(carry(ours, theirs, IDLE, pending()));
        page.write_all(b"last bytes").await.unwrap();
        page.shutdown().await.unwrap();
        let mut read = String::new();
        cec.read_to_string(&mut read).await.unwrap();
        assert_eq!(read, "last bytes");
        cec.write_all(b"and the reply").await.unwrap();
        drop(cec);
        read.clear();
        page.read_to_string(&mut read).await.unwrap();
        assert_eq!(read, "and the reply");
        assert_eq!(tunnel.await.unwrap(), End::Closed);
    }

    #[tokio::test(start_paused = true)]
    async fn a_side_that_does_not_finish_is_not_waited_for() {
        let ((page, ours), (theirs, mut cec)) = (duplex(64), duplex(64));
        let tunnel = tokio::spawn(carry(ours, theirs, IDLE, pending()));
        drop(page);
        assert_eq!(tunnel.await.unwrap(), End::Broken);
        assert_eq!(cec.read(&mut [0]).await.unwrap(), 0, "CEC's end is closed too");
    }

    /// A connection that was reset.
    struct Reset;

    impl AsyncRead for Reset {
        fn poll_read(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            _: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()))
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_failed_side_ends_the_other_at_once() {
        let (mut page, ours) = duplex(64);
        let began = Instant::now();
        let cec = tokio::io::join(Reset, tokio::io::sink());
        assert_eq!(carry(ours, cec, IDLE, pending()).await, End::Broken);
        assert_eq!(page.read(&mut [0]).await.unwrap(), 0);
        assert_eq!(began.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn an_idle_tunnel_ends_and_a_used_one_does_not() {
        let ((mut page, ours), (theirs, mut cec)) = (duplex(64), duplex(64));
        let tunnel = tokio::spawn(carry(ours, theirs, IDLE, pending()));
        for _ in 0..3 {
            tokio::time::sleep(IDLE - Duration::from_secs(1)).await;
            cec.write_all(b"x").await.unwrap();
            assert_eq!(page.read_u8().await.unwrap(), b'x');
        }
        assert_eq!(tunnel.await.unwrap(), End::Idle);
        assert_eq!(page.read(&mut [0]).await.unwrap(), 0);
        assert_eq!(cec.read(&mut [0]).await.unwrap(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_reader_slows_the_sender_down() {
        let ((mut page, ours), (theirs, mut cec)) = (duplex(64), duplex(64));
        tokio::spawn(carry(ours, theirs, IDLE, pending()));
        let whole = vec![7; 10 * CHUNK];
        let expected = whole.clone();
        let sending = tokio::spawn(async move {
            cec.write_all(&whole).await.unwrap();
            cec
        });
        tokio::time::sleep(IDLE / 2).await;
        assert!(!sending.is_finished(), "no more is taken than one chunk and two pipes");
        let mut read = vec![0; expected.len()];
        page.read_exact(&mut read).await.unwrap();
        assert_eq!(read, expected);
        sending.await.unwrap();
    }
}
