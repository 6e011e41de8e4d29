//! Who got a login, when, from where, and by which identity: one JSON object a line, in a target of its own.
//!
//! The lines never share a queue with the log: a burst of warnings cannot push out the line that shows an
//! attack. The queue is bounded; where it is full because the target does not take lines, logins are
//! refused, or only counted (`audit.when_full`).

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::request_id::RequestId;

/// The most lines that wait to be written.
const QUEUE: usize = 4096;

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
#[derive(Clone, Debug)]
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
    pub address: Option<IpAddr>,
}

#[derive(Serialize)]
struct Line<'a> {
    time: String,
    event: &'static str,
    route: &'static str,
    role: &'static str,
    identity: &'static str,
    person: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<IpAddr>,
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
    missing: AtomicU64,
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
        let out: Writer = match &settings.target {
            Target::Off => return Ok(Self::off()),
            Target::Stdout => Box::new(|line| {
                let mut stdout = io::stdout().lock();
                stdout.write_all(line.as_bytes())?;
                stdout.flush()
            }),
            Target::File(path) => {
                let path = path.clone();
                // Opened now, so that a wrong path is reported at the start.
                append(&path, "")?;
                Box::new(move |line| append(&path, line))
            }
        };
        Self::writing(settings, Arc::new(hmac), out)
    }

    fn writing(settings: &AuditSettings, hmac: Hmac, mut out: Writer) -> io::Result<Self> {
        let (lines, waiting) = sync_channel::<String>(QUEUE);
        let writer = std::thread::Builder::new().name("audit".into()).spawn(move || {
            for line in waiting {
                if let Err(error) = out(&line) {
                    tracing::error!(cause = %error.kind(), "an audit line was not written");
                }
            }
        })?;
        Ok(Self(Some(Arc::new(Inner {
            lines: Some(lines),
            writer: Some(writer),
            when_full: settings.when_full,
            person: settings.person,
            hmac,
            missing: AtomicU64::new(0),
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
        let line = Line {
            time: OffsetDateTime::now_utc().format(&Rfc3339).unwrap_or_default(),
            event: "login",
            route: login.route,
            role: login.role,
            identity: login.identity,
            person: match audit.person {
                PersonForm::Hmac => (audit.hmac)(login.person),
                PersonForm::Plain => login.person.to_owned(),
            },
            address: login.address,
            request_id: request_id.as_ref().map(RequestId::as_str),
        };
        // Texts always serialize; JSON escapes line breaks.
        let line = serde_json::to_string(&line).unwrap_or_default() + "\n";
        let queued = audit.lines.as_ref().is_some_and(|lines| lines.try_send(line).is_ok());
        if queued {
            return Ok(());
        }
        audit.missing.fetch_add(1, Ordering::Relaxed);
        match audit.when_full {
            WhenFull::Refuse => Err(Full),
            WhenFull::Count => Ok(()),
        }
    }

    /// Counts the logins whose line could not be queued.
    pub fn missing(&self) -> u64 {
        self.0.as_ref().map_or(0, |audit| audit.missing.load(Ordering::Relaxed))
    }
}

impl std::fmt::Debug for Audit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Audit({})", if self.0.is_some() { "on" } else { "off" })
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // Without a sender the thread writes what waits and ends.
        self.lines = None;
        let Some(writer) = self.writer.take() else { return };
        let until = Instant::now() + LAST_LINES;
        // A thread cannot be joined with a timeout, and a stalled target must not keep the process.
        while !writer.is_finished() && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// Opens for each line: a login is rare, and a renamed file is never written to by mistake.
fn append(path: &Path, line: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(line.as_bytes())
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
            assert!(audit.missing() >= 1);
            drop(release);
        }
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
