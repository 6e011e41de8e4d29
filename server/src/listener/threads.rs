//! The threads that serve connections. Each has a runtime of its own, and a connection stays with one of
//! them: no request waits in another's queue or fetches what it needs from another processor's cache.

use std::io;
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, available_parallelism};

use tokio::net::TcpStream;
use tokio::runtime::{Builder, Handle};
use tokio::sync::watch;

/// Dropped, they end, whatever they are doing.
#[derive(Debug)]
pub struct Threads {
    runtimes: Vec<Handle>,
    next: AtomicUsize,
    _alive: watch::Sender<()>,
}

impl Threads {
    /// As many as there are processors for this program.
    ///
    /// # Errors
    /// The system has no threads left.
    pub fn start() -> io::Result<Self> {
        let (alive, ended) = watch::channel(());
        let count = available_parallelism().map_or(1, NonZero::get);
        let start = |number| {
            let runtime = Builder::new_current_thread().enable_all().build()?;
            let handle = runtime.handle().clone();
            let mut ended = ended.clone();
            let work = move || runtime.block_on(async { ended.changed().await.is_err() });
            thread::Builder::new().name(format!("serve-{number}")).spawn(work)?;
            Ok(handle)
        };
        let runtimes = (0..count).map(start).collect::<io::Result<_>>()?;
        Ok(Self { runtimes, next: AtomicUsize::new(0), _alive: alive })
    }

    /// Only the runtime that asks: for a listener with little to do, and for tests that stop its clock.
    pub fn here() -> Self {
        let (alive, _) = watch::channel(());
        Self { runtimes: vec![Handle::current()], next: AtomicUsize::new(0), _alive: alive }
    }

    /// Has the thread whose turn it is serve a connection.
    pub(super) fn give<F>(
        &self,
        stream: TcpStream,
        serve: impl FnOnce(TcpStream) -> F + Send + 'static,
    ) where
        F: Future<Output = ()> + Send + 'static,
    {
        // The new thread watches it; a connection that cannot be watched is as good as gone.
        let Ok(stream) = stream.into_std() else { return };
        let turn = self.next.fetch_add(1, Ordering::Relaxed) % self.runtimes.len();
        self.runtimes[turn].spawn(async move {
            if let Ok(stream) = TcpStream::from_std(stream) {
                serve(stream).await;
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use tokio::net::TcpListener;
    use tokio::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn connections_go_round_and_end_with_their_threads() {
        let threads = Threads::start().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (say, mut said) = mpsc::unbounded_channel();
        let count = threads.runtimes.len();
        let mut clients = Vec::new();
        for _ in 0..count {
            clients.push(TcpStream::connect(address).await.unwrap());
            let (stream, _) = listener.accept().await.unwrap();
            let say = say.clone();
            threads.give(stream, async move |stream| {
                let name = thread::current().name().map(ToOwned::to_owned);
                say.send(name).unwrap();
                std::future::pending::<()>().await;
                drop(stream);
            });
        }
        let mut names = BTreeSet::new();
        for _ in 0..count {
            names.insert(said.recv().await.unwrap());
        }
        assert_eq!(names.len(), count, "{names:?}");
        drop((threads, say));
        assert_eq!(said.recv().await, None);
    }
}
