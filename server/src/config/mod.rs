//! The whole configuration: each module reads its own sections, this file only assembles them and reports every
//! mistake at once.
//!
//! * [`look`]: which files a configuration consists of, and what of it needs a restart.
//! * `warnings`: what is allowed and may still be a mistake.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use crate::cec::settings::{self as cec, CecSettings};
use crate::http::settings::{self as http, HttpSettings, ListenSettings};
use crate::identity::AgentSettings;
use crate::identity::VisitorSettings;
use crate::identity::settings::{self as identity, People};
use crate::key::{self, ServerKey};
use crate::observe::LogFormat;
use crate::observe::audit::{AuditSettings, PersonForm, Target, WhenFull};
use crate::queue::settings::{self as queue, QueueSettings};
use crate::settings::source;
use crate::settings::{ConfigErrors, Reader};
use crate::store::settings::{self as store, StoreSettings};
use crate::tccc::settings::{self as tccc, ChatSettings, TcccSettings};

pub mod look;
mod warnings;

pub use look::Look;

/// The keys of `[log]` and `[audit]`.
const OWN_KEYS: &[&str] = &["log.format", "audit.target", "audit.when_full", "audit.person"];

/// Every key. A `CALLDOCK_…` variable has the key's name in capitals, with `_` for the dot.
pub static KEYS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let rooms = [
        OWN_KEYS,
        http::KEYS,
        key::settings::KEYS,
        queue::KEYS,
        store::KEYS,
        tccc::KEYS,
        identity::KEYS,
        cec::KEYS,
    ];
    rooms.concat()
});

/// A configuration without mistakes.
#[derive(Debug)]
pub struct Config {
    /// Listeners, pages' origins, CEC's question.
    pub http: HttpSettings,
    /// `log.format`.
    pub log: LogFormat,
    /// `[audit]`.
    pub audit: AuditSettings,
    /// `[key]`; `None` where none is configured.
    pub key: Option<ServerKey>,
    /// `[store]`.
    pub store: StoreSettings,
    /// The paces of all queues.
    pub queue: QueueSettings,
    /// `[tccc]`.
    pub tccc: Option<TcccSettings>,
    /// `[chat]`.
    pub chat: Option<ChatSettings>,
    /// `[cec]`.
    pub cec: Option<CecSettings>,
    /// `[identity]`.
    pub agents: Option<AgentSettings>,
    /// `[visitor]`.
    pub visitors: Option<VisitorSettings>,
}

impl Config {
    /// Reads a configuration. A vendor is served if its section is there; without any, TCCC's is reported as
    /// missing.
    ///
    /// # Errors
    /// Every mistake at once, each with its key and how to fix it, none with a value that may be secret.
    pub fn load(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigErrors> {
        let mut reader = Reader::new(source::read(file, environment, &KEYS)?, &KEYS);
        let reader = &mut reader;
        let listen = http::listen(reader);
        let operator = http::operator(reader);
        let browser = http::browser(reader);
        let log = reader.parsed("log.format", Some("text"), log_format);
        let audit = audit(reader, file);
        let key = key::settings::read(reader, file);
        let store = store::read(reader, file);
        let queue = queue::read(reader);
        let (has_chat, has_cec) = (reader.has("chat"), reader.has("cec"));
        let has_tccc = reader.has("tccc") || has_chat || !has_cec;
        let tccc = wanted(has_tccc, || tccc::read(reader, file));
        let chat = wanted(has_chat, || tccc::read_chat(reader));
        let cec = wanted(has_cec, || cec::read(reader, file));
        // A server for visitors alone needs no agents.
        let has_agents = has_tccc && (!has_chat || reader.has("identity"));
        let has_gateways = listen.as_ref().is_some_and(ListenSettings::has_gateways);
        let has_visitors = has_chat || has_cec;
        let People { identity, visitors } =
            identity::read(reader, file, has_gateways, (has_agents, has_visitors));
        let mints = match &cec {
            Some(Some(cec)) => cec.mints_tokens(),
            // A mistake in [cec]: whether tokens are minted is not known.
            None => true,
            Some(None) => false,
        };
        let callback = if mints {
            http::callback(reader, file)
        } else {
            // Its keys are reported as not used.
            Some(Default::default())
        };
        if let (Some(StoreSettings::Redis(_)), Some(None)) = (&store, &key) {
            reader.wrong(
                "key.secret",
                "expected the secret that all instances share, as store.kind is \"redis\"",
            );
        }
        std::mem::replace(reader, Reader::new(Default::default(), &KEYS)).finish()?;
        let all = || {
            let agents = wanted(has_agents, || identity)?;
            let visitors = wanted(has_visitors, || visitors)?;
            let (operator, callback) = (operator?, callback?);
            let http = HttpSettings { listen: listen?, operator, browser, callback };
            let (log, audit, key, store) = (log?, audit?, key?, store?);
            let (tccc, chat, cec) = (tccc?, chat?, cec?);
            Some(Self { http, log, audit, key, store, queue, tccc, chat, cec, agents, visitors })
        };
        // Whatever could not be read has been reported.
        all().ok_or_else(|| {
            ConfigErrors::one("configuration", "a required key was not read", "report this")
        })
    }
}

/// `Some(None)` for a section that is not wanted, `None` for one that is wanted and has a mistake.
fn wanted<T>(wanted: bool, read: impl FnOnce() -> Option<T>) -> Option<Option<T>> {
    if wanted { read().map(Some) } else { Some(None) }
}

fn log_format(text: &str) -> Result<LogFormat, &'static str> {
    match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err("expected \"text\" or \"json\""),
    }
}

fn audit(reader: &mut Reader, file: Option<&Path>) -> Option<AuditSettings> {
    let folder = file.and_then(Path::parent).unwrap_or(Path::new("")).to_owned();
    let target = reader.parsed("audit.target", Some("stdout"), |text| match text {
        "off" => Ok(Target::Off),
        "stdout" => Ok(Target::Stdout),
        text => match text.strip_prefix("file:") {
            Some(path) if !path.is_empty() => Ok(Target::File(folder.join(PathBuf::from(path)))),
            _ => Err("expected \"stdout\", \"off\" or file: with a path"),
        },
    });
    let when_full = reader.parsed("audit.when_full", Some("refuse"), |text| match text {
        "refuse" => Ok(WhenFull::Refuse),
        "count" => Ok(WhenFull::Count),
        _ => Err("expected \"refuse\" or \"count\""),
    });
    let person = reader.parsed("audit.person", Some("hmac"), |text| match text {
        "hmac" => Ok(PersonForm::Hmac),
        "plain" => Ok(PersonForm::Plain),
        _ => Err("expected \"hmac\" or \"plain\""),
    });
    Some(AuditSettings { target: target?, when_full: when_full?, person: person? })
}
