//! `[callback]`.

use std::net::SocketAddr;
use std::path::Path;

use super::limits;
use super::reader::Reader;
use crate::address;
use crate::callback::{Certificates, TlsFiles};
use crate::caller::{self, Gateways};
use crate::limits::Rate;

/// Who may ask about tokens, how often, and where.
#[derive(Clone, Debug, Default)]
pub struct CallbackConfig {
    /// The machines and networks that CEC asks from; without any, whoever knows the path.
    pub callers: Option<Gateways>,
    /// How often one address may ask.
    pub rate: Option<Rate>,
    /// A listener of the callback's own; then no other has it.
    pub listener: Option<CallbackListener>,
}

/// The callback's own listener, which speaks TLS.
#[derive(Clone, Debug)]
pub struct CallbackListener {
    /// Where.
    pub address: SocketAddr,
    /// Where its certificates are, to read them again.
    pub files: TlsFiles,
    /// What they are now.
    pub certificates: Certificates,
}

/// CEC asks once for each visitor, from few addresses.
const RATE: &str = "100/s";

/// The section, which need not be there.
pub fn read(reader: &mut Reader, file: Option<&Path>) -> Option<CallbackConfig> {
    let callers = reader.list("callback.callers", caller::network);
    let rate = reader.parsed("callback.rate", Some(RATE), limits::rate);
    let listener =
        if reader.has_key("callback.address") { Some(listener(reader, file)?) } else { None };
    Some(CallbackConfig {
        callers: Some(callers).filter(|callers| !callers.is_empty()).map(Gateways::new),
        rate: rate.flatten(),
        listener,
    })
}

fn listener(reader: &mut Reader, file: Option<&Path>) -> Option<CallbackListener> {
    let folder = file.and_then(Path::parent).unwrap_or(Path::new("")).to_owned();
    let path = |text: &str| match text {
        "" => Err("expected the path of a file"),
        text => Ok(folder.join(text)),
    };
    let address = reader.parsed("callback.address", None, address::listen);
    let certificate = reader.parsed("callback.certificate_file", None, path);
    let key = reader.parsed("callback.key_file", None, path);
    let client_ca = reader.optional("callback.client_ca_file", path);
    let files = TlsFiles { certificate: certificate?, key: key?, client_ca };
    match files.read() {
        Ok(tls) => {
            let certificates = Certificates::new(tls);
            Some(CallbackListener { address: address?, files, certificates })
        }
        Err(error) => {
            reader.wrong(error.key, error.what);
            None
        }
    }
}
