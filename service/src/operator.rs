//! The operator's listener: a thread and a runtime of its own, so that it responds while the pages' listener is
//! busy, and an address that no gateway relays.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};

use crate::command::Failed;
use crate::settings::source;
use crate::settings::values::listen_or_off;
use crate::{Bounded, Bounds, Connections, Deadlines, Gateways, Limits, http1};

/// An operator has few programs that connect.
const LIMITS: Limits = Limits { total: 64, per_address: 64 };

/// What Prometheus reads.
pub const PROMETHEUS: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Starts the listener; it serves until the process ends, or until the system fails. Returns its
/// address.
///
/// # Errors
/// The address cannot be bound, or no thread can be started.
pub fn start(address: SocketAddr, routes: Router) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind(address)?;
    let bound = listener.local_addr()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let bounds = Bounds { limits: LIMITS, exempt: Gateways::default() };
    let acceptor = Bounded::new(Connections::new(bounds), Deadlines::default());
    std::thread::Builder::new().name("operator".into()).spawn(move || {
        let served = runtime.block_on(async {
            let server = http1(axum_server::from_tcp(listener)?, 16 * 1024).acceptor(acceptor);
            server.serve(routes.into_make_service()).await
        });
        if let Err(error) = served {
            tracing::error!(cause = %error.kind(), "the operator's listener ended");
        }
    })?;
    Ok(bound)
}

/// Responds with a text that no cache keeps.
pub fn text(status: StatusCode, content_type: &'static str, body: String) -> Response {
    let headers = [
        (CONTENT_TYPE, content_type),
        (CACHE_CONTROL, "no-store"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (status, headers, body).into_response()
}

/// Asks `/healthz` of such a listener on this machine, for a command line: there is no curl in the containers. Asked is
/// the `given` address, else the configuration's `operator.address`, else the `usual` one. A mistake elsewhere in the
/// file, or a file that cannot be read, does not make a process unhealthy that started before: it is only printed.
///
/// # Errors
/// [`Failed::Usage`] where there is no address to ask, [`Failed::Work`] where it does not respond with 200 within
/// 3 seconds.
pub fn health(
    given: Option<&str>,
    file: Option<&Path>,
    environment: impl IntoIterator<Item = (String, String)>,
    usual: &str,
) -> Result<(), Failed> {
    let mut values = source::read(file, [], &[]).unwrap_or_else(|mistakes| {
        let _ = writeln!(io::stderr(), "{mistakes}");
        source::Values::new()
    });
    values.extend(source::read(None, environment, &["operator"]).unwrap_or_default());
    let configured = values.get("operator.address").map_or(Some(usual), |text| text.as_str());
    let address = given.or(configured).unwrap_or_default();
    let address = listen_or_off(address.trim())
        .map_err(|what| Failed::Usage(format!("operator.address: {what}")))?
        .ok_or_else(|| Failed::Usage("operator.address is off: nothing to ask".into()))?;
    let found = match is_healthy(address) {
        Ok(true) => return Ok(()),
        Ok(false) => "not healthy".to_owned(),
        Err(error) => format!("no response ({})", error.kind()),
    };
    Err(Failed::Work(format!("the operator's listener at {address}: {found}")))
}

fn is_healthy(mut address: SocketAddr) -> io::Result<bool> {
    const TIMEOUT: Duration = Duration::from_secs(3);
    if address.ip().is_unspecified() {
        let v6 = address.is_ipv6();
        address.set_ip(if v6 { Ipv6Addr::LOCALHOST.into() } else { Ipv4Addr::LOCALHOST.into() });
    }
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    write!(stream, "GET /healthz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut line = [0; 12];
    stream.read_exact(&mut line)?;
    Ok(line.ends_with(b" 200"))
}
