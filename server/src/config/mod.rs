//! File and environment become a [`Config`], or a list of all that is wrong.
//!
//! * [`callback`]: who may ask about tokens.
//! * [`cec`]: `[cec]` and `[signature]`.
//! * [`errors`]: that list.
//! * [`gateway`]: the section `[gateway]`.
//! * [`jwt`]: the section `[jwt]`.
//! * [`local`]: the section `[local]`.
//! * [`limits`]: the section of that name.
//! * [`listen`]: where requests arrive, and what clients are granted.
//! * [`look`]: its files, and what of it needs a restart.
//! * [`people`]: `[identity]` and `[visitor]`.
//! * [`proxy`]: the proxy's keys of `[cec]`.
//! * [`reader`]: one key after the other, every mistake noted.
//! * [`source`]: where values come from: a TOML file, and `CALLDOCK_…` over it.
//! * [`store`]: the section of that name.
//! * [`tccc`]: `[tccc]` and `[chat]`.
//! * [`values`]: what the texts mean.
//! * [`warnings`]: what is allowed and may still be a mistake.

mod callback;
mod cec;
pub mod errors;
mod gateway;
mod jwt;
mod limits;
mod listen;
mod local;
mod look;
mod people;
mod proxy;
mod reader;
mod source;
mod store;
mod tccc;
mod values;
mod warnings;

use std::net::SocketAddr;
use std::path::Path;

use crate::address;
use crate::caller::Gateways;
use crate::guard::BrowserPolicy;
use crate::identity::Identity;
use crate::identity::local::LocalConfig;
use crate::limits::LimitsConfig;
use crate::listener::Rules;
use crate::observe::LogFormat;
pub use callback::{CallbackConfig, CallbackListener};
pub use cec::{CecConfig, CecLoginConfig, CecMode, LOGIN, VALIDATE};
pub use errors::ConfigErrors;
pub use look::Look;
use people::People;
pub use proxy::{HostHeader, ProxyConfig};
use reader::Reader;
pub use store::{RedisConfig, StoreConfig};
pub use tccc::{ChatConfig, FIXED_FIELDS, TcccConfig};

/// Everything an operator decides. `Debug` shows no secret.
#[derive(Clone, Debug)]
pub struct Config {
    /// `[listen] address`: where the pages' requests arrive.
    pub listen: SocketAddr,
    /// `[listen] gateways`: whose word about the caller is taken.
    pub gateways: Gateways,
    /// `[operator] address`: where metrics and the OpenAPI document are, if anywhere.
    pub operator: Option<SocketAddr>,
    /// `[log] format`.
    pub log: LogFormat,
    /// The rest of `[listen]`: deadlines and limits of connections.
    pub rules: Rules,
    /// `[limits]`: how often one may ask.
    pub limits: LimitsConfig,
    /// `[tccc]`: the cloud API.
    pub tccc: Option<TcccConfig>,
    /// `[identity]`: which agent is asking.
    pub identity: Option<Identity>,
    /// `[chat]`: TCCC's online chat.
    pub chat: Option<ChatConfig>,
    /// `[cec]`.
    pub cec: Option<CecConfig>,
    /// `[callback]`: who may ask about tokens.
    pub callback: CallbackConfig,
    /// `[store]`: where tokens, sessions, guesses and limits are kept.
    pub store: StoreConfig,
    /// `[browser]`: which pages may ask.
    pub browser: BrowserPolicy,
}

