//! One line for each event, as text or as JSON, with every value masked.
//!
//! A layer of our own, because the usual one has no single place where a message, a field and an error all
//! pass: here they do, and [`mask`] is applied there. Lines are written by a thread of their own from a
//! bounded queue: where the reader of stderr stalls, lines are dropped and counted, and no request waits.

use std::any::Any;
use std::fmt::{self, Write as _};
use std::io::Write as _;

use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::FormatItem;
use time::macros::format_description;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::Context;
use tracing_subscriber::prelude::*;

pub use calldock_service::log::Started;
use calldock_service::log::targets;

use super::mask::{is_misleading, mask};
use super::request_id::RequestId;
use crate::settings::Reader;

/// RFC 3339 in UTC, with milliseconds.
const TIME: &[FormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");

/// How the lines are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For people: `time LEVEL target: message key=value …`.
    #[default]
    Text,
    /// For machines: one object a line, with `timestamp`, `level`, `target`, `message`, `request_id` and
    /// the event's own members.
    Json,
}

impl LogFormat {
    /// Reads `log.format`.
    pub fn read(reader: &mut Reader) -> Option<Self> {
        reader.choice("log.format", &[("text", Self::Text), ("json", Self::Json)], false)
    }
}

/// Starts logging to stderr. `RUST_LOG=calldock_server=debug` selects targets and levels.
///
/// A panic is logged with its place. Its message is logged only if it is a literal of the program: a
/// formatted one (a slice inside a character, an `unwrap`) may quote a request's data.
pub fn start(format: LogFormat) -> Started {
    let (writer, started) = calldock_service::log::start();
    let log = Log::new(format, writer);
    let _ = tracing_subscriber::registry().with(log).with(targets()).try_init();
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        let message = literal(panic.payload());
        tracing::error!(place, panic = message, "a panic: please report it");
    }));
    started
}

fn literal(payload: &(dyn Any + Send)) -> Option<&'static str> {
    payload.downcast_ref::<&'static str>().copied()
}

/// The layer that writes the lines.
#[derive(Debug)]
pub struct Log<W> {
    format: LogFormat,
    writer: W,
}

impl<W> Log<W> {
    /// Creates a layer that writes lines of this format to this writer.
    pub fn new(format: LogFormat, writer: W) -> Self {
        Self { format, writer }
    }
}

impl<S: Subscriber, W: for<'w> MakeWriter<'w> + 'static> tracing_subscriber::Layer<S> for Log<W> {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        RequestId::with_current(|id| fields.keep("request_id", id.as_str().into()));
        let (level, target) = (event.metadata().level(), event.metadata().target());
        let now = OffsetDateTime::now_utc().format(TIME).unwrap_or_default();
        let line = match self.format {
            LogFormat::Text => fields.text(&now, *level, target),
            LogFormat::Json => fields.json(&now, *level, target),
        };
        // There is no other place to report that the log cannot be written.
        let _ = self.writer.make_writer_for(event.metadata()).write_all(line.as_bytes());
    }
}

/// The message and the fields of an event.
#[derive(Default)]
struct Fields {
    message: String,
    members: Vec<(&'static str, Value)>,
}

impl Fields {
    fn keep(&mut self, name: &'static str, value: Value) {
        self.members.push((name, value));
    }

    fn masked(&mut self, field: &Field, text: &str) {
        let text = mask(text).replace(is_misleading, " ");
        if field.name() == "message" {
            self.message = text;
        } else {
            self.keep(field.name(), text.into());
        }
    }

    fn text(self, now: &str, level: Level, target: &str) -> String {
        let mut line = format!("{now} {level:>5} {target}: {}", self.message);
        for (name, value) in self.members {
            // Writing to a string cannot fail.
            let _ = match value {
                // Bare where its end is visible.
                Value::String(text) if text.is_empty() || text.contains([' ', '"', '=']) => {
                    write!(line, " {name}={text:?}")
                }
                Value::String(text) => write!(line, " {name}={text}"),
                other => write!(line, " {name}={other}"),
            };
        }
        line.push('\n');
        line
    }

    fn json(self, now: &str, level: Level, target: &str) -> String {
        let mut object = Map::new();
        object.extend(self.members.into_iter().map(|(name, value)| (name.to_owned(), value)));
        // After the members: these names cannot be taken by an event's own.
        object.insert("timestamp".into(), now.into());
        object.insert("level".into(), level.as_str().into());
        object.insert("target".into(), target.into());
        object.insert("message".into(), self.message.into());
        Value::Object(object).to_string() + "\n"
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.masked(field, value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.masked(field, &format!("{value:?}"));
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        self.masked(field, &value.to_string());
    }

    // Counts, statuses and durations. A telephone number must not be logged as a number.
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.keep(field.name(), value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.keep(field.name(), value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.keep(field.name(), value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.keep(field.name(), value.into());
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

    fn logged(format: LogFormat, log_it: impl FnOnce()) -> String {
        let captured = Captured::default();
        let writer = captured.clone();
        let log = Log::new(format, move || writer.clone());
        tracing::subscriber::with_default(tracing_subscriber::registry().with(log), log_it);
        String::from_utf8(captured.0.lock().unwrap().clone()).unwrap()
    }

    fn log_it() {
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
        let line = logged(LogFormat::Text, log_it);
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
        let line = logged(LogFormat::Json, log_it);
        assert_eq!(line.matches('\n').count(), 1);
        let object: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(object["message"], "no login for ‹17 characters›");
        assert_eq!(object["failure"], "‹17 characters› is busy");
        assert_eq!((&object["status"], &object["ok"]), (&502.into(), &false.into()));
        assert_eq!(object["level"], "WARN");
        assert!(object.get("request_id").is_none());
    }

    #[test]
    fn an_event_cannot_take_the_name_of_a_lines_own_member() {
        let line = logged(LogFormat::Json, || tracing::info!(level = "none", target_id = 1, "x"));
        assert_eq!(serde_json::from_str::<Value>(&line).unwrap()["level"], "INFO");
    }

    #[test]
    fn a_panic_does_not_quote_a_formatted_message() {
        let literal_of = |work: fn(&str)| {
            let name = String::from("张三 and more");
            let panic = std::panic::catch_unwind(|| work(&name)).unwrap_err();
            literal(&*panic)
        };
        assert_eq!(literal_of(|name| drop(name[1..].to_owned())), None);
        assert_eq!(literal_of(|name| panic!("{name}")), None);
        assert_eq!(literal_of(|_| panic!("a literal")), Some("a literal"));
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
    async fn a_line_written_for_a_request_has_its_id() {
        let id = RequestId::generate();
        let name = id.as_str().to_owned();
        let line = id.scope(async { logged(LogFormat::Json, || tracing::info!("done")) }).await;
        assert_eq!(serde_json::from_str::<Value>(&line).unwrap()["request_id"], name);
    }
}
