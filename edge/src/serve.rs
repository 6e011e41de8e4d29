//! Listens, reloads on SIGHUP, and stops on SIGTERM or SIGINT: first `/readyz` reports 503 for `listen.drain`
//! seconds while requests are still accepted, then open requests finish within `listen.grace`.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use calldock_service::command::{self, Failed};
use calldock_service::settings::ConfigErrors;
use calldock_service::{Bound, SignalAction, Signals, cannot_listen, systemd};
use tokio::task::spawn_blocking;

use crate::log::Started;
use crate::operator;
use crate::settings::Settings;
use crate::state::State;

/// Reads the settings, as they are at this moment.
pub type Read = Arc<dyn Fn() -> Result<Settings, ConfigErrors> + Send + Sync>;

/// Serves until a signal. On SIGHUP the settings are read again.
///
/// # Errors
/// [`Failed::Work`]: what the system refused.
pub fn run(settings: Settings, read: &Read, log: &Started) -> Result<(), Failed> {
    let (listen, operator) = (settings.listen.clone(), settings.operator);
    let state = State::new(settings)
        .map_err(|_| Failed::Work("no certificate authorities were found".into()))?;
    let (state, draining) = (Arc::new(state), Arc::new(AtomicBool::new(false)));
    if !listen.is_local() && !listen.has_gateways() {
        tracing::warn!("no_gateways: reachable from other machines, and X-Forwarded-* is ignored");
    }
    let at = &listen.address;
    let (bound, place) = at.bind().map_err(cannot_listen(at, "listen.address"))?;
    let watched = match operator {
        None => None,
        Some(address) => {
            let draining = Arc::clone(&draining);
            let routes = operator::router(Arc::clone(&state), draining, log.dropped_lines());
            let started = calldock_service::operator::start(address, routes);
            Some(started.map_err(cannot_listen(address, "operator.address"))?)
        }
    };
    command::run(async {
        let signals = Signals::new()?;
        // The parent process may have closed its stdout.
        let _ = writeln!(io::stdout(), "listening on {place}");
        if let Some(operator) = watched {
            let _ = writeln!(io::stdout(), "operator listening on http://{operator}");
        }
        systemd::ready();
        serve(bound, &state, &draining, read, signals).await
    })
}

async fn serve(
    bound: Bound,
    state: &Arc<State>,
    draining: &AtomicBool,
    read: &Read,
    mut signals: Signals,
) -> Result<(), Failed> {
    let start = state.current();
    let (listen, router) = (&start.settings.listen, crate::router(Arc::clone(state)));
    let mut serving = bound.serve(listen, state.connections.clone(), router)?;
    loop {
        tokio::select! {
            ended = serving.ended() => {
                return Err(Failed::Work(format!("the listener ended by itself ({ended:?})")));
            }
            signal = signals.next() => if signal == SignalAction::Stop {
                break;
            },
        }
        systemd::reloading();
        let (own, start, read) = (Arc::clone(state), Arc::clone(&start), Arc::clone(read));
        let reload = spawn_blocking(move || reload(&own, &start.settings, &read));
        // A file may hang. Another SIGHUP meanwhile is noticed afterwards.
        tokio::select! {
            done = reload => done.unwrap_or_else(|_| state.metrics.reloaded(false)),
            () = signals.stop() => break,
        }
        systemd::ready();
    }
    systemd::stopping();
    draining.store(true, Ordering::Relaxed);
    let listen = state.current().settings.listen.clone();
    signals.drain(listen.drain).await;
    serving.stop(listen.grace);
    let tunnels = tokio::time::timeout(listen.grace, state.tunnels.end());
    let (_, ended) = tokio::join!(serving.ended(), tunnels);
    if ended.is_err() {
        tracing::warn!("websockets_cut_off");
    }
    tracing::info!("stopped");
    Ok(())
}

/// Reads the settings again. A file with mistakes changes nothing.
fn reload(state: &State, start: &Settings, read: &Read) {
    let success = match read() {
        Err(mistakes) => {
            tracing::error!(%mistakes, "reload_failed");
            false
        }
        Ok(settings) => {
            for key in needs_restart(start, &settings) {
                tracing::warn!(key, "reload: this key changes at a restart only");
            }
            let replaced = state.replace(settings);
            replaced.inspect_err(|error| tracing::error!(%error, "reload_failed")).is_ok()
        }
    };
    state.metrics.reloaded(success);
    if success {
        tracing::info!("reloaded");
    }
}

/// Returns the keys that are read at the start only and differ from what has been in force since then.
fn needs_restart<'a>(start: &Settings, after: &Settings) -> impl Iterator<Item = &'a str> {
    let (old, new) = (&start.listen, &after.listen);
    let keys = [
        ("listen.address", old.address != new.address),
        ("listen.header_deadline", old.deadlines.head != new.deadlines.head),
        ("listen.idle_deadline", old.deadlines.idle != new.deadlines.idle),
        ("listen.stall_deadline", old.deadlines.stall != new.deadlines.stall),
        ("listen.header_bytes", old.header_bytes != new.header_bytes),
        ("operator.address", start.operator != after.operator),
        ("log.format", start.json_log != after.json_log),
    ];
    keys.into_iter().filter_map(|(key, changed)| changed.then_some(key))
}
