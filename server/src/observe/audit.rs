//! Who got a login, when, from where, and by which identity: one JSON object a line, in a target of its own.
//!
//! The lines never share a queue with the log: a burst of warnings cannot push out the line that shows an
//! attack. A line that the target does not take is kept and tried again, until the bounded queue is full;
//! then logins are refused, or only counted (`audit.when_full`).

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::net::IpAddr;
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::request_id::RequestId;
use crate::settings::Reader;

/// The most lines that wait to be written.
const QUEUE: usize = 4096;

/// Of those, visitors' lines take no more than these places: anyone can ask for a chat, and the agents' logins go on.
const OF_VISITORS: u64 = QUEUE as u64 / 2;

/// A line that was not written is tried again after this long.
const RETRY: Duration = Duration::from_millis(500);

/// How long dropping waits for the last lines.
const LAST_LINES: Duration = Duration::from_secs(1);

/// `[audit]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditSettings {
    /// Where the lines go.
    pub target: Target,
    /// What happens to a login where the queue is full.
    pub when_full: WhenFull,
    /// How a person is written.
    pub person: PersonForm,
}

impl AuditSettings {
    /// Reads `[audit]`.
    pub fn read(reader: &mut Reader) -> Option<Self> {
        let folder = reader.folder();
        let target = reader.parsed("audit.target", Some("stdout"), |text| match text {
            "off" => Ok(Target::Off),
            "stdout" => Ok(Target::Stdout),
            text => match text.strip_prefix("file:") {
                Some(path) if !path.is_empty() => Ok(Target::File(folder.join(path))),
                _ => Err("expected \"stdout\", \"off\" or file: with a path"),
            },
        });
        let when_full = [("refuse", WhenFull::Refuse), ("count", WhenFull::Count)];
        let when_full = reader.choice("audit.when_full", &when_full, false);
        let person = [("hmac", PersonForm::Hmac), ("plain", PersonForm::Plain)];
        let person = reader.choice("audit.person", &person, false);
        Some(Self { target: target?, when_full: when_full?, person: person? })
    }
}

/// Where the lines go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Target {
    /// Nowhere: there is no audit.
    Off,
    /// The standard output.
    #[default]
    Stdout,
    /// A file that lines are appended to. It is opened again when it was renamed (logrotate).
    File(PathBuf),
}

/// What happens to a login where the queue is full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WhenFull {
    /// No login without its line.
    #[default]
    Refuse,
    /// The login is handed out, and the missing line is counted.
    Count,
}

/// How a person is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PersonForm {
    /// As an HMAC by the server key: equal for the same person, and not readable.
    #[default]
    Hmac,
    /// As the id is.
    Plain,
}

/// A login that is about to be handed out.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Login<'a> {
    /// The route's template.
    pub route: &'static str,
    /// `agent` or `visitor`.
    pub role: &'static str,
    /// The kind of identity: `jwt`, `gateway`, `local`, `guest`, `fixed`.
    pub identity: &'static str,
    /// The person's id.
    pub person: &'a str,
    /// The caller's address, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<IpAddr>,
}

#[derive(Serialize)]
struct Line<'a> {
    time: String,
    event: &'static str,
    #[serde(flatten)]
    login: Login<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
}

/// The queue is full and the settings refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the audit's queue is full")]
pub struct Full;

type Hmac = Arc<dyn Fn(&str) -> String + Send + Sync>;

/// Writes a line of the audit to where it belongs.
type Writer = Box<dyn FnMut(&str) -> io::Result<()> + Send>;

/// The audit. Clones share one queue; the last one dropped writes what waits, for at most a second.
#[derive(Clone)]
pub struct Audit(Option<Arc<Inner>>);

struct Inner {
    lines: Option<SyncSender<String>>,
    writer: Option<JoinHandle<()>>,
    when_full: WhenFull,
    person: PersonForm,
    hmac: Hmac,
    state: Arc<State>,
}

