//! One line for each event, as text or as JSON, every value masked.
//!
//! A layer of our own, because the usual one has no place where a message, a text in a field and an
//! error all pass: here they do, and [`mask`] is that place.

use std::any::Any;
use std::fmt::{self, Write as _};
use std::io::{Stderr, Write as _};

use serde_json::{Map, Value};
use time::OffsetDateTime;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::Context;
use tracing_subscriber::prelude::*;

use super::gathered::Gathered;
use super::mask::mask;
use super::request_id::RequestId;

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
        let mut said = Said::default();
        event.record(&mut said);
        let mut line = match self.format {
            LogFormat::Text => as_text(event, said),
            LogFormat::Json => as_json(event, said),
        };
        line.push('\n');
        // A log that cannot be written has nobody to tell.
        let _ = self.writer.make_writer_for(event.metadata()).write_all(line.as_bytes());
    }
}

fn as_text(event: &Event<'_>, said: Said) -> String {
    let metadata = event.metadata();
    let mut line =
        format!("{} {:>5} {}: {}", now(), metadata.level(), metadata.target(), said.message);
    for (name, value) in said.fields {
        let _ = match value {
            // Bare where one can see its end.
            Value::String(text) if text.contains([' ', '"', '=']) || text.is_empty() => {
                write!(line, " {name}={text:?}")
            }
            Value::String(text) => write!(line, " {name}={text}"),
            value => write!(line, " {name}={value}"),
        };
    }
    if let Some(id) = RequestId::current() {
        let _ = write!(line, " request_id={}", id.as_str());
    }
    line
}

fn as_json(event: &Event<'_>, said: Said) -> String {
    let metadata = event.metadata();
    let mut members = said.fields;
    let mut set = |name: &str, value: String| members.insert(name.to_owned(), value.into());
    set("timestamp", now());
    set("level", metadata.level().to_string());
    set("target", metadata.target().to_owned());
    set("message", said.message);
    if let Some(id) = RequestId::current() {
        set("request_id", id.as_str().to_owned());
    }
    Value::Object(members).to_string()
}

/// RFC 3339 in UTC, with milliseconds.
fn now() -> String {
    let now = OffsetDateTime::now_utc();
    let (year, month, day) = now.to_calendar_date();
    let (hour, minute, second, milli) = now.to_hms_milli();
    format!(
        "{year:04}-{:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z",
        u8::from(month)
    )
}

/// No value may begin a line of its own, move a terminal's cursor, or show its letters in another order.
fn is_misleading(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What an event says.
#[derive(Default)]
struct Said {
    message: String,
    fields: Map<String, Value>,
}

impl Said {
    fn keep(&mut self, field: &Field, text: &str) {
        let mut text = mask(text);
        if text.contains(is_misleading) {
            text = text.replace(is_misleading, " ").into();
        }
        let text = text.into_owned();
        if field.name() == "message" {
            self.message = text;
        } else {
            self.fields.insert(field.name().to_owned(), text.into());
        }
    }

    fn number(&mut self, field: &Field, value: impl Into<Value>) {
        self.fields.insert(field.name().to_owned(), value.into());
    }
}

impl Visit for Said {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.keep(field, value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.keep(field, &format!("{value:?}"));
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        self.keep(field, &value.to_string());
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
            "{target}: no login for ‹17 characters› debug=\"Some(\\\"‹32 characters›\\\")\" failure=\"‹17 characters› is busy\" number=\"‹11 characters›\" ok=false status=502\n"
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
