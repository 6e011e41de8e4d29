//! The settings file, `calldock-edge.toml`.
//!
//! * [`values`]: what the texts mean.

mod values;

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use axum::http::HeaderName;
use calldock_service::settings::values::{listen_or_off, origin};
use calldock_service::settings::{ConfigErrors, Keys, Listen, Reader, source};
use calldock_service::{Limits, Place, PublicOrigins};
use rustls::pki_types::CertificateDer;
use url::Url;

/// The operator's listener where the file says nothing.
pub const OPERATOR: &str = "127.0.0.1:8703";

/// Everything that can be set.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `[listen]`: where pages' requests arrive.
    ///
    /// @defaultValue 127.0.0.1:8704; 1000 connections, 60 per address; heads of 32 KiB
    pub listen: Listen,
    /// `[operator]`: the address of health, metrics and refused names. `None` where it is switched off.
    ///
    /// @defaultValue 127.0.0.1:8703
    pub operator: Option<SocketAddr>,
    /// `[cec]`: where the requests go.
    pub cec: Cec,
    /// `[edge]`: what passes.
    pub edge: Edge,
    /// `[log]`: whether lines are JSON objects.
    pub json_log: bool,
}

/// The vendor's domain.
#[derive(Clone, Debug)]
pub struct Cec {
    /// The only host that is ever reached; also the name that its certificate must have.
    pub origin: Url,
    /// Connect to this address instead of the one the name resolves to.
    pub connect_to: Option<SocketAddr>,
    /// The authorities that may have signed its certificate, instead of the system's.
    pub authorities: Vec<CertificateDer<'static>>,
    /// Which `Host` CEC receives.
    ///
    /// @defaultValue [`Host::Cec`]
    pub host: Host,
    /// Whether CEC may be reached without TLS. Only `--demo` sets it, for this machine.
    pub plain: bool,
}

/// Which `Host` CEC receives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
    /// CEC's own.
    Cec,
    /// The page's, as the vendor's nginx example has it (CEC guide, 1.7.1).
    Page,
}

/// What passes and how much.
#[derive(Clone, Debug)]
pub struct Edge {
    /// What precedes `/service-cloud`, like `/demo`; empty by default.
    pub prefix: String,
    /// Request headers that pass beside the built-in ones.
    pub headers: Vec<HeaderName>,
    /// Cookies that pass in both directions beside the built-in ones.
    pub cookies: Vec<String>,
    /// Names of headers and cookies that are not to pass, and that `/refused` does not list.
    pub ignored: Vec<String>,
    /// Origins of pages that may call, beside the page's own.
    pub allowed_origins: Vec<String>,
    /// The origins of the edge itself.
    pub public_origins: PublicOrigins,
    /// Whether only the names of this machine are served. Only `--demo` sets it.
    pub loopback_names_only: bool,
    /// How long CEC or an upload may make no progress.
    ///
    /// @defaultValue 60 s
    pub timeout: Duration,
    /// How many bytes a request may carry.
    ///
    /// @defaultValue 32 MiB
    pub body_bytes: u64,
    /// Requests at CEC at a time.
    ///
    /// @defaultValue 300, 30 per address
    pub streams: Limits,
    /// WebSockets at a time.
    ///
    /// @defaultValue 600, 60 per address
    pub websockets: Limits,
    /// How long a WebSocket may carry nothing.
    ///
    /// @defaultValue 300 s
    pub websocket_idle: Duration,
}

const MIB: u64 = 1024 * 1024;

