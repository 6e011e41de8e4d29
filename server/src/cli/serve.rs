//! `serve`: configuration, listener, and a graceful end.

use std::future::Future;
use std::io::{IsTerminal, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use clap::Args;
use tokio::net::TcpListener;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::prelude::*;
use url::Url;

use super::Failed;
use crate::address::{self, PlainHttp};
use crate::app::App;
use crate::config::Config;
use crate::demo;
use crate::routes::router;
use crate::routes::site::Site;
use crate::tccc::HttpTransport;
use crate::tccc::transport::DEFAULT_TIMEOUT;

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

fn vendor(text: &str) -> Result<Url, &'static str> {
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
    start_log();
    let (config, site) = settings(args)?;
    if !args.demo {
        for warning in config.warnings() {
            tracing::warn!("{warning}");
        }
    }
    let listen = config.listen;
    let plain = config.tccc.as_ref().map_or(PlainHttp::Refused, |tccc| tccc.plain_http);
    let app = HttpTransport::new(plain, DEFAULT_TIMEOUT)
        .and_then(|transport| App::new(config, Arc::new(transport), site))
        .map(router)
        .map_err(|_| {
            Failed::Work(
                "no certificate authorities found on this machine; install ca-certificates".into(),
            )
        })?;
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failed::Work(format!("threads cannot be started ({})", error.kind())))?
        .block_on(serve(listen, app))
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
    let environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let mut config = Config::load(args.config.as_deref(), environment)
        .map_err(|errors| Failed::Usage(errors.to_string()))?;
    if let Some(listen) = args.listen {
        config.listen = listen;
    }
    Ok((config, None))
}

fn usage(sentence: &'static str) -> Failed {
    Failed::Usage(sentence.into())
}

/// What is in flight at the end gets a little longer than the vendor's deadline.
const GRACE: Duration = Duration::from_secs(10);

async fn serve(listen: SocketAddr, app: Router) -> Result<(), Failed> {
    let cannot = |error: std::io::Error| {
        Failed::Work(format!(
            "cannot listen on {listen} ({}); choose another address by --listen",
            error.kind()
        ))
    };
    let listener = TcpListener::bind(listen).await.map_err(cannot)?;
    let address = listener.local_addr().map_err(cannot)?;
    let stop = stop_signal()
        .map_err(|error| Failed::Work(format!("signals cannot be received ({})", error.kind())))?;
    // Whoever started us may not listen to what we say.
    let _ = writeln!(std::io::stdout(), "listening on http://{address}");
    let (stopped, mut overdue) = tokio::sync::oneshot::channel();
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, app).with_graceful_shutdown(async move {
        stop.await;
        tracing::info!("stopping");
        let _ = stopped.send(());
    });
    tokio::select! {
        outcome = serving => outcome.map_err(cannot),
        () = async {
            let _ = (&mut overdue).await;
            tokio::time::sleep(GRACE).await;
        } => Ok(()),
    }
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

#[cfg(not(unix))]
fn stop_signal() -> std::io::Result<impl Future<Output = ()> + Send> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}

/// To stderr: stdout has one line and no other. `RUST_LOG=calldock_server=debug` says more.
fn start_log() {
    let wanted = std::env::var("RUST_LOG").ok().and_then(|text| text.parse::<Targets>().ok());
    let targets = wanted.unwrap_or_else(|| Targets::new().with_default(tracing::Level::INFO));
    let layer = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    let _ = tracing_subscriber::registry().with(layer).with(targets).try_init();
}
