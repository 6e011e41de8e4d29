//! Lines on their way to stderr. A system call for each of them would cost a request more than all of
//! its signing, so those of a few milliseconds are written together.
//!
//! Nothing is lost by that: a warning or an error is written at once, with all that was said before it;
//! so is everything where too much waits; and whoever ends the program calls [`Gathered::write_out`].

use std::io::{self, Write};
use std::mem::take;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

/// How long a line waits for others.
const WAIT: Duration = Duration::from_millis(5);

/// As many bytes may wait; whoever says more writes it himself.
const MOST: usize = 1024 * 1024;

/// Lines that wait, and where they go. Clones are the same.
pub struct Gathered<W>(Arc<Inner<W>>);

struct Inner<W> {
    lines: Mutex<Vec<u8>>,
    first: Condvar,
    // Locked before `lines` is emptied, so that lines stay in their order.
    out: Mutex<W>,
}

impl<W: Write + Send + 'static> Gathered<W> {
    /// Starts a thread that writes to `out`.
    pub fn start(out: W) -> Self {
        let gathered = Self(Arc::new(Inner {
            lines: Mutex::default(),
            first: Condvar::new(),
            out: Mutex::new(out),
        }));
        let writing = gathered.clone();
        let named = thread::Builder::new().name("log".into());
        // Without a thread, lines are written as soon as enough of them wait, and at the end.
        let _ = named.spawn(move || {
            loop {
                let lines = lock(&writing.0.lines);
                drop(writing.0.first.wait_while(lines, |lines| lines.is_empty()));
                thread::sleep(WAIT);
                writing.write_out();
            }
        });
        gathered
    }
}

impl<W: Write> Gathered<W> {
    /// Writes everything that waits.
    pub fn write_out(&self) {
        let mut out = lock(&self.0.out);
        let lines = take(&mut *lock(&self.0.lines));
        // A log that cannot be written has nobody to tell.
        let _ = out.write_all(&lines).and_then(|()| out.flush());
    }

    fn add(&self, line: &[u8], urgent: bool) {
        let mut lines = lock(&self.0.lines);
        let is_first = lines.is_empty();
        lines.extend_from_slice(line);
        let full = lines.len() >= MOST;
        drop(lines);
        if urgent || full {
            self.write_out();
        } else if is_first {
            self.0.first.notify_one();
        }
    }
}

impl<W> Clone for Gathered<W> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

/// Where one line is put, whole.
pub struct Line<'a, W> {
    gathered: &'a Gathered<W>,
    urgent: bool,
}

impl<'a, W: Write + 'a> MakeWriter<'a> for Gathered<W> {
    type Writer = Line<'a, W>;

    fn make_writer(&'a self) -> Line<'a, W> {
        Line { gathered: self, urgent: true }
    }

    fn make_writer_for(&'a self, about: &Metadata<'_>) -> Line<'a, W> {
        Line { gathered: self, urgent: *about.level() <= Level::WARN }
    }
}

impl<W: Write> Write for Line<'_, W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.gathered.add(line, self.urgent);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel};

    use super::*;

    /// Tells of every system call.
    struct Out(Sender<String>);

    impl Write for Out {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _ = self.0.send(String::from_utf8_lossy(bytes).into_owned());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// Without a thread: what is written is written by whoever speaks.
    fn unthreaded() -> (Gathered<Out>, Receiver<String>) {
        let (told, heard) = channel();
        let inner =
            Inner { lines: Mutex::default(), first: Condvar::new(), out: Mutex::new(Out(told)) };
        (Gathered(Arc::new(inner)), heard)
    }

    #[test]
    fn a_line_is_written_without_anybody_asking() {
        let (told, heard) = channel();
        let gathered = Gathered::start(Out(told));
        for line in ["one\n", "two\n"] {
            gathered.add(line.as_bytes(), false);
            assert_eq!(heard.recv_timeout(Duration::from_secs(20)).as_deref(), Ok(line));
        }
    }

    #[test]
    fn what_is_urgent_is_written_at_once_behind_what_was_said_before() {
        let (gathered, heard) = unthreaded();
        gathered.add(b"one\n", false);
        gathered.add(b"two\n", false);
        assert!(heard.try_recv().is_err());
        gathered.add(b"three\n", true);
        assert_eq!(heard.try_recv().as_deref(), Ok("one\ntwo\nthree\n"));
        gathered.add(b"four\n", false);
        gathered.write_out();
        assert_eq!(heard.try_recv().as_deref(), Ok("four\n"));
    }

    #[test]
    fn a_warning_is_urgent_and_a_request_is_not() {
        use tracing_subscriber::prelude::*;
        let (gathered, heard) = unthreaded();
        let log = super::super::log::Log::new(super::super::LogFormat::Text, gathered);
        let subscriber = tracing_subscriber::registry().with(log);
        tracing::subscriber::with_default(subscriber, || {
            tracing::info!("answered");
            assert!(heard.try_recv().is_err());
            tracing::warn!("no login");
            assert_eq!(heard.try_recv().unwrap_or_default().lines().count(), 2);
            tracing::error!("no token");
            assert_eq!(heard.try_recv().unwrap_or_default().lines().count(), 1);
        });
    }

    #[test]
    fn where_too_much_waits_whoever_says_more_writes_it() {
        let (gathered, heard) = unthreaded();
        let line = [b'x'; 1024];
        for _ in 0..MOST / 1024 - 1 {
            gathered.add(&line, false);
        }
        assert!(heard.try_recv().is_err());
        gathered.add(&line, false);
        assert_eq!(heard.try_recv().map(|written| written.len()), Ok(MOST));
    }
}
