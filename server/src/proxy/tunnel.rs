//! Two ends and everything between them, unread, until one of them ends.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadHalf, WriteHalf, split};
use tokio::time::timeout;

use super::patience::{Activity, patiently};

/// Why a tunnel ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// An end was done, and the other one got it all.
    Closed,
    /// An end broke off.
    Broken,
    /// Nothing moved for too long.
    Idle,
    /// The server stops.
    Stopped,
}

/// When one end is done, how long the other may take to finish as well: WebSocket closes by a frame each.
const LINGER: Duration = Duration::from_secs(5);

/// How long either end may take to notice the end.
const FAREWELL: Duration = Duration::from_secs(1);

const CHUNK: usize = 16 * 1024;

/// Carries bytes both ways, one chunk at a time: who reads slowly slows the other down. It ends with
/// either end, after `idle` without a byte, or once `stopped` does; both ends are closed then.
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
        end = patiently(&activity, idle, both) => end.unwrap_or(End::Idle),
        () = stopped => End::Stopped,
    };
    let farewell = async { tokio::join!(to_page.shutdown(), to_cec.shutdown()) };
    let _ = timeout(FAREWELL, farewell).await;
    end
}

/// What becomes of the other direction: an end that is done may still be answered, one that broke off not.
async fn finish(first: io::Result<()>, other: impl Future<Output = io::Result<()>>) -> End {
    if first.is_err() {
        return End::Broken;
    }
    match timeout(LINGER, other).await {
        Ok(Ok(())) => End::Closed,
        _ => End::Broken,
    }
}

/// One direction, to its end and the other side's knowledge of it.
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
        activity.note();
        to.write_all(&chunk[..length]).await?;
        // TLS may hold back what it could not send at once.
        to.flush().await?;
        activity.note();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::pending;
    use std::pin::Pin;
    use std::task::{Context, Poll};
    use tokio::io::{ReadBuf, duplex};
    use tokio::time::Instant;

    const IDLE: Duration = Duration::from_secs(60);

    #[tokio::test(start_paused = true)]
    async fn what_one_end_says_last_arrives_before_the_tunnel_ends() {
        let ((mut page, ours), (theirs, mut cec)) = (duplex(64), duplex(64));
        let tunnel = tokio::spawn(carry(ours, theirs, IDLE, pending()));
        page.write_all(b"last words").await.unwrap();
        page.shutdown().await.unwrap();
        let mut heard = String::new();
        cec.read_to_string(&mut heard).await.unwrap();
        assert_eq!(heard, "last words");
        cec.write_all(b"and the answer").await.unwrap();
        drop(cec);
        heard.clear();
        page.read_to_string(&mut heard).await.unwrap();
        assert_eq!(heard, "and the answer");
        assert_eq!(tunnel.await.unwrap(), End::Closed);
    }

    #[tokio::test(start_paused = true)]
    async fn an_end_that_does_not_finish_is_not_waited_for() {
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
    async fn an_end_that_breaks_off_ends_the_other_at_once() {
        let (mut page, ours) = duplex(64);
        let began = Instant::now();
        let cec = tokio::io::join(Reset, tokio::io::sink());
        assert_eq!(carry(ours, cec, IDLE, pending()).await, End::Broken);
        assert_eq!(page.read(&mut [0]).await.unwrap(), 0);
        assert_eq!(began.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_tunnel_in_which_nothing_moves_ends_and_one_that_moves_does_not() {
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
    async fn who_reads_slowly_slows_the_other_down() {
        let ((mut page, ours), (theirs, mut cec)) = (duplex(64), duplex(64));
        tokio::spawn(carry(ours, theirs, IDLE, pending()));
        let whole = vec![7; 10 * CHUNK];
        let expected = whole.clone();
        let saying = tokio::spawn(async move {
            cec.write_all(&whole).await.unwrap();
            cec
        });
        tokio::time::sleep(IDLE / 2).await;
        assert!(!saying.is_finished(), "no more is taken than one chunk and two pipes");
        let mut heard = vec![0; expected.len()];
        page.read_exact(&mut heard).await.unwrap();
        assert_eq!(heard, expected);
        saying.await.unwrap();
    }
}
