//! The configuration, read again while the server runs: on SIGHUP, and when one of its files changes.
//!
//! What is good takes the place of the former at once; requests that have begun end as they began. What
//! is not is told in the log, and the former stays. The store, its limits and all connections survive.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::sync::mpsc;
use tokio::time::sleep;

use crate::app::App;
use crate::config::{CallbackListener, Config, Look};
use crate::listener::Routes;
use crate::observe::Readiness;
use crate::proxy::tunnels::Tunnels;
use crate::routes::{callback_router, router};
use crate::store::Store;
use crate::tccc::Transport;

/// How often the files are looked at.
const EVERY: Duration = Duration::from_secs(2);
/// How long they must stay as they are before they are read: whoever writes them may not be done.
const SETTLED: Duration = Duration::from_millis(250);

/// What goes on while the rest is exchanged.
pub struct Running {
    /// The configuration's own file.
    pub file: Option<PathBuf>,
    /// What its parts were at the start.
    pub look: Look,
    /// What the pages' listener answers by.
    pub routes: Routes,
    /// The callback's own listener, if there is one.
    pub callback: Option<(CallbackListener, Routes)>,
    /// The way to the vendor.
    pub transport: Arc<dyn Transport>,
    /// What instances share.
    pub store: Store,
    /// What the operator's listener tells.
    pub readiness: Readiness,
    /// The proxies' tunnels, to be ended with the server.
    pub tunnels: Arc<Mutex<Vec<Tunnels>>>,
}

impl Running {
    /// Reads again whenever there is a reason to, for ever.
    pub async fn watch(self, mut asked: mpsc::Receiver<()>) {
        let running = Arc::new(self);
        let mut known = print(&running.look.files);
        let mut files = running.look.files.clone();
        loop {
            let by_signal = tokio::select! {
                Some(()) = asked.recv() => true,
                () = sleep(EVERY) => false,
            };
            let mut seen = print(&files);
            if !by_signal && seen == known {
                continue;
            }
            loop {
                sleep(SETTLED).await;
                let now = print(&files);
                if std::mem::replace(&mut seen, now.clone()) == now {
                    break;
                }
            }
            let reading = Arc::clone(&running);
            // Files and certificates are read where no request waits for it.
            let read = tokio::task::spawn_blocking(move || reading.read_again()).await;
            if let Ok(look) = read {
                // What a new configuration names is watched too.
                let unchanged = look.files == files;
                files = look.files;
                known = if unchanged { seen } else { print(&files) };
            }
        }
    }

    fn read_again(&self) -> Look {
        let look = Look::at(self.file.as_deref(), super::serve::environment());
        let config = match Config::load(self.file.as_deref(), super::serve::environment()) {
            Ok(config) => config,
            Err(errors) => {
                for error in errors.0 {
                    tracing::error!(
                        key = error.key,
                        mend = error.mend,
                        "the configuration is not read again: {}",
                        error.what
                    );
                }
                return look;
            }
        };
        let warnings = config.warnings();
        let files = config.callback.listener.as_ref().map(|listener| listener.files.clone());
        let app = App::with_store(config, self.store.clone(), Arc::clone(&self.transport), None);
        let mut app = match app {
            Ok(app) => app,
            Err(error) => {
                tracing::error!(%error, "the configuration is not read again");
                return look;
            }
        };
        if self.callback.is_some() != app.callback_apart {
            // Half of it would have CEC's question answered nowhere, or where it is not meant to be.
            tracing::error!(
                key = "callback.address",
                mend = "restart the server",
                "the configuration is not read again: the callback's own listener came or went"
            );
            return look;
        }
        if let (Some((listener, _)), Some(files)) = (&self.callback, files)
            && let Err(error) = listener.certificates.renew(&files)
        {
            tracing::error!(%error, "the configuration is not read again");
            return look;
        }
        for key in self.look.fixed_otherwise(&look) {
            tracing::warn!(key, "changed, and needs a restart: until then it stays as it was");
        }
        for warning in warnings {
            tracing::warn!("{warning}");
        }
        // What the former configuration needed need not be there any more.
        self.readiness.adopt(&app.readiness);
        app.readiness = self.readiness.clone();
        self.tunnels.lock().unwrap_or_else(PoisonError::into_inner).push(app.tunnels());
        if let Some((_, routes)) = &self.callback
            && let Some(router) = callback_router(&app)
        {
            routes.replace(router);
        }
        self.routes.replace(router(app));
        tracing::info!("the configuration was read again");
        look
    }
}

type Print = Vec<Option<(SystemTime, u64, u64)>>;

/// What tells a changed file: when, how long, and which one it is (a link may lead elsewhere by now).
fn print(files: &[PathBuf]) -> Print {
    files
        .iter()
        .map(|file| {
            let found = std::fs::metadata(file).ok()?;
            Some((found.modified().ok()?, found.len(), number(&found)))
        })
        .collect()
}

#[cfg(unix)]
fn number(found: &std::fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(found)
}

#[cfg(not(unix))]
fn number(_: &std::fs::Metadata) -> u64 {
    0
}
