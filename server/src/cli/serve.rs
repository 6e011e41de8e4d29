//! `serve`: configuration, listeners, reload on SIGHUP or a changed file, and a graceful end.

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use calldock_service::command;
use calldock_service::settings::Listen;
use calldock_service::{
    Connections, Place, Serving, SignalAction, Signals, cannot_listen, systemd,
};
use clap::Args;
use url::Url;

use super::Failed;
use super::reload::Running;
use crate::address::{self, PlainHttp};
use crate::config::{Config, Snapshot};
use crate::demo;
use crate::http::serve::{self, Routes};
use crate::http::{operator, router, validate_router};
use crate::observe::{Readiness, log, metrics};
use crate::settings::source::environment;
use crate::start::{Kept, StartError};
use crate::tccc::transport::DEFAULT_TIMEOUT;
use crate::tccc::{HttpTransport, Transport};

/// How the server is started.
#[derive(Args, Debug)]
pub struct ServeArgs {
    /// The configuration, a TOML file; CALLDOCK_… variables override it, or replace it
    #[arg(long, value_name = "FILE", conflicts_with = "demo")]
    config: Option<PathBuf>,
    /// Made-up credentials and made-up people, for this machine only
    #[arg(long)]
    demo: bool,
    /// Where to listen, instead of listen.address; port 0 takes a free one
    #[arg(long, value_name = "IP:PORT", value_parser = address::listen)]
    listen: Option<SocketAddr>,
    /// The vendor's stand-in, with --demo
    #[arg(long, value_name = "URL", requires = "demo", default_value = demo::VENDOR, value_parser = vendor)]
    vendor: Url,
}

/// Reads the address of a vendor's stand-in.
///
/// # Errors
/// What was expected.
pub fn vendor(text: &str) -> Result<Url, &'static str> {
    address::bare_url(text, PlainHttp::OnLoopback)
}

/// Serves until SIGTERM or SIGINT.
///
/// # Errors
/// [`Failed::Usage`] for a wrong configuration, [`Failed::Work`] where the system refuses.
pub fn run(args: &ServeArgs) -> Result<(), Failed> {
    let snapshot = Snapshot::at(args.config.as_deref(), environment());
    let config = load(args)?;
    let log = log::start(config.log);
    if !args.demo {
        for warning in config.warnings() {
            tracing::warn!("{warning}");
        }
    }
    command::run(serve(args, config, snapshot, &log))
}

/// Reads the configuration as the arguments say.
fn load(args: &ServeArgs) -> Result<Config, Failed> {
    let usage = |sentence: &'static str| Failed::Usage(sentence.into());
    if args.demo {
        let listen =
            args.listen.map_or_else(|| address::listen(demo::LISTEN), Ok).map_err(usage)?;
        return demo::config(listen, &args.vendor).map_err(usage);
    }
    let mut config = Config::load(args.config.as_deref(), environment())
        .map_err(|errors| Failed::Usage(errors.to_string()))?;
    if let Some(listen) = args.listen {
        config.http.listen.address = Place::Address(listen);
    }
    Ok(config)
}