/// What the writer and the metrics share. They hold no sender, so that dropping the audit ends it.
#[derive(Default)]
struct State {
    waiting: AtomicU64,
    missing: AtomicU64,
    ending: AtomicBool,
}

impl Audit {
    /// Creates an audit that writes nothing.
    pub fn off() -> Self {
        Self(None)
    }

    /// Opens the target and starts the thread that writes to it. `hmac` hides a person's id.
    ///
    /// # Errors
    /// The file cannot be opened, or no thread can be started.
    pub fn open(
        settings: &AuditSettings,
        hmac: impl Fn(&str) -> String + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let mut torn = false;
        let out: Writer = match &settings.target {
            Target::Off => return Ok(Self::off()),
            Target::Stdout => {
                // Without the buffer of `io::stdout`, which would keep a part of a line that failed.
                let stdout = File::from(io::stdout().as_fd().try_clone_to_owned()?);
                Box::new(move |line| write_whole(&stdout, line, &mut torn))
            }
            Target::File(path) => {
                let path = path.clone();
                // Opened now, so that a wrong path is reported at the start.
                open(&path)?;
                // Opened for each line: a login is rare, and a renamed file is never written to by mistake.
                Box::new(move |line| write_whole(open(&path)?, line, &mut torn))
            }
        };
        Self::writing(settings, Arc::new(hmac), out)
    }

    fn writing(settings: &AuditSettings, hmac: Hmac, out: Writer) -> io::Result<Self> {
        let (lines, waiting) = sync_channel::<String>(QUEUE);
        let state = Arc::new(State::default());
        let shared = Arc::clone(&state);
        let writer = std::thread::Builder::new().name("audit".into());
        let writer = writer.spawn(move || write_all(waiting, out, &shared))?;
        Ok(Self(Some(Arc::new(Inner {
            lines: Some(lines),
            writer: Some(writer),
            when_full: settings.when_full,
            person: settings.person,
            hmac,
            state,
        }))))
    }

    /// Queues the line of a login, before it is handed out. Never waits.
    ///
    /// # Errors
    /// [`Full`] where no line can be queued and the settings refuse logins without one.
    pub fn login(&self, login: &Login<'_>) -> Result<(), Full> {
        let Some(audit) = &self.0 else { return Ok(()) };
        let mut request_id = None;
        RequestId::with_current(|id| request_id = Some(id.clone()));
        let person = match audit.person {
            PersonForm::Hmac => &(audit.hmac)(login.person),
            PersonForm::Plain => login.person,
        };
        let line = Line {
            time: OffsetDateTime::now_utc().format(&Rfc3339).unwrap_or_default(),
            event: "login",
            login: Login { person, ..*login },
            request_id: request_id.as_ref().map(RequestId::as_str),
        };
        // Texts always serialize; JSON escapes line breaks.
        let line = serde_json::to_string(&line).unwrap_or_default() + "\n";
        let before = audit.state.waiting.fetch_add(1, Ordering::Relaxed);
        let room = login.role != "visitor" || before < OF_VISITORS;
        let lines = audit.lines.as_ref().filter(|_| room);
        if lines.is_some_and(|lines| lines.try_send(line).is_ok()) {
            return Ok(());
        }
        audit.state.waiting.fetch_sub(1, Ordering::Relaxed);
        audit.state.missing.fetch_add(1, Ordering::Relaxed);
        match audit.when_full {
            WhenFull::Refuse => Err(Full),
            WhenFull::Count => Ok(()),
        }
    }

