//! `staff sync`: a list of agents becomes agents of the contact centre.

use std::io::{Read, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, Subcommand};
use url::Url;

use super::Failed;
use crate::config::{Config, TcccConfig};
use crate::demo;
use crate::problem::Refusal;
use crate::staff::file::{self, Form};
use crate::staff::sync::{self, Options};
use crate::staff::{Person, Report};
use crate::store::Store;
use crate::tccc::{Api, HttpTransport};

/// What can be done with agents.
#[derive(Debug, Subcommand)]
pub enum StaffCommand {
    /// Creates the agents of a list that the contact centre does not have yet. It changes and removes
    /// nobody, and can be run again. Exit status 1 if somebody could not be created, 2 if the list or the
    /// configuration is wrong.
    Sync(SyncArgs),
}

/// Which list, and how.
#[derive(Args, Debug)]
pub struct SyncArgs {
    /// agents.csv or agents.json, in UTF-8: name, mail, phone (0086…), nick, userId, staffNumber,
    /// skillGroups (a;b), role (admin, qa or agent), extension
    file: PathBuf,
    /// Says what would be done, and does nothing
    #[arg(long)]
    dry_run: bool,
    /// One JSON object instead of a table
    #[arg(long)]
    json: bool,
    /// The vendor sends new agents no mail with a password
    #[arg(long)]
    no_password_mail: bool,
    /// The configuration, a TOML file; CALLDOCK_… variables override it, or stand in for it
    #[arg(long, value_name = "FILE", conflicts_with = "demo")]
    config: Option<PathBuf>,
    /// The demo's contact centre
    #[arg(long)]
    demo: bool,
    /// The vendor's stand-in, with --demo
    #[arg(long, value_name = "URL", requires = "demo", default_value = demo::VENDOR, value_parser = super::serve::vendor)]
    vendor: Url,
}

/// Reads, compares, creates, tells.
///
/// # Errors
/// [`Failed::Usage`] for a wrong list or configuration, [`Failed::Work`] where the vendor did not answer,
/// [`Failed::Told`] after a report with failures in it.
pub fn run(command: &StaffCommand) -> Result<(), Failed> {
    let StaffCommand::Sync(args) = command;
    let people = list(&args.file)?;
    let report = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failed::Work(format!("no runtime can be started ({})", error.kind())))?
        .block_on(synced(args, people))?;
    let text = if args.json { format!("{}\n", report.json()) } else { report.table() };
    std::io::stdout().write_all(text.as_bytes()).map_err(|error| {
        Failed::Work(format!("standard output cannot be written ({})", error.kind()))
    })?;
    if report.is_good() { Ok(()) } else { Err(Failed::Told(1)) }
}

/// A list of ten thousand agents has about one megabyte.
const FILE_LIMIT: u64 = 8 * 1024 * 1024;

fn list(path: &Path) -> Result<Vec<Person>, Failed> {
    let shown = path.display();
    let form = Form::of(path).ok_or_else(|| {
        Failed::Usage(format!("{shown}: expected a name that ends in .csv or .json"))
    })?;
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(FILE_LIMIT + 1).read_to_end(&mut bytes))
        .map_err(|error| Failed::Usage(format!("{shown} cannot be read ({})", error.kind())))?;
    if bytes.len() as u64 > FILE_LIMIT {
        return Err(Failed::Usage(format!("{shown}: expected at most 8 MiB, found more")));
    }
    file::read(&bytes, form).map_err(|mistakes| Failed::Usage(format!("{shown}: {mistakes}")))
}

/// Nobody waits for a page here.
const TIMEOUT: Duration = Duration::from_secs(30);

async fn synced(args: &SyncArgs, people: Vec<Person>) -> Result<Report, Failed> {
    let config = configuration(args)?;
    let transport = HttpTransport::new(config.plain_http, TIMEOUT).map_err(|_| {
        let sentence = "no certificate authorities found on this machine; install ca-certificates";
        Failed::Work(sentence.into())
    })?;
    let api = Api::new(config, Arc::new(transport), &Store::memory());
    let options = Options { dry_run: args.dry_run, send_password: !args.no_password_mail };
    sync::run(&api, people, options).await.map_err(|failure| {
        let refusal = Refusal::from(failure);
        let (detail, remedy) = (refusal.detail(), refusal.remedy().en);
        Failed::Work(format!("the agents cannot be listed, nobody was created. {detail} {remedy}"))
    })
}

fn configuration(args: &SyncArgs) -> Result<TcccConfig, Failed> {
    let config = if args.demo {
        let listen = SocketAddr::from(([127, 0, 0, 1], 0));
        demo::config(listen, &args.vendor).map_err(|sentence| Failed::Usage(sentence.into()))?
    } else {
        let environment = std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        });
        Config::load(args.config.as_deref(), environment)
            .map_err(|errors| Failed::Usage(errors.to_string()))?
    };
    config.tccc.ok_or_else(|| Failed::Usage("expected [tccc] in the configuration".into()))
}
