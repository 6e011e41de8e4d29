//! One line for each event, as text or as JSON, every value masked.
//!
//! A layer of our own, because the usual one has no place where a message, a text in a field and an
//! error all pass: here they do, and [`mask`] is that place.

use std::any::Any;
use std::fmt::{self, Write as _};
use std::io::{Stderr, Write as _};
use std::mem::take;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::Context;
use tracing_subscriber::prelude::*;

use super::gathered::Gathered;
use super::mask::mask;
use super::request_id::RequestId;
use crate::calendar;

/// How the lines are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For people: `time LEVEL target: message key=value …`.
    #[default]
    Text,
    /// For machines: one object a line, with `timestamp`, `level`, `target`, `message`, `request_id`
    /// and the event's own members.
    Json,
}

/// The layer that writes them.
#[derive(Debug)]
pub struct Log<W> {
    format: LogFormat,
    writer: W,
}

/// Writes the lines that still wait when it is dropped.
#[must_use = "the last lines are written when it is dropped"]
pub struct Started(Gathered<Stderr>);

impl Drop for Started {
    fn drop(&mut self) {
        self.0.write_out();
    }
}

/// Starts logging to stderr: stdout has one line and no other. `RUST_LOG=calldock_server=debug` says more.
/// A panic is a line as well, with its place. What it says is written only if it is a text of the program's
/// own: one that was put together (a slice between two letters, an `unwrap`) quotes what it stumbled over.
pub fn start(format: LogFormat) -> Started {
    let wanted = std::env::var("RUST_LOG").ok().and_then(|text| text.parse::<Targets>().ok());
    let targets = wanted.unwrap_or_else(|| Targets::new().with_default(Level::INFO));
    let lines = Gathered::start(std::io::stderr());
    let log = Log::new(format, lines.clone());
    let _ = tracing_subscriber::registry().with(log).with(targets).try_init();
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        let said = own_words(panic.payload());
        tracing::error!(place, said, "a panic: please report it");
    }));
    Started(lines)
}

fn own_words(payload: &(dyn Any + Send)) -> Option<&'static str> {
    payload.downcast_ref::<&'static str>().copied()
}

impl<W> Log<W> {
    /// Lines of this format to this writer.
    pub fn new(format: LogFormat, writer: W) -> Self {
        Self { format, writer }
    }
}

impl<S: Subscriber, W: for<'w> MakeWriter<'w> + 'static> tracing_subscriber::Layer<S> for Log<W> {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut said = Said::begin(self.format, event.metadata(), SystemTime::now());
        event.record(&mut said);
        // A log that cannot be written has nobody to tell.
        let _ = self.writer.make_writer_for(event.metadata()).write_all(&said.end());
    }
}

