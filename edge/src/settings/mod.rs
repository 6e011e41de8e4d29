//! The settings file, `calldock-edge.toml`.
//!
//! * [`mistakes`]: everything that is wrong with a file, reported at once.
//! * [`reader`]: reads one key after the other.
//! * [`values`]: what the texts mean.

pub mod mistakes;
mod reader;
mod values;

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use axum::http::HeaderName;
use calldock_listen::{Deadlines, Gateways, Limits, PublicOrigins, network};
use rustls::pki_types::CertificateDer;
use url::Url;

use mistakes::Mistakes;
use reader::Reader;

/// Everything that can be set.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `[listen]`: where pages' requests arrive.
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

/// The listener for pages.
#[derive(Clone, Debug)]
pub struct Listen {
    /// @defaultValue 127.0.0.1:8704
    pub address: SocketAddr,
    /// Gateways whose `X-Forwarded-*` is trusted.
    pub gateways: Gateways,
    /// Connections at a time. Gateways are not counted per address.
    ///
    /// @defaultValue 1000, 60 per address
    pub connections: Limits,
    /// Deadlines of a connection.
    pub deadlines: Deadlines,
    /// Whether only the names of this machine are served. Only `--demo` sets it.
    pub loopback_names_only: bool,
    /// How long `/readyz` reports 503 before new connections are refused.
    ///
    /// @defaultValue 5 s
    pub drain: Duration,
    /// How long open requests may take to finish after that.
    ///
    /// @defaultValue 15 s
    pub grace: Duration,
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
    /// Origins of pages that may call, beside the page's own.
    pub allowed_origins: Vec<String>,
    /// The origins of the edge itself.
    pub public_origins: PublicOrigins,
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
                address: SocketAddr::from(([127, 0, 0, 1], 8704)),
                gateways: Gateways::default(),
                connections: Limits { total: 1000, per_address: 60 },
                deadlines: Deadlines::default(),
                loopback_names_only: false,
                drain: seconds(5),
                grace: seconds(15),
            },
            operator: Some(SocketAddr::from(([127, 0, 0, 1], 8703))),
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
                allowed_origins: Vec::new(),
                public_origins: PublicOrigins::default(),
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

/// Reads a settings file.
///
/// # Errors
/// Every mistake in it, or why it cannot be read.
pub fn load(file: &Path) -> Result<Settings, Mistakes> {
    let text = std::fs::read_to_string(file).map_err(|error| {
        let what = format!("the file cannot be read ({})", error.kind());
        Mistakes::one(file.display().to_string(), what, "check the path and its permissions")
    })?;
    let folder = file.parent().unwrap_or(Path::new(""));
    let mut reader = Reader::new(&text, folder)?;
    let settings = read(&mut reader);
    let mistakes = reader.finish();
    match settings {
        Some(settings) if mistakes.0.is_empty() => Ok(settings),
        _ => Err(mistakes),
    }
}

/// Every key, in the order of the documents. Reading goes on after a mistake.
fn read(reader: &mut Reader) -> Option<Settings> {
    let origin = reader.required("cec.origin", values::origin_of_cec);
    // The default origin is never used: without one there is a mistake.
    let unused = || Url::parse("https://unset.invalid/").ok();
    let mut settings = Settings::new(origin.clone().or_else(unused)?);
    let Settings { listen, operator, cec, edge, json_log } = &mut settings;

    reader.text("listen.address", &mut listen.address, values::socket_address);
    listen.gateways = Gateways::new(reader.list("listen.gateways", network));
    reader.number("listen.connections", &mut listen.connections.total, 16, 100_000);
    reader.number(
        "listen.connections_per_address",
        &mut listen.connections.per_address,
        1,
        100_000,
    );
    reader.seconds("listen.head_deadline", &mut listen.deadlines.head, 1, 120);
    reader.seconds("listen.idle_deadline", &mut listen.deadlines.idle, 1, 3600);
    reader.seconds("listen.stall_deadline", &mut listen.deadlines.stall, 1, 600);
    reader.seconds("listen.drain", &mut listen.drain, 0, 300);
    reader.seconds("listen.grace", &mut listen.grace, 1, 300);

    reader.text("operator.address", operator, values::operator_address);

    let has_origin = origin.is_some();
    reader.text("cec.connect_to", &mut cec.connect_to, |text| {
        let origin = has_origin.then_some(&cec.origin);
        values::connect_to(text, origin).map(Some)
    });
    reader.file("cec.ca_file", &mut cec.authorities, values::authorities);
    reader.text("cec.host", &mut cec.host, |text| match text {
        "cec" => Ok(Host::Cec),
        "page" => Ok(Host::Page),
        _ => Err("expected \"cec\" or \"page\""),
    });

    reader.text("edge.prefix", &mut edge.prefix, values::prefix);
    edge.headers = reader.list("edge.headers", values::header);
    edge.cookies = reader.list("edge.cookies", values::cookie);
    edge.allowed_origins = reader.list("edge.allowed_origins", values::page_origin);
    edge.public_origins =
        PublicOrigins::new(reader.list("edge.public_origins", values::page_origin));
    reader.seconds("edge.timeout", &mut edge.timeout, 1, 600);
    let mut mib = 32;
    reader.number("edge.body_mib", &mut mib, 1, 1024);
    edge.body_bytes = u64::from(mib) * MIB;
    reader.number("edge.streams", &mut edge.streams.total, 1, 100_000);
    reader.number("edge.streams_per_address", &mut edge.streams.per_address, 1, 100_000);
    reader.number("edge.websockets", &mut edge.websockets.total, 0, 100_000);
    reader.number("edge.websockets_per_address", &mut edge.websockets.per_address, 1, 100_000);
    reader.seconds("edge.websocket_idle", &mut edge.websocket_idle, 10, 86_400);

    reader.text("log.format", json_log, |text| match text {
        "text" => Ok(false),
        "json" => Ok(true),
        _ => Err("expected \"text\" or \"json\""),
    });
    Some(settings)
}