async fn serve(
    args: &ServeArgs,
    config: Config,
    snapshot: Snapshot,
    log: &log::Started,
) -> Result<(), Failed> {
    let failed = |error: StartError| Failed::Work(error.to_string());
    let plain = config.tccc.as_ref().map_or(PlainHttp::Refused, |tccc| tccc.plain_http);
    let transport = HttpTransport::new(plain, DEFAULT_TIMEOUT)
        .map_err(|error| Failed::Work(format!("no HTTPS client ({error})")))?;
    let transport: Arc<dyn Transport> = Arc::new(transport);
    let listen = config.http.listen.clone();
    let (operator, callback) = (config.http.operator, config.http.callback.listener.clone());
    let mut kept = Kept::new(&config, transport).map_err(failed)?;
    let app = match args.demo {
        true => demo::app(&mut kept, config).map_err(failed)?,
        false => kept.app(config).map_err(failed)?,
    };
    let readiness = app.readiness.clone();
    let routes = Routes::new(router(&app));
    let at = &listen.address;
    let (bound, place) = at.bind().map_err(cannot_listen(at, "listen.address or --listen"))?;
    let connections = Connections::new(listen.bounds());
    let pages = bound.serve(&listen, connections, routes.service())?;
    let mut question = None;
    if let Some((listener, router)) = callback.as_ref().zip(validate_router(&app)) {
        let routes = Routes::new(router);
        let started = serve::callback(listener, &listen, &routes);
        let (serving, address) =
            started.map_err(cannot_listen(listener.address, "callback.address"))?;
        tracing::info!(%address, "the callback's listener");
        question = Some((listener.clone(), routes, serving));
    }
    let signals = Signals::new()?;
    if let Some(address) = operator {
        let handle = metrics::start().map_err(|sentence| Failed::Work(sentence.into()))?;
        metrics::reloaded(true);
        let (dropped, missing, counts) =
            (log.dropped_lines(), kept.audit().missing(), kept.counts());
        let (open, callback) = (
            pages.connections().clone(),
            question.as_ref().map(|(.., serving)| serving.connections().clone()),
        );
        let sample = move || {
            metrics::lost_lines(dropped(), missing());
            metrics::set(metrics::CONNECTIONS, "pages", open.open() as usize);
            if let Some(callback) = &callback {
                metrics::set(metrics::CONNECTIONS, "callback", callback.open() as usize);
            }
            counts()
                .into_iter()
                .for_each(|(gauge, label, count)| metrics::set(gauge, label, count));
        };
        let routes = operator::router(readiness.clone(), handle, sample);
        let started = calldock_service::operator::start(address, routes);
        let address = started.map_err(cannot_listen(address, "operator.address"))?;
        tracing::info!(%address, "the operator's listener");
    }
    // The process that started this one may have closed its end of stdout.
    let _ = writeln!(std::io::stdout(), "listening on {place}");
    systemd::ready();
    let callback = question.as_ref().map(|(listener, routes, serving)| {
        (listener.clone(), routes.clone(), serving.connections().clone())
    });
    let connections = pages.connections().clone();
    let (file, stopping) = (args.config.clone(), readiness.clone());
    let running = Running { file, snapshot, kept, routes, callback, readiness, connections };
    let running = Some(running).filter(|_| !args.demo);
    wait(running, signals, pages, question.map(|(.., serving)| serving), &listen, &stopping).await
}

/// Serves, reloads where asked, and ends gracefully.
async fn wait(
    mut running: Option<Running>,
    mut signals: Signals,
    mut pages: Serving,
    question: Option<Serving>,
    listen: &Listen,
    readiness: &Readiness,
) -> Result<(), Failed> {
    loop {
        let changed = async {
            match &mut running {
                Some(running) => running.changed().await,
                None => std::future::pending().await,
            }
        };
        let reload = tokio::select! {
            ended = pages.ended() => {
                return Err(Failed::Work(format!("the listener ended by itself ({ended:?})")));
            }
            signal = signals.next() => signal == SignalAction::Reload,
            () = changed => true,
        };
        if !reload {
            break;
        }
        if let Some(running) = &mut running {
            systemd::reloading();
            // A file may hang. What changes meanwhile is noticed afterwards, and so is another SIGHUP.
            tokio::select! {
                () = running.reload() => {}
                () = signals.stop() => break,
            }
            systemd::ready();
        }
    }
    systemd::stopping();
    readiness.stop();
    signals.drain(listen.drain).await;
    pages.stop(listen.grace);
    if let Some(question) = &question {
        question.stop(listen.grace);
    }
    let ended = tokio::time::timeout(listen.grace + Duration::from_secs(1), async {
        let _ = pages.ended().await;
        if let Some(mut question) = question {
            let _ = question.ended().await;
        }
    });
    if ended.await.is_err() {
        tracing::warn!("requests were cut off: they did not finish within listen.grace");
    }
    tracing::info!("stopped");
    Ok(())
}