/// No value may begin a line of its own, move a terminal's cursor, or show its letters in another order.
fn is_misleading(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// As much as most lines need.
const LINE: usize = 384;

/// A line, and what its event says as it is told. Writing into memory does not fail, so nothing here can.
struct Said {
    format: LogFormat,
    line: Vec<u8>,
    /// Where the message belongs: it comes first, but need not.
    message: usize,
    /// For a value on its way to text.
    value: String,
}

impl Said {
    fn begin(format: LogFormat, about: &Metadata<'_>, now: SystemTime) -> Self {
        let mut line = Vec::with_capacity(LINE);
        let (level, target) = (about.level().as_str(), about.target());
        match format {
            LogFormat::Text => {
                time(&mut line, now);
                // The longest level has five letters.
                line.extend_from_slice(&b"      "[level.len()..]);
                for piece in [level, " ", target, ": "] {
                    line.extend_from_slice(piece.as_bytes());
                }
            }
            LogFormat::Json => {
                line.extend_from_slice(b"{\"timestamp\":\"");
                time(&mut line, now);
                line.push(b'"');
                member(&mut line, "level", level);
                member(&mut line, "target", target);
            }
        }
        Self { format, message: line.len(), line, value: String::new() }
    }

    /// The whole line.
    fn end(mut self) -> Vec<u8> {
        RequestId::with_current(|id| match self.format {
            LogFormat::Text => {
                self.line.extend_from_slice(b" request_id=");
                self.line.extend_from_slice(id.as_str().as_bytes());
            }
            LogFormat::Json => member(&mut self.line, "request_id", id.as_str()),
        });
        if let LogFormat::Json = self.format {
            self.line.push(b'}');
        }
        self.line.push(b'\n');
        self.line
    }

    fn text(&mut self, field: &Field, text: &str) {
        let mut text = mask(text);
        let plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        if !plain && text.contains(is_misleading) {
            text = text.replace(is_misleading, " ").into();
        }
        if field.name() == "message" {
            return self.message(&text);
        }
        match self.format {
            LogFormat::Text => {
                self.name(field);
                // Bare where one can see its end.
                if text.bytes().any(|byte| b" \"=".contains(&byte)) || text.is_empty() {
                    let _ = write!(self.line, "{text:?}");
                } else {
                    self.line.extend_from_slice(text.as_bytes());
                }
            }
            LogFormat::Json => self.keep(field, &*text),
        }
    }

    fn message(&mut self, text: &str) {
        let told_before = self.line.split_off(self.message);
        match self.format {
            LogFormat::Text => self.line.extend_from_slice(text.as_bytes()),
            LogFormat::Json => member(&mut self.line, "message", text),
        }
        self.line.extend_from_slice(&told_before);
    }

    fn shown(&mut self, field: &Field, value: fmt::Arguments<'_>) {
        let mut text = take(&mut self.value);
        text.clear();
        let _ = text.write_fmt(value);
        self.text(field, &text);
        self.value = text;
    }

    fn number(&mut self, field: &Field, value: impl Serialize) {
        match self.format {
            LogFormat::Text => {
                self.name(field);
                let _ = serde_json::to_writer(&mut self.line, &value);
            }
            LogFormat::Json => self.keep(field, &value),
        }
    }

    /// Before a value in a line for people.
    fn name(&mut self, field: &Field) {
        self.line.push(b' ');
        self.line.extend_from_slice(field.name().as_bytes());
        self.line.push(b'=');
    }

    fn keep(&mut self, field: &Field, value: &(impl Serialize + ?Sized)) {
        // What every line has stays the line's own.
        if !OWN.contains(&field.name()) {
            member(&mut self.line, field.name(), value);
        }
    }
}

/// The members of every line in JSON.
const OWN: [&str; 5] = ["timestamp", "level", "target", "message", "request_id"];

/// RFC 3339 in UTC, with milliseconds.
fn time(line: &mut Vec<u8>, now: SystemTime) {
    let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    let millis = i64::try_from(since.as_millis()).unwrap_or_default();
    // A clock before 1970 or after 9999 tells no time worth writing.
    line.extend_from_slice(&calendar::second(millis / 1000).unwrap_or(*b"1970-01-01T00:00:00"));
    line.extend_from_slice(&calendar::milliseconds(millis));
    line.push(b'Z');
}

/// One more member of an object that has one.
fn member(line: &mut Vec<u8>, name: &str, value: &(impl Serialize + ?Sized)) {
    let _ = write!(line, ",\"{name}\":");
    // A number that is none has no form in JSON, and becomes null.
    let _ = serde_json::to_writer(line, value);
}

impl Visit for Said {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.text(field, value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.shown(field, format_args!("{value:?}"));
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        self.shown(field, format_args!("{value}"));
    }

    // Counts, statuses and times are numbers; whoever logs a telephone number as one must look for it.
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.number(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.number(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.number(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.number(field, value);
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use serde_json::Value;

    use super::*;

    #[derive(Clone, Default)]
    struct Captured(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Captured {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(format: LogFormat, say: impl FnOnce()) -> String {
        let captured = Captured::default();
        let writer = captured.clone();
        let log = Log::new(format, move || writer.clone());
        tracing::subscriber::with_default(tracing_subscriber::registry().with(log), say);
        String::from_utf8(captured.0.lock().unwrap().clone()).unwrap()
    }

    fn say() {
        let failure = io::Error::other("agent@example.com\nis busy");
        tracing::warn!(
            status = 502,
            ok = false,
            failure = &failure as &(dyn std::error::Error + 'static),
            number = %"13800138000",
            debug = ?Some("0a1b2c3d4e5f60718293a4b5c6d7e8f9"),
            "no login for {}", "agent@example.com"
        );
    }

    #[test]
    fn text_is_one_line_with_every_value_masked() {
        let line = logged(LogFormat::Text, say);
        let (time, rest) = line.split_once("  WARN ").unwrap();
        assert_eq!((time.len(), time.ends_with('Z')), (24, true), "{time}");
        let target = module_path!();
        let expected = format!(
            "{target}: no login for ‹17 characters› status=502 ok=false failure=\"‹17 characters› is busy\" number=\"‹11 characters›\" debug=\"Some(\\\"‹32 characters›\\\")\"\n"
        );
        assert_eq!(rest, expected);
    }

    #[test]
    fn json_is_one_object_a_line_with_the_same_members() {
        let line = logged(LogFormat::Json, say);
        assert_eq!(line.matches('\n').count(), 1);
        let said: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(said["message"], "no login for ‹17 characters›");
        assert_eq!(said["failure"], "‹17 characters› is busy");
        assert_eq!((&said["status"], &said["ok"]), (&502.into(), &false.into()));
        assert_eq!(said["level"], "WARN");
        assert!(said.get("request_id").is_none());
    }

    #[test]
    fn a_panic_does_not_quote_what_it_stumbled_over() {
        let said = |work: fn(&str)| {
            let name = String::from("张三 and more");
            let panic = std::panic::catch_unwind(|| work(&name)).unwrap_err();
            own_words(&*panic)
        };
        assert_eq!(said(|name| drop(name[1..].to_owned())), None);
        assert_eq!(said(|name| panic!("{name}")), None);
        assert_eq!(
            said(|_| panic!("a text of the program's own")),
            Some("a text of the program's own")
        );
    }

    #[test]
    fn no_value_begins_a_line_or_misleads_a_terminal() {
        let nasty = "a\r\nb\u{1b}[31mc\u{2028}d\u{202e}e\u{2066}f\u{85}g\u{9b}h\u{7f}i";
        for format in [LogFormat::Text, LogFormat::Json] {
            let line = logged(format, || tracing::info!(text = nasty, "{nasty}"));
            assert_eq!(line.matches(super::is_misleading).count(), 1, "{line:?}");
            assert!(line.ends_with('\n') && !line.contains("\\u"), "{line:?}");
        }
    }

    #[tokio::test]
    async fn a_line_written_for_a_request_has_its_name() {
        let id = RequestId::generate();
        let name = id.as_str().to_owned();
        let line = id.scope(async { logged(LogFormat::Json, || tracing::info!("done")) }).await;
        assert_eq!(serde_json::from_str::<Value>(&line).unwrap()["request_id"], name);
    }
}