impl Settings {
    /// Settings for this origin, everything else by default.
    pub fn new(origin: Url) -> Self {
        let seconds = Duration::from_secs;
        Self {
            listen: Listen {
                header_bytes: 32 * 1024,
                ..Listen::new(Place::Address(SocketAddr::from(([127, 0, 0, 1], 8704))), 1000, 60)
            },
            operator: listen_or_off(OPERATOR).unwrap_or_default(),
            cec: Cec {
                origin,
                connect_to: None,
                authorities: Vec::new(),
                host: Host::Cec,
                plain: false,
            },
            edge: Edge {
                prefix: String::new(),
                headers: Vec::new(),
                cookies: Vec::new(),
                ignored: Vec::new(),
                allowed_origins: Vec::new(),
                public_origins: PublicOrigins::default(),
                loopback_names_only: false,
                timeout: seconds(60),
                body_bytes: 32 * MIB,
                streams: Limits { total: 300, per_address: 30 },
                websockets: Limits { total: 600, per_address: 60 },
                websocket_idle: seconds(300),
            },
            json_log: false,
        }
    }
}

/// All keys are read, so none has to be listed.
const KEYS: Keys = Keys {
    known: &[],
    page: "the page operate/edge.md of the documentation, \"Settings\"",
    instead: |_| "",
    environment: false,
    is_personal: |_| false,
};

/// Reads a settings file.
///
/// # Errors
/// Every mistake in it, or why it cannot be read.
pub fn load(file: &Path) -> Result<Settings, ConfigErrors> {
    let mut reader = Reader::new(source::read(Some(file), [], &[])?, KEYS, Some(file));
    let settings = read(&mut reader);
    reader.finish()?;
    settings.ok_or_else(|| ConfigErrors::one("settings", "a key was not read", "report this"))
}

/// Every key, in the order of the documents. Reading goes on after a mistake.
fn read(reader: &mut Reader) -> Option<Settings> {
    let given = reader.parsed("cec.origin", None, values::origin_of_cec);
    // The default origin is never used: without one there is a mistake.
    let unused = || Url::parse("https://unset.invalid/").ok();
    let usual = Settings::new(given.clone().or_else(unused)?);
    let edge = usual.edge;
    let listen = usual.listen.read(reader);
    let mut seconds = |key, limits, usual| reader.seconds(key, limits).unwrap_or(usual);
    let timeout = seconds("edge.timeout", 1..=600, edge.timeout);
    let websocket_idle = seconds("edge.websocket_idle", 10..=86_400, edge.websocket_idle);
    let mut limits = |key: &str, least, of, usual: Limits| {
        let total = reader.number(key, least..=100_000, of);
        let per_address = reader.number(&format!("{key}_per_address"), 1..=100_000, of);
        Limits {
            total: total.unwrap_or(usual.total),
            per_address: per_address.unwrap_or(usual.per_address),
        }
    };
    let streams = limits("edge.streams", 1, "requests", edge.streams);
    let websockets = limits("edge.websockets", 0, "WebSockets", edge.websockets);
    let mib = reader.number("edge.body_mib", 1..=1024, "MiB");
    let host = reader.choice("cec.host", &[("cec", Host::Cec), ("page", Host::Page)], false);
    let json_log = reader.choice("log.format", &[("text", false), ("json", true)], false);
    Some(Settings {
        listen,
        operator: reader.optional("operator.address", listen_or_off).unwrap_or(usual.operator),
        cec: Cec {
            connect_to: reader
                .optional("cec.connect_to", |text| values::connect_to(text, given.as_ref())),
            authorities: reader.file("cec.ca_file", values::authorities).unwrap_or_default(),
            host: host.unwrap_or(usual.cec.host),
            ..usual.cec
        },
        edge: Edge {
            prefix: reader.optional("edge.prefix", values::prefix).unwrap_or_default(),
            headers: reader.list("edge.headers", values::header),
            cookies: reader.list("edge.cookies", values::cookie_name),
            ignored: reader.list("edge.ignored", values::name),
            allowed_origins: reader.list("edge.allowed_origins", origin),
            public_origins: PublicOrigins::new(reader.list("edge.public_origins", origin)),
            loopback_names_only: false,
            timeout,
            body_bytes: mib.map_or(edge.body_bytes, |mib: u64| mib * MIB),
            streams,
            websockets,
            websocket_idle,
        },
        json_log: json_log.unwrap_or_default(),
    })
}