    /// Counts the logins whose line could not be queued, at the time of each call. It keeps no audit open.
    pub fn missing(&self) -> impl Fn() -> u64 + Clone + Send + Sync + use<> {
        let state = self.0.as_ref().map(|audit| Arc::clone(&audit.state));
        move || state.as_ref().map_or(0, |state| state.missing.load(Ordering::Relaxed))
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // Without a sender the thread writes what waits and ends; it tries each line only once more.
        self.lines = None;
        self.state.ending.store(true, Ordering::Release);
        let Some(writer) = self.writer.take() else { return };
        writer.thread().unpark();
        let until = Instant::now() + LAST_LINES;
        // A thread cannot be joined with a timeout, and a stalled target must not keep the process.
        while !writer.is_finished() && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// Writes lines until the audit ends. A line that fails is kept: those behind it fill the queue meanwhile.
fn write_all(lines: Receiver<String>, mut out: Writer, state: &State) {
    for line in lines {
        let mut failed = false;
        while let Err(error) = out(&line) {
            let ending = state.ending.load(Ordering::Acquire);
            if ending || !failed {
                tracing::error!(cause = %error.kind(), "an audit line was not written");
            }
            if ending {
                break;
            }
            failed = true;
            std::thread::park_timeout(RETRY);
        }
        state.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Writes a line. One of which only a part was written before is closed first, so that it spoils no other.
fn write_whole(mut out: impl Write, line: &str, torn: &mut bool) -> io::Result<()> {
    let mut rest = line.as_bytes();
    if *torn {
        out.write_all(b"\n")?;
    }
    *torn = false;
    while !rest.is_empty() {
        match out.write(rest) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => rest = &rest[written..],
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        }
        *torn = !rest.is_empty();
    }
    Ok(())
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use serde_json::Value;

    use super::*;

    fn login(person: &str) -> Login<'_> {
        let address = Some(IpAddr::from([203, 0, 113, 7]));
        let route = "/calldock/v1/tccc/login";
        Login { route, role: "agent", identity: "jwt", person, address }
    }

    fn settings(when_full: WhenFull) -> AuditSettings {
        AuditSettings { when_full, ..AuditSettings::default() }
    }

    fn hmac() -> Hmac {
        Arc::new(|person| format!("hmac-of-{}", person.len()))
    }

    #[test]
    fn a_line_says_who_when_from_where_and_how_without_the_id() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("audit.log");
        let target = Target::File(file.clone());
        let settings = AuditSettings { target, ..AuditSettings::default() };
        let audit = Audit::open(&settings, |person| format!("hmac-of-{}", person.len())).unwrap();
        audit.login(&login("agent@example.com")).unwrap();
        drop(audit);
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(!text.contains("agent@"), "{text}");
        let line: Value = serde_json::from_str(text.trim_end()).unwrap();
        assert_eq!(line["person"], "hmac-of-17");
        assert_eq!((&line["role"], &line["identity"]), (&"agent".into(), &"jwt".into()));
        assert_eq!(line["address"], "203.0.113.7");
        assert!(line["time"].as_str().unwrap().ends_with('Z'));
    }

    #[test]
    fn a_full_queue_refuses_or_counts_and_never_waits() {
        for (when_full, outcome) in [(WhenFull::Refuse, Err(Full)), (WhenFull::Count, Ok(()))] {
            let (release, held) = channel::<()>();
            let out = Box::new(move |_: &str| {
                let _ = held.recv();
                Ok(())
            });
            let audit = Audit::writing(&settings(when_full), hmac(), out).unwrap();
            // One line is held by the target, the queue takes the others.
            let outcomes: Vec<_> = (0..QUEUE + 2).map(|_| audit.login(&login("a"))).collect();
            assert_eq!(outcomes.last(), Some(&outcome));
            assert!(audit.missing()() >= 1);
            drop(release);
        }
    }

    #[test]
    fn visitors_leave_half_of_the_queue_to_agents() {
        let (release, held) = channel::<()>();
        let out = Box::new(move |_: &str| {
            let _ = held.recv();
            Ok(())
        });
        let audit = Audit::writing(&settings(WhenFull::Refuse), hmac(), out).unwrap();
        let visitor = Login { role: "visitor", ..login("a") };
        let taken = (0..QUEUE).filter(|_| audit.login(&visitor).is_ok()).count();
        assert_eq!(taken, QUEUE / 2);
        assert!((0..QUEUE / 2).all(|_| audit.login(&login("a")).is_ok()));
        assert_eq!(audit.login(&visitor), Err(Full));
        drop(release);
    }

    #[test]
    fn a_line_that_fails_is_kept_until_the_target_takes_it() {
        let (tried, tries) = channel();
        let (fix, fixed) = channel::<()>();
        let out = Box::new(move |line: &str| {
            let works = fixed.try_recv().is_ok();
            tried.send((works, line.to_owned())).unwrap();
            works.then_some(()).ok_or(io::ErrorKind::StorageFull.into())
        });
        let audit = Audit::writing(&settings(WhenFull::Refuse), hmac(), out).unwrap();
        audit.login(&login("a")).unwrap();
        let (works, line) = tries.recv().unwrap();
        assert!(!works);
        // The line keeps its place: those behind it fill the queue.
        let outcomes: Vec<_> = (0..QUEUE + 1).map(|_| audit.login(&login("a"))).collect();
        assert_eq!((outcomes.last(), audit.missing()()), (Some(&Err(Full)), 1));
        fix.send(()).unwrap();
        assert_eq!(tries.iter().find(|(works, _)| *works), Some((true, line)));
    }

    #[test]
    fn an_audit_whose_missing_lines_are_counted_writes_what_waits_when_it_is_dropped() {
        let (release, held) = channel::<()>();
        let (wrote, written) = channel();
        let out = Box::new(move |_: &str| {
            let _ = held.recv();
            wrote.send(()).map_err(|_| io::ErrorKind::BrokenPipe.into())
        });
        let audit = Audit::writing(&settings(WhenFull::Refuse), hmac(), out).unwrap();
        let missing = audit.missing();
        audit.login(&login("a")).unwrap();
        let ended = std::thread::spawn(move || drop(audit));
        release.send(()).unwrap();
        // The writer ends with the last audit, although the count is still there.
        ended.join().unwrap();
        assert_eq!((written.iter().count(), missing()), (1, 0));
    }

    #[test]
    fn a_line_that_was_torn_is_closed_before_the_next() {
        struct Disk(Vec<u8>, usize);
        impl Write for &mut Disk {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                let room = bytes.len().min(self.1 - self.0.len());
                self.0.extend_from_slice(&bytes[..room]);
                if room > 0 { Ok(room) } else { Err(io::ErrorKind::StorageFull.into()) }
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let (mut disk, mut torn) = (Disk(Vec::new(), 3), false);
        assert!(write_whole(&mut disk, "first\n", &mut torn).is_err());
        assert!(write_whole(&mut disk, "first\n", &mut torn).is_err());
        disk.1 = 100;
        write_whole(&mut disk, "first\n", &mut torn).unwrap();
        write_whole(&mut disk, "second\n", &mut torn).unwrap();
        assert_eq!(String::from_utf8_lossy(&disk.0), "fir\nfirst\nsecond\n");
    }

    #[test]
    fn a_file_that_was_renamed_gets_no_more_lines() {
        let folder = tempfile::tempdir().unwrap();
        let (file, old) = (folder.path().join("audit.log"), folder.path().join("audit.log.1"));
        let target = Target::File(file.clone());
        let settings = AuditSettings { target, ..AuditSettings::default() };
        let audit = Audit::open(&settings, str::to_owned).unwrap();
        std::fs::rename(&file, &old).unwrap();
        audit.login(&login("a")).unwrap();
        drop(audit);
        assert_eq!(std::fs::read_to_string(old).unwrap(), "");
        assert_eq!(std::fs::read_to_string(file).unwrap().lines().count(), 1);
    }

    #[test]
    fn a_file_that_cannot_be_opened_is_reported_at_the_start() {
        let target = Target::File("/nowhere/at/all/audit.log".into());
        let settings = AuditSettings { target, ..AuditSettings::default() };
        assert!(Audit::open(&settings, str::to_owned).is_err());
    }
}
