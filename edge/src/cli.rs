//! The command line.

use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use calldock_service::command::{self, Failed};
use calldock_service::settings::ConfigErrors;
use calldock_service::settings::values::{PlainHttp, bare_url};
use calldock_service::{Place, operator};
use clap::{Args, Parser, Subcommand};
use url::Url;

use crate::settings::{self, OPERATOR, Settings};
use crate::{log, serve, serve::Read};

/// The file that is read where none is named.
const DEFAULT_FILE: &str = "/etc/calldock/calldock-edge.toml";

/// The reverse proxy to CEC under the site's own origin. It holds no secret.
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Action>,
    #[command(flatten)]
    serve: Serve,
}

#[derive(Subcommand)]
enum Action {
    /// Reports every mistake of a settings file, without starting anything
    Check {
        /// The settings, a TOML file
        file: PathBuf,
    },
    /// Asks the operator's listener whether the process is healthy
    Health {
        /// The settings, a TOML file
        #[arg(long, value_name = "FILE", default_value = DEFAULT_FILE)]
        config: PathBuf,
    },
}

#[derive(Args)]
struct Serve {
    /// The settings, a TOML file [default: /etc/calldock/calldock-edge.toml]
    #[arg(long, value_name = "FILE", conflicts_with = "demo")]
    config: Option<PathBuf>,
    /// Where to listen, instead of listen.address; port 0 takes a free one
    #[arg(long, value_name = "IP:PORT")]
    listen: Option<SocketAddr>,
    /// Relays to a stand-in on this machine, without settings and without TLS
    #[arg(long, requires = "vendor")]
    demo: bool,
    /// The stand-in's address, with --demo
    #[arg(long, value_name = "URL", requires = "demo", value_parser = stand_in)]
    vendor: Option<Url>,
}

/// Runs the program: 0 for success, 1 where the system refuses, 2 for mistakes in arguments or settings.
pub fn run() -> ExitCode {
    let Arguments { command: action, serve } = Arguments::parse();
    command::exit(
        "calldock-edge",
        match action {
            Some(Action::Check { file }) => check(&file),
            Some(Action::Health { config }) => operator::health(None, Some(&config), [], OPERATOR),
            None => start(serve),
        },
    )
}

fn usage(mistakes: ConfigErrors) -> Failed {
    Failed::Usage(mistakes.to_string())
}

fn check(file: &Path) -> Result<(), Failed> {
    let settings = settings::load(file).map_err(usage)?;
    let _ = writeln!(
        std::io::stdout(),
        "{}: no mistakes; relays {}/service-cloud to {}",
        file.display(),
        settings.edge.prefix,
        settings.cec.origin
    );
    Ok(())
}

fn start(arguments: Serve) -> Result<(), Failed> {
    let file = arguments.config.unwrap_or_else(|| DEFAULT_FILE.into());
    let demo = arguments.vendor.filter(|_| arguments.demo).map(demo);
    let read: Read = Arc::new(move || {
        let mut settings = demo.clone().map_or_else(|| settings::load(&file), Ok)?;
        if let Some(address) = arguments.listen {
            settings.listen.address = Place::Address(address);
        }
        Ok(settings)
    });
    let settings = read().map_err(usage)?;
    if settings.cec.plain && !settings.listen.is_local() {
        let expected = "--listen: with --demo expected an address of this machine only";
        return Err(Failed::Usage(expected.into()));
    }
    let log = log::start(settings.json_log);
    serve::run(settings, &read, &log)
}

/// Settings without a file, for a stand-in on this machine.
fn demo(vendor: Url) -> Settings {
    let mut settings = Settings::new(vendor);
    settings.cec.plain = true;
    settings.edge.loopback_names_only = true;
    settings.operator = None;
    settings.listen.drain = Duration::ZERO;
    // Everything comes from this machine; a demo must not be stopped by its own limits.
    settings.edge.streams.per_address = settings.edge.streams.total;
    settings.listen.connections.per_address = settings.listen.connections.total;
    settings
}

fn stand_in(text: &str) -> Result<Url, &'static str> {
    let url = bare_url(text, PlainHttp::OnLoopback)?;
    let plain = (url.scheme() == "http").then_some(url);
    plain.ok_or("expected an address on this machine, like http://127.0.0.1:8701")
}
