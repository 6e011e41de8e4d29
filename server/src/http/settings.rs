//! `[listen]`, `[operator]`, `[browser]` and `[callback]`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use calldock_listen::{Bounds, Deadlines, Gateways, Limits, PublicOrigins, network};

use super::browser::BrowserPolicy;
use super::tls::{Certificates, TlsFiles};
use crate::address;
use crate::queue::Rate;
use crate::queue::settings::rate;
use crate::settings::{Reader, values};

/// Where a listener is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// An address and a port.
    Address(SocketAddr),
    /// A unix socket. Programs that its permissions allow to connect count as gateways.
    Socket(PathBuf),
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Address(address) => write!(f, "http://{address}"),
            Self::Socket(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

/// `[listen]`: the pages' listener.
#[derive(Clone, Debug)]
pub struct ListenSettings {
    /// Where it is.
    pub place: Place,
    /// Whose `X-Forwarded-*` headers are trusted; they carry many callers, so they are not counted per
    /// address.
    pub gateways: Gateways,
    /// How many connections, all together and per address.
    pub connections: Limits,
    /// The deadlines of a connection.
    pub deadlines: Deadlines,
    /// The most bytes of a request's head.
    pub header_bytes: usize,
    /// How long `/readyz` reports 503 before the listener stops accepting.
    pub drain: Duration,
    /// How long open requests may take after that.
    pub grace: Duration,
}

/// The default place of the pages' listener.
const LISTEN: &str = "127.0.0.1:8700";
/// The default place of the operator's listener.
pub const OPERATOR: &str = "127.0.0.1:8702";
/// The default of `callback.rate`: CEC asks once or twice for each visitor, from few addresses.
const CALLBACK_RATE: &str = "100/s";

impl Default for ListenSettings {
    fn default() -> Self {
        Self {
            place: Place::Address(SocketAddr::from(([127, 0, 0, 1], 8700))),
            gateways: Gateways::default(),
            connections: Limits { total: 4096, per_address: 128 },
            deadlines: Deadlines::default(),
            header_bytes: 16 * 1024,
            drain: Duration::from_secs(5),
            grace: Duration::from_secs(15),
        }
    }
}

impl ListenSettings {
    /// Whether gateways are known: by address, or because they connect through the unix socket.
    pub fn has_gateways(&self) -> bool {
        !self.gateways.is_empty() || matches!(self.place, Place::Socket(_))
    }

    /// The bounds of the listener's connections.
    pub fn bounds(&self) -> Bounds {
        Bounds { limits: self.connections, exempt: self.gateways.clone() }
    }
}

/// All sections of this module.
#[derive(Clone, Debug)]
pub struct HttpSettings {
    /// `[listen]`.
    pub listen: ListenSettings,
    /// `operator.address`; `None` where it is `off`.
    pub operator: Option<SocketAddr>,
    /// `[browser]`.
    pub browser: BrowserPolicy,
    /// `[callback]`.
    pub callback: CallbackSettings,
}

/// `[callback]`: who may ask about tokens, how often, and where.
#[derive(Clone, Debug, Default)]
pub struct CallbackSettings {
    /// The machines and networks that CEC asks from; `None`: any.
    pub callers: Option<Gateways>,
    /// How often a network may ask that is not listed; listed callers have no rate.
    pub rate: Option<Rate>,
    /// A listener of its own; then no other has the route.
    pub listener: Option<CallbackListener>,
}

impl CallbackSettings {
    /// Whether it is known who asks: by address or by certificate.
    pub fn knows_callers(&self) -> bool {
        let certificate = |listener: &CallbackListener| listener.files.client_ca.is_some();
        self.callers.is_some() || self.listener.as_ref().is_some_and(certificate)
    }
}

/// The callback's own listener, over TLS.
#[derive(Clone, Debug)]
pub struct CallbackListener {
    /// Where it is.
    pub address: SocketAddr,
    /// Its certificates' files, to read them again.
    pub files: TlsFiles,
    /// Its certificates.
    pub certificates: Certificates,
}

/// Reads `[listen]`.
pub fn listen(reader: &mut Reader) -> Option<ListenSettings> {
    let usual = ListenSettings::default();
    let place = reader.parsed("listen.address", Some(LISTEN), place);
    let gateways = Gateways::new(reader.list("listen.gateways", network));
    let mut seconds = |key, limits, usual| reader.seconds(key, limits).unwrap_or(usual);
    let deadlines = Deadlines {
        head: seconds("listen.header_deadline", 1..=120, usual.deadlines.head),
        idle: seconds("listen.idle_deadline", 1..=3600, usual.deadlines.idle),
        stall: seconds("listen.stall_deadline", 1..=600, usual.deadlines.stall),
    };
    let drain = seconds("listen.drain", 0..=300, usual.drain);
    let grace = seconds("listen.grace", 1..=300, usual.grace);
    let header_bytes = reader.number("listen.header_bytes", 8192..=262_144, "bytes");
    let mut count = |key, usual| reader.number(key, 8..=100_000, "connections").unwrap_or(usual);
    let total = count("listen.connections", usual.connections.total);
    let per_address =
        count("listen.connections_per_address", usual.connections.per_address.min(total));
    Some(ListenSettings {
        place: place?,
        gateways,
        connections: Limits { total, per_address },
        deadlines,
        header_bytes: header_bytes.unwrap_or(usual.header_bytes),
        drain,
        grace,
    })
}

/// Reads `operator.address`.
pub fn operator(reader: &mut Reader) -> Option<Option<SocketAddr>> {
    reader.parsed("operator.address", Some(OPERATOR), values::listen_or_off)
}

/// Reads `[browser]`.
pub fn browser(reader: &mut Reader) -> BrowserPolicy {
    let allowed_origins = reader.list("browser.allowed_origins", values::origin);
    let public_origins = PublicOrigins::new(reader.list("browser.public_origins", values::origin));
    BrowserPolicy { allowed_origins, public_origins, loopback_names_only: false }
}

/// Reads `[callback]`.
pub fn callback(reader: &mut Reader) -> Option<CallbackSettings> {
    let callers = reader.list("callback.callers", network);
    let rate = reader.parsed("callback.rate", Some(CALLBACK_RATE), rate);
    let listener = match reader.has_key("callback.address") {
        true => Some(callback_listener(reader)?),
        false => None,
    };
    let callers = Some(callers).filter(|callers| !callers.is_empty()).map(Gateways::new);
    Some(CallbackSettings { callers, rate: rate.flatten(), listener })
}

fn callback_listener(reader: &mut Reader) -> Option<CallbackListener> {
    let address = reader.parsed("callback.address", None, address::listen);
    let certificate = reader.required_path("callback.certificate_file");
    let key = reader.required_path("callback.key_file");
    let client_ca = reader.path("callback.client_ca_file");
    let files = TlsFiles { certificate: certificate?, key: key?, client_ca };
    match files.read() {
        Ok(tls) => Some(CallbackListener {
            address: address?,
            files,
            certificates: Certificates::new(tls),
        }),
        Err(error) => {
            reader.wrong(error.key, error.what);
            None
        }
    }
}

fn place(text: &str) -> Result<Place, &'static str> {
    match text.strip_prefix("unix:") {
        Some(path) if path.starts_with('/') => Ok(Place::Socket(path.into())),
        Some(_) => Err("expected unix: with an absolute path, like unix:/run/calldock/server.sock"),
        None => address::listen(text).map(Place::Address),
    }
}
