//! The whole configuration: each module reads its own sections, this file only assembles them and reports every
//! mistake at once.
//!
//! * [`snapshot`]: which files a configuration consists of, and what of it needs a restart.
//! * `warnings`: what is allowed and may still be a mistake.

use std::path::Path;
use std::sync::LazyLock;

use crate::cec::settings::{self as cec, CecMode, CecSettings};
use crate::http::settings::{self as http, HttpSettings};
use crate::identity::AgentSettings;
use crate::identity::VisitorSettings;
use crate::identity::settings::{self as identity, People};
use crate::key::{self, ServerKey};
use crate::observe::{AuditSettings, LogFormat};
use crate::queue::settings::{self as queue, QueueSettings};
use crate::settings::{ConfigErrors, Keys, Reader, source};
use crate::store::ASKED;
use crate::store::settings::{self as store, StoreSettings};
use crate::tccc::settings::{self as tccc, ChatSettings, TcccSettings};

pub mod snapshot;
mod warnings;

pub use snapshot::{Snapshot, Stamp, stamps};

/// Every key: those that the example file has, commented out or not. A `CALLDOCK_…` variable has the key's name
/// in capitals, with `_` for the dot.
pub static KEYS: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| listed(include_str!("../../calldock.example.toml")));

/// Lists the keys of an example, each under its section. They are needed until the process ends.
fn listed(example: &str) -> Vec<&'static str> {
    let mut section = "";
    let mut keys: Vec<&'static str> = Vec::new();
    for line in example.lines() {
        let line = line.trim_start_matches("# ");
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            section = name;
            // A table within a section is one key, whatever its names are.
            keys.extend(name.contains('.').then(|| name.to_owned().leak() as &str));
        } else if let Some((key, _)) = line.split_once(" = ")
            && !key.contains(' ')
            && !section.contains('.')
        {
            keys.push(format!("{section}.{key}").leak());
        }
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// What the reader of a configuration needs to know.
pub fn keys() -> Keys {
    Keys {
        known: &KEYS,
        page: "operate/server.md of the documentation, \"All keys\"; former ones: migration/server-keys.md",
        instead: |key| match key {
            "tccc.sdk_app_id" | "tccc.secret_id" | "tccc.secret_key" | "cec.secret_key" => {
                ", or start with --demo to try without a vendor"
            }
            "store.url" => ", or remove store.kind if this is the only instance",
            _ => "",
        },
        environment: true,
        is_personal: |key| key.ends_with("user_id"),
    }
}

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
        let mut reader = Reader::new(source::read(file, environment, &KEYS)?, keys(), file);
        let reader = &mut reader;
        let listen = http::usual_listen().read(reader);
        let operator = http::operator(reader);
        let browser = http::browser(reader);
        let log = LogFormat::read(reader);
        let audit = AuditSettings::read(reader);
        let key = key::settings::read(reader);
        let store = store::read(reader);
        let queue = queue::read(reader);
        let (has_chat, has_cec) = (reader.has("chat"), reader.has("cec"));
        let has_tccc = reader.has("tccc") || has_chat || !has_cec;
        let tccc = wanted(has_tccc, || tccc::read(reader));
        let chat = wanted(has_chat, || tccc::read_chat(reader));
        let cec = wanted(has_cec, || cec::read(reader));
        // A server for visitors alone needs no agents.
        let has_agents = has_tccc && (!has_chat || reader.has("identity"));
        let has_gateways = listen.has_gateways();
        let has_visitors = has_chat || has_cec;
        let People { identity, visitors } =
            identity::read(reader, has_gateways, (has_agents, has_visitors));
        let mints = match &cec {
            Some(Some(cec)) => cec.mints_tokens(),
            // A mistake in [cec]: whether tokens are minted is not known.
            None => true,
            Some(None) => false,
        };
        let callback = if mints {
            http::callback(reader)
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
        if let (Some(StoreSettings::Memory), Some(Some(cec))) = (&store, &cec)
            && let CecMode::Token { lifetime, .. } = cec.mode
            && lifetime.as_secs() * u64::from(queue.cec.per_second) > ASKED as u64
        {
            // Visitors could have more tokens asked about than it keeps; then all would be refused.
            let expected = "expected at most 200,000 divided by limits.cec_per_second (1000), the tokens that store.kind = \"memory\" keeps";
            reader.wrong("cec.token_lifetime", expected);
        }
        std::mem::replace(reader, Reader::new(Default::default(), keys(), file)).finish()?;
        let all = || {
            let agents = wanted(has_agents, || identity)?;
            let visitors = wanted(has_visitors, || visitors)?;
            let (operator, callback) = (operator?, callback?);
            let http = HttpSettings { listen, operator, browser, callback };
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
