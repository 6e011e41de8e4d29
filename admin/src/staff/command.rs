//! The command line of `staff sync`.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use calldock_server::problem::Refusal;
use calldock_server::tccc::{Api, HttpTransport};
use calldock_service::command;
use clap::{Args, Subcommand};

use super::file::{self, Form};
use super::sync::{self, Options};
use super::{Person, Report};
use crate::output::{self, Failed, no_authorities};
use crate::source::Source;

/// What can be done with agents.
#[derive(Debug, Subcommand)]
pub enum StaffCommand {
    /// Creates the agents of a list that the contact centre does not have. It changes and removes none, and
    /// can be run again. Exit status: 1 if an agent could not be created, 2 if the list or the
    /// configuration is wrong.
    Sync(SyncArgs),
}

/// Which list, and how.
#[derive(Args, Debug)]
pub struct SyncArgs {
    /// agents.csv or agents.json, in UTF-8: name, mail, phone (0086…), nick, userId, staffNumber,
    /// skillGroups (a;b), role (admin, qa or agent), extension
    file: PathBuf,
    /// Reports what would be created, and creates nothing
    #[arg(long)]
    dry_run: bool,
    /// Writes one JSON object instead of a table
    #[arg(long)]
    json: bool,
    /// The vendor sends new agents no mail with a password
    #[arg(long)]
    no_password_mail: bool,
    #[command(flatten)]
    source: Source,
}

/// Runs a `staff` command.
///
/// # Errors
/// [`Failed::Usage`] for a wrong list or configuration, [`Failed::Work`] if the vendor cannot be reached,
/// [`Failed::Reported`] after a report with failures.
pub fn run(command: &StaffCommand) -> Result<(), Failed> {
    let StaffCommand::Sync(args) = command;
    let people = read(&args.file)?;
    let report = command::run(synchronise(args, people))?;
    let text = if args.json { report.json().to_string() } else { report.table() };
    output::write(text.trim_end())?;
    if report.is_good() { Ok(()) } else { Err(Failed::Reported(1)) }
}

/// A list of ten thousand agents has about one megabyte.
const FILE_LIMIT: u64 = 8 * 1024 * 1024;

fn read(path: &Path) -> Result<Vec<Person>, Failed> {
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

/// The time for one call; longer than the server's, because no page waits for it.
const TIMEOUT: Duration = Duration::from_secs(30);

async fn synchronise(args: &SyncArgs, people: Vec<Person>) -> Result<Report, Failed> {
    let config = args.source.load()?.map_err(|errors| Failed::Usage(errors.to_string()))?;
    let tccc =
        config.tccc.ok_or_else(|| Failed::Usage("expected [tccc] in the configuration".into()))?;
    let transport = HttpTransport::new(tccc.plain_http, TIMEOUT).map_err(no_authorities)?;
    let api = Api::new(tccc, Arc::new(transport));
    let options = Options { dry_run: args.dry_run, send_password: !args.no_password_mail };
    sync::run(&api, people, options).await.map_err(|failure| {
        let refusal = Refusal::from(failure);
        let (detail, remedy) = (refusal.detail(), refusal.remedy().en);
        Failed::Work(format!("the agents cannot be listed, none was created. {detail} {remedy}"))
    })
}