/// Every key there is. The environment's name for `tccc.secret_id` is `CALLDOCK_TCCC_SECRET_ID`.
pub const KEYS: &[&str] = &[
    "listen.address",
    "listen.gateways",
    "listen.header_deadline",
    "listen.header_bytes",
    "listen.idle_deadline",
    "listen.stall_deadline",
    "listen.connections",
    "listen.grace",
    "limits.per_address",
    "limits.per_identity",
    "operator.address",
    "log.format",
    "tccc.endpoint",
    "tccc.region",
    "tccc.sdk_app_id",
    "tccc.secret_id",
    "tccc.secret_id_file",
    "tccc.secret_key",
    "tccc.secret_key_file",
    "tccc.token",
    "tccc.token_file",
    "tccc.only_once",
    "tccc.requests_per_second",
    "tccc.queue_deadline",
    "identity.kind",
    "identity.user_id",
    "visitor.kind",
    "visitor.user_id",
    "visitor.name",
    "gateway.header",
    "gateway.name_header",
    "gateway.name_encoding",
    "gateway.trusted",
    "gateway.url",
    "gateway.cookies",
    "gateway.id_member",
    "gateway.name_member",
    "gateway.cache",
    "jwt.issuer",
    "jwt.audience",
    "jwt.jwks_url",
    "jwt.algorithms",
    "jwt.cookie",
    "jwt.id_claim",
    "jwt.name_claim",
    "jwt.leeway",
    "local.database",
    "local.session_lifetime",
    "chat.web_app_id",
    "chat.peer_source",
    "chat.expires_in",
    "chat.extra",
    "chat.allowed_fields",
    "cec.origin",
    "cec.mode",
    "cec.tenant_space_id",
    "cec.channel_config_id",
    "cec.access_key",
    "cec.secret_key",
    "cec.secret_key_file",
    "cec.token_lifetime",
    "cec.token_uses",
    "cec.validate_path",
    "cec.proxy_prefix",
    "cec.proxy_host",
    "cec.connect_to",
    "cec.ca_file",
    "cec.proxy_timeout",
    "cec.proxy_body_limit",
    "cec.proxy_requests",
    "cec.proxy_websockets",
    "cec.proxy_websockets_per_address",
    "cec.proxy_websocket_timeout",
    "cec.private_cookies",
    "signature.separator",
    "signature.line_separator",
    "signature.normalize_header_name",
    "signature.normalize_header_value",
    "signature.empty_query_line",
    "signature.payload_mode",
    "signature.payload_order",
    "signature.content_length",
    "signature.content_type",
    "signature.time_zone",
    "signature.timestamp_precision",
    "signature.body_sample",
    "callback.callers",
    "callback.rate",
    "callback.address",
    "callback.certificate_file",
    "callback.key_file",
    "callback.client_ca_file",
    "store.kind",
    "store.url",
    "store.url_file",
    "store.prefix",
    "browser.allowed_origins",
];

impl Config {
    /// Reads `[local]` alone, for whoever only wants its accounts.
    ///
    /// # Errors
    /// Every mistake in that section.
    pub fn load_local(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<LocalConfig, ConfigErrors> {
        let mut values = source::read(file, environment)?;
        values.retain(|key, _| key.starts_with("local."));
        let mut reader = Reader::new(values);
        let local = local::read(&mut reader, file);
        reader.finish()?;
        local.ok_or_else(unread)
    }

    /// Reads a configuration. A vendor is served if its section is there; without any, TCCC's is missed.
    ///
    /// # Errors
    /// Every mistake at once, each with its key and how to mend it, none with a value that may be secret.
    pub fn load(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigErrors> {
        let mut reader = Reader::new(source::read(file, environment)?);
        let (listen, gateways, rules) = listen::read(&mut reader);
        let limits = limits::read(&mut reader);
        let operator = reader.optional("operator.address", address::listen);
        let log = reader.optional("log.format", log_format).unwrap_or_default();
        let (has_chat, has_cec) = (reader.has("chat"), reader.has("cec"));
        let has_tccc = reader.has("tccc") || has_chat || !has_cec;
        let tccc = if_wanted(has_tccc, || tccc::api(&mut reader, file));
        // Who only has visitors need not know an agent.
        let has_agents = has_tccc && (!has_chat || reader.has("identity"));
        let wanted = (has_agents, has_chat || has_cec);
        let People { identity, visitors } = people::read(&mut reader, file, &gateways, wanted);
        let identity = if_wanted(has_agents, || identity);
        let chat = if_wanted(has_chat, || tccc::chat(&mut reader, visitors.clone()));
        let cec = if_wanted(has_cec, || cec::read(&mut reader, file, visitors));
        let callback = match &cec {
            Some(Some(cec)) if cec.mints_tokens() => callback::read(&mut reader, file),
            Some(_) => None,
            None => {
                reader.pass_over(&["callback"]);
                None
            }
        };
        let store = store::read(&mut reader, file);
        let allowed_origins = reader.list("browser.allowed_origins", values::origin);
        reader.finish()?;
        let browser = BrowserPolicy { allowed_origins, loopback_names_only: false };
        match (listen, tccc, identity, chat, cec, store) {
            (Some(listen), Some(tccc), Some(identity), Some(chat), Some(cec), Some(store)) => {
                Ok(Self {
                    listen,
                    gateways,
                    rules,
                    limits,
                    operator,
                    log,
                    tccc,
                    identity,
                    chat,
                    cec,
                    callback: callback.unwrap_or_default(),
                    store,
                    browser,
                })
            }
            _ => Err(unread()),
        }
    }
}

fn log_format(text: &str) -> Result<LogFormat, &'static str> {
    match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err("expected \"text\" or \"json\""),
    }
}

fn unread() -> ConfigErrors {
    ConfigErrors::one("configuration", "a required key was not read", "report this")
}

/// What is not wanted is whole without being read; what is wanted and missing is not.
fn if_wanted<T>(wanted: bool, read: impl FnOnce() -> Option<T>) -> Option<Option<T>> {
    if wanted { read().map(Some) } else { Some(None) }
}
