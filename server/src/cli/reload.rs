//! The configuration, read again while the server runs: on SIGHUP, and when one of its files changes.
//!
//! A valid one replaces the former at once; requests that have begun end as they began. One with mistakes is
//! reported in the log, and the former stays. The store, budgets, the providers' keys and all connections
//! survive.

use std::path::PathBuf;
use std::time::Duration;

use calldock_service::Connections;
use tokio::time::sleep;

use crate::config::{Config, Snapshot, Stamp, stamps};
use crate::http::serve::Routes;
use crate::http::settings::CallbackListener;
use crate::http::{router, validate_router};
use crate::observe::{Readiness, metrics};
use crate::settings::source::environment;
use crate::start::Kept;

/// How often the files are looked at.
const INTERVAL: Duration = Duration::from_secs(2);
/// How long they must stay unchanged before they are read: a program may still be writing them.
const SETTLED: Duration = Duration::from_millis(250);

/// A running server's configuration.
pub struct Running {
    /// Its file, if it has one.
    pub file: Option<PathBuf>,
    /// Its sources as they were before it was read: what changes in between is read again.
    pub snapshot: Snapshot,
    /// What outlives a reload.
    pub kept: Kept,
    /// The pages' routes.
    pub routes: Routes,
    /// The callback's own listener, if it has one.
    pub callback: Option<(CallbackListener, Routes, Connections)>,
    /// Whether the server can serve.
    pub readiness: Readiness,
    /// The pages' connections.
    pub connections: Connections,
}

impl Running {
    /// Waits until a file has changed and its writer is done.
    pub async fn changed(&self) {
        loop {
            sleep(INTERVAL).await;
            let mut now = self.stamps().await;
            if now == self.snapshot.seen {
                continue;
            }
            loop {
                sleep(SETTLED).await;
                let later = self.stamps().await;
                if std::mem::replace(&mut now, later.clone()) == later {
                    return;
                }
            }
        }
    }

    /// Looks at the files where no task waits for it: their file system may hang.
    async fn stamps(&self) -> Vec<Option<Stamp>> {
        let files = self.snapshot.files.clone();
        let stamps = tokio::task::spawn_blocking(move || stamps(&files));
        stamps.await.unwrap_or_else(|_| self.snapshot.seen.clone())
    }

    /// Reads the configuration again.
    pub async fn reload(&mut self) {
        let file = self.file.clone();
        // Files and certificates are read where no request waits for them.
        let read = tokio::task::spawn_blocking(move || {
            let snapshot = Snapshot::at(file.as_deref(), environment());
            (Config::load(file.as_deref(), environment()), snapshot)
        });
        let Ok((config, snapshot)) = read.await else { return metrics::reloaded(false) };
        let success = match config {
            Ok(config) => self.apply(config, &snapshot),
            Err(errors) => {
                for error in errors.0 {
                    tracing::error!(
                        key = error.key,
                        fix = error.fix,
                        "the configuration is not reloaded: {}",
                        error.what
                    );
                }
                false
            }
        };
        // Files that the new configuration names are watched too.
        (self.snapshot.files, self.snapshot.seen) = (snapshot.files, snapshot.seen);
        metrics::reloaded(success);
    }

    fn apply(&mut self, config: Config, snapshot: &Snapshot) -> bool {
        let listener = config.http.callback.listener.clone();
        if self.callback.is_some() != listener.is_some() {
            tracing::error!(
                key = "callback.address",
                fix = "restart the server",
                "the configuration is not reloaded: the callback's own listener was added or removed"
            );
            return false;
        }
        for key in self.snapshot.needs_restart(snapshot) {
            tracing::warn!(key, "changed, and needs a restart: until then it stays as it was");
        }
        for warning in config.warnings() {
            tracing::warn!("{warning}");
        }
        let bounds = config.http.listen.bounds();
        let mut app = match self.kept.app(config) {
            Ok(app) => app,
            Err(error) => {
                tracing::error!(%error, "the configuration is not reloaded");
                return false;
            }
        };
        // Nothing fails from here on, so that a configuration is used as a whole or not at all.
        if let (Some((running, _, connections)), Some(listener)) = (&self.callback, listener) {
            running.certificates.replace(&listener.certificates);
            connections.set_bounds(bounds.without_gateways());
        }
        self.connections.set_bounds(bounds);
        self.readiness.adopt(&app.readiness);
        app.readiness = self.readiness.clone();
        if let (Some((_, routes, _)), Some(router)) = (&self.callback, validate_router(&app)) {
            routes.replace(router);
        }
        self.routes.replace(router(&app));
        tracing::info!("the configuration was reloaded");
        true
    }
}
