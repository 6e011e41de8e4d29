//! Listens, reloads on SIGHUP, and stops on SIGTERM or SIGINT: first `/readyz` reports 503 for `listen.drain`
//! seconds while requests are still accepted, then open requests finish within `listen.grace`.

use std::io::{self, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;

use axum_server::Handle;
use calldock_listen::{Bounded, SignalAction, Signals, http1, systemd};

use crate::log::Started;
use crate::operator::{self, Ready};
use crate::settings::{self, Settings};
use crate::state::State;

/// The most bytes of a request's head.
const HEAD_BYTES: usize = 32 * 1024;

/// Serves until a signal. `file` is read again on SIGHUP.
///
/// # Errors
/// One sentence: what the system refused.
pub fn run(settings: Settings, file: Option<PathBuf>, log: &Started) -> Result<(), String> {
    let (address, operator) = (settings.listen.address, settings.operator);
    let state = State::new(settings).map_err(|_| "no certificate authorities were found")?;
    let (state, ready) = (Arc::new(state), Ready::default());
    if !address.ip().is_loopback() && state.current().settings.listen.gateways.is_empty() {
        tracing::warn!("no_gateways: reachable from other machines, and X-Forwarded-* is ignored");
    }
    let listener = TcpListener::bind(address).map_err(|error| cannot_listen(address, &error))?;
    let bound = listener.local_addr().map_err(|error| cannot_listen(address, &error))?;
    let watched = match operator {
        None => None,
        Some(address) => {
            let routes = operator::router(Arc::clone(&state), ready.clone(), log.dropped_lines());
            let started = calldock_listen::operator::start(address, routes);
            Some(started.map_err(|error| cannot_listen(address, &error))?)
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("threads cannot be started ({error})"))?;
    runtime.block_on(async {
        let signals = Signals::new().map_err(|error| format!("no signals ({error})"))?;
        // The parent process may have closed its stdout.
        let _ = writeln!(io::stdout(), "listening on http://{bound}");
        if let Some(operator) = watched {
            let _ = writeln!(io::stdout(), "operator listening on http://{operator}");
        }
        systemd::ready();
        serve(listener, &state, &ready, file, signals).await
    })
}

async fn serve(
    listener: TcpListener,
    state: &Arc<State>,
    ready: &Ready,
    file: Option<PathBuf>,
    mut signals: Signals,
) -> Result<(), String> {
    let listen = state.current().settings.listen.clone();
    let handle: Handle<SocketAddr> = Handle::new();
    let acceptor = Bounded::new(state.connections.clone(), listen.deadlines);
    let server = axum_server::from_tcp(listener).map_err(|error| error.to_string())?;
    let server = http1(server, HEAD_BYTES).acceptor(acceptor).handle(handle.clone());
    let service =
        crate::router(Arc::clone(state)).into_make_service_with_connect_info::<SocketAddr>();
    let mut serving = tokio::spawn(server.serve(service));
    loop {
        tokio::select! {
            ended = &mut serving => {
                return Err(format!("the listener ended by itself ({ended:?})"));
            }
            signal = signals.next() => match signal {
                SignalAction::Reload => reload(state, file.as_ref()),
                SignalAction::Stop => break,
            },
        }
    }
    systemd::stopping();
    ready.drain();
    signals.drain(listen.drain).await;
    handle.graceful_shutdown(Some(listen.grace));
    let tunnels = tokio::time::timeout(listen.grace, state.tunnels.end());
    let (_, ended) = tokio::join!(serving, tunnels);
    if ended.is_err() {
        tracing::warn!("websockets_cut_off");
    }
    tracing::info!("stopped");
    Ok(())
}

/// Reads the settings again. A file with mistakes changes nothing.
fn reload(state: &State, file: Option<&PathBuf>) {
    let Some(file) = file else { return };
    systemd::reloading();
    let before = state.current();
    let success = match settings::load(file) {
        Err(mistakes) => {
            tracing::error!(%mistakes, "reload_failed");
            false
        }
        Ok(settings) => {
            let same = settings.listen.address == before.settings.listen.address
                && settings.operator == before.settings.operator
                && settings.listen.deadlines == before.settings.listen.deadlines;
            if !same {
                tracing::warn!(
                    "reload: addresses and deadlines of listeners change at a restart only"
                );
            }
            state.replace(settings).is_ok()
        }
    };
    state.metrics.reloaded(success);
    if success {
        tracing::info!("reloaded");
    }
    systemd::ready();
}

fn cannot_listen(address: SocketAddr, error: &io::Error) -> String {
    format!("cannot listen on {address} ({}); choose another address", error.kind())
}
