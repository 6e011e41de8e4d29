//! `serve`: configuration, listener, and a graceful end.

use std::future::Future;
use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use clap::Args;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use url::Url;

use super::Failed;
use super::reload::Running;
use crate::address::{self, PlainHttp};
use crate::app::App;
use crate::config::{CallbackListener, Config, Look};
use crate::demo;
use crate::identity::OpenError;
use crate::listener::{Ended, Plain, Routes, Rules, Threads};
use crate::observe::{Readiness, listener, log, metrics};
use crate::routes::site::Site;
use crate::routes::{callback_router, router};
use crate::tccc::transport::DEFAULT_TIMEOUT;
use crate::tccc::{HttpTransport, Transport};

/// How the server is started.
#[derive(Args, Debug)]
pub struct ServeArgs {
    /// The configuration, a TOML file; CALLDOCK_… variables override it, or stand in for it
    #[arg(long, value_name = "FILE", conflicts_with = "demo")]
    config: Option<PathBuf>,
    /// Made-up credentials and made-up people, for this machine only
    #[arg(long)]
    demo: bool,
    /// Where to listen, instead of listen.address; port 0 lets the system choose
    #[arg(long, value_name = "IP:PORT", value_parser = address::listen)]
    listen: Option<SocketAddr>,
    /// The vendor's stand-in, with --demo
    #[arg(long, value_name = "URL", requires = "demo", default_value = demo::VENDOR, value_parser = vendor)]
    vendor: Url,
    /// A folder of static files to serve beside the API, with --demo
    #[arg(long, value_name = "DIR", requires = "demo")]
    site: Option<PathBuf>,
}

/// Reads the address of a vendor's stand-in.
///
/// # Errors
/// What was expected.
pub fn vendor(text: &str) -> Result<Url, &'static str> {
    let url = address::secure_url(text, PlainHttp::OnLoopback)?;
    if url.path() == "/" && url.query().is_none() && url.fragment().is_none() {
        Ok(url)
    } else {
        Err("expected an origin, like http://127.0.0.1:8701")
    }
}

/// Serves until SIGTERM or SIGINT.
///
/// # Errors
/// [`Failed::Usage`] for a wrong configuration, [`Failed::Work`] where the system refuses.
pub fn run(args: &ServeArgs) -> Result<(), Failed> {
    // Looked at before it is read: what changes in between is read again.
    let look = Look::at(args.config.as_deref(), environment());
    let (config, site) = settings(args)?;
    let _log = log::start(config.log);
    if !args.demo {
        for warning in config.warnings() {
            tracing::warn!("{warning}");
        }
    }
    let (listen, operator, rules) = (config.listen, config.operator, config.rules);
    let callback = config.callback.listener.clone();
    let plain = config.tccc.as_ref().map_or(PlainHttp::Refused, |tccc| tccc.plain_http);
    let failed = |error: OpenError| Failed::Work(error.to_string());
    let transport =
        HttpTransport::new(plain, DEFAULT_TIMEOUT).map_err(|error| failed(error.into()))?;
    let transport: Arc<dyn Transport> = Arc::new(transport);
    let app = App::new(config, Arc::clone(&transport), site).map_err(failed)?;
    let read = (!args.demo).then(|| (args.config.clone(), look, transport));
    let none = |error: std::io::Error| {
        Failed::Work(format!("threads cannot be started ({})", error.kind()))
    };
    let threads = Threads::start().map_err(none)?;
    // This thread accepts, and has whatever is nobody's request.
    tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(none)?.block_on(
        async {
            if let Some(address) = operator {
                tokio::spawn(watched(address, app.readiness.clone()).await?);
            }
            let callback = callback.zip(callback_router(&app));
            serve(listen, app, callback, rules, read, &threads).await
        },
    )
}

/// The operator's listener, which goes on until the process ends: what is told while the server finishes
/// is that it is not ready.
async fn watched(
    address: SocketAddr,
    readiness: Readiness,
) -> Result<impl Future<Output = ()> + Send, Failed> {
    let cannot = |error: std::io::Error| {
        Failed::Work(format!(
            "cannot listen on {address} ({}); choose another operator.address",
            error.kind()
        ))
    };
    let listener = TcpListener::bind(address).await.map_err(cannot)?;
    let address = listener.local_addr().map_err(cannot)?;
    let metrics = metrics::start().map_err(usage)?;
    tracing::info!(address = %address, "the operator's listener");
    Ok(async move {
        listener::serve(listener, readiness, metrics).await;
    })
}

fn settings(args: &ServeArgs) -> Result<(Config, Option<Site>), Failed> {
    if args.demo {
        let listen =
            args.listen.map_or_else(|| address::listen(demo::LISTEN), Ok).map_err(usage)?;
        let config = demo::config(listen, &args.vendor).map_err(usage)?;
        let vendor = args.vendor.origin().ascii_serialization();
        let site = match &args.site {
            Some(dir) if !dir.is_dir() => {
                return Err(Failed::Usage(format!("--site: {} is not a folder", dir.display())));
            }
            Some(dir) => {
                let visitors = demo::OFFERED.map(|(name, ..)| name).into();
                let site = Site::new(dir.clone(), &vendor).map_err(usage)?;
                Some(site.with_visitors(visitors))
            }
            None => None,
        };
        return Ok((config, site));
    }
    let mut config = Config::load(args.config.as_deref(), environment())
        .map_err(|errors| Failed::Usage(errors.to_string()))?;
    if let Some(listen) = args.listen {
        config.listen = listen;
    }
    Ok((config, None))
}

