//! `[listen]`, `[operator]`, `[browser]` and `[callback]`.

use std::net::SocketAddr;

use calldock_service::settings::Listen;
use calldock_service::{Gateways, Place, PublicOrigins, network};

use super::browser::BrowserPolicy;
use super::tls::{self, Certificates};
use crate::address;
use crate::queue::Rate;
use crate::queue::settings::rate;
use crate::settings::{Reader, values};

/// The default place of the operator's listener.
pub const OPERATOR: &str = "127.0.0.1:8702";
/// The default of `callback.rate`: CEC asks once or twice for each visitor, from few addresses.
const CALLBACK_RATE: &str = "100/s";

/// `[listen]` by default.
pub fn usual_listen() -> Listen {
    Listen::new(Place::Address(SocketAddr::from(([127, 0, 0, 1], 8700))), 4096, 128)
}

/// All sections of this module.
#[derive(Clone, Debug)]
pub struct HttpSettings {
    /// `[listen]`.
    pub listen: Listen,
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
        self.callers.is_some() || self.listener.as_ref().is_some_and(|listener| listener.mutual)
    }
}

/// The callback's own listener, over TLS.
#[derive(Clone, Debug)]
pub struct CallbackListener {
    /// Where it is.
    pub address: SocketAddr,
    /// Its certificates.
    pub certificates: Certificates,
    /// Whether clients must have a certificate.
    pub mutual: bool,
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
    let chain = reader.required_file("callback.certificate_file", tls::certificates);
    let key = reader.required_file("callback.key_file", tls::private_key);
    let clients = reader.file("callback.client_ca_file", tls::authority);
    let mutual = clients.is_some();
    match Certificates::new(chain?, key?, clients) {
        Ok(certificates) => Some(CallbackListener { address: address?, certificates, mutual }),
        Err(_) => {
            let expected = "expected the private key of callback.certificate_file";
            reader.wrong("callback.key_file", expected);
            None
        }
    }
}