/// The environment's texts.
pub fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

fn usage(sentence: &'static str) -> Failed {
    Failed::Usage(sentence.into())
}

async fn serve(
    listen: SocketAddr,
    app: App,
    callback: Option<(CallbackListener, Router)>,
    rules: Rules,
    read: Option<(Option<PathBuf>, Look, Arc<dyn Transport>)>,
    threads: &Threads,
) -> Result<(), Failed> {
    let tunnels = Arc::new(Mutex::new(vec![app.tunnels()]));
    let (store, readiness) = (app.store.clone(), app.readiness.clone());
    let routes = Routes::from(router(app));
    let callback = callback.map(|(listener, router)| (listener, Routes::from(router)));
    let cannot = |error: std::io::Error| {
        Failed::Work(format!(
            "cannot listen on {listen} ({}); choose another address by --listen",
            error.kind()
        ))
    };
    let listener = TcpListener::bind(listen).await.map_err(cannot)?;
    let address = listener.local_addr().map_err(cannot)?;
    let deaf = |error: std::io::Error| {
        Failed::Work(format!("signals cannot be received ({})", error.kind()))
    };
    let stop = stop_signal().map_err(deaf)?;
    let (stopping, stopped) = watch::channel(());
    let questions = questions(callback.clone(), rules, threads, stopped).await?;
    let wished = match read {
        Some(_) => Some(reload_signal().map_err(deaf)?),
        None => None,
    };
    // Whoever started us may not listen to what we say.
    let _ = writeln!(std::io::stdout(), "listening on http://{address}");
    let watching = read.zip(wished).map(|((file, look, transport), wished)| {
        let (routes, readiness) = (routes.clone(), readiness.clone());
        let tunnels = Arc::clone(&tunnels);
        let running =
            Running { file, look, routes, callback, transport, store, readiness, tunnels };
        tokio::spawn(running.watch(wished))
    });
    let stop = async {
        stop.await;
        if let Some(watching) = watching {
            watching.abort();
        }
        drop(stopping);
        readiness.stop();
        tracing::info!("stopping");
        // A chat's WebSocket may stay open for hours: its page opens another one elsewhere.
        for tunnels in tunnels.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            drop(tunnels.end());
        }
    };
    let serving = crate::listener::serve(listener, Plain, routes.clone(), rules, threads, stop);
    let (Ended { cut_off }, ()) = tokio::join!(serving, questions);
    // They have been told already; this only lets both ends hear of it.
    let tunnels = std::mem::take(&mut *tunnels.lock().unwrap_or_else(PoisonError::into_inner));
    let heard = async {
        for tunnels in &tunnels {
            tunnels.end().await;
        }
    };
    let _ = tokio::time::timeout(rules.grace, heard).await;
    if cut_off > 0 {
        tracing::warn!(cut_off, "requests were not finished in time and are cut off");
    }
    Ok(())
}

/// The callback's own listener, if there is one, until the other end of `stopped` is gone.
async fn questions(
    callback: Option<(CallbackListener, Routes)>,
    rules: Rules,
    threads: &Threads,
    mut stopped: watch::Receiver<()>,
) -> Result<impl Future<Output = ()> + Send, Failed> {
    let bound = match callback {
        None => None,
        Some((CallbackListener { address, certificates, .. }, router)) => {
            let cannot = |error: std::io::Error| {
                Failed::Work(format!(
                    "cannot listen on {address} ({}); choose another callback.address",
                    error.kind()
                ))
            };
            let listener = TcpListener::bind(address).await.map_err(cannot)?;
            let address = listener.local_addr().map_err(cannot)?;
            tracing::info!(address = %address, "the callback's listener");
            Some((listener, certificates, router))
        }
    };
    Ok(async move {
        let Some((listener, certificates, router)) = bound else { return };
        let stop = async {
            let _ = stopped.changed().await;
        };
        crate::listener::serve(listener, certificates, router, rules, threads, stop).await;
    })
}

#[cfg(unix)]
fn stop_signal() -> std::io::Result<impl Future<Output = ()> + Send> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// A word for each SIGHUP.
#[cfg(unix)]
fn reload_signal() -> std::io::Result<mpsc::Receiver<()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut hangup = signal(SignalKind::hangup())?;
    let (wish, wished) = mpsc::channel(1);
    tokio::spawn(async move {
        while hangup.recv().await.is_some() {
            // One wish that waits is as good as two.
            let _ = wish.try_send(());
        }
    });
    Ok(wished)
}

#[cfg(not(unix))]
fn reload_signal() -> std::io::Result<mpsc::Receiver<()>> {
    Ok(mpsc::channel(1).1)
}

#[cfg(not(unix))]
fn stop_signal() -> std::io::Result<impl Future<Output = ()> + Send> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
