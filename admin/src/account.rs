//! `account add|list|remove|password`: the accounts of `[local]`, in the file itself.
//!
//! A running server sees every change at once: a user who is removed or has a new password is signed out.

mod password;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use calldock_accounts::{Account, Database, DatabaseError, Settings, passwords, strength};
use calldock_server::config::{KEYS, keys};
use calldock_server::identity::local::settings;
use calldock_server::settings::{ConfigErrors, Reader, source};
use clap::{Args, Subcommand};
use comfy_table::Table;

use crate::output::{self, Failed};

/// Which accounts.
#[derive(Args, Debug)]
pub struct AccountArgs {
    /// The configuration; only [local] is read
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: AccountCommand,
}

#[derive(Debug, Subcommand)]
enum AccountCommand {
    /// Adds an account; asks for the password, or reads it from the first line of standard input
    Add {
        /// The account's name: for an agent, the mail address the agent was added with
        user: String,
        /// The display name
        #[arg(long)]
        name: Option<String>,
    },
    /// Lists the accounts
    List,
    /// Removes an account and signs its user out
    Remove {
        /// The account's name
        user: String,
    },
    /// Sets a new password and signs the user out; reads it as add does
    Password {
        /// The account's name
        user: String,
    },
}

/// Runs an `account` command.
///
/// # Errors
/// [`Failed::Usage`] for a wrong configuration, name or password, [`Failed::Work`] if the database fails
/// or the account does not exist.
pub fn run(args: AccountArgs) -> Result<(), Failed> {
    let local = load(args.config.as_deref()).map_err(|errors| Failed::Usage(errors.to_string()))?;
    // Only the first account makes a file: a wrong path must not look like a server without accounts.
    let existing = || Database::open_existing(&local.database).map_err(failed);
    match args.command {
        AccountCommand::Add { user, name } => {
            let account = Account::new(&user, name.as_deref())
                .map_err(|expected| Failed::Usage(expected.into()))?;
            let database = Database::open(&local.database).map_err(failed)?;
            if database.by_user(&user).map_err(failed)?.is_some() {
                return Err(failed(DatabaseError::Exists));
            }
            database.add(&account, &hash(&account)?).map_err(failed)
        }
        AccountCommand::List => {
            let mut table = Table::new();
            table.load_style(comfy_table::presets::NOTHING).set_header(["USER", "NAME"]);
            for Account { user, name } in existing()?.list().map_err(failed)? {
                table.add_row([user, name.unwrap_or_default()]);
            }
            output::write(&table.to_string())
        }
        AccountCommand::Remove { user } => {
            existing()?.remove(&user).map_err(failed)?.then_some(()).ok_or_else(unknown)
        }
        AccountCommand::Password { user } => {
            let database = existing()?;
            let stored = database.by_user(&user).map_err(failed)?.ok_or_else(unknown)?;
            let hash = hash(&stored.account)?;
            database.set_password(&user, &hash).map_err(failed)?.map(|_| ()).ok_or_else(unknown)
        }
    }
}

/// Reads `[local]` alone: other sections may be incomplete. The section may be left out where a kind is `local`.
fn load(file: Option<&Path>) -> Result<Settings, ConfigErrors> {
    let mut values = source::read(file, source::environment(), &KEYS)?;
    let is_kind = |key| values.get(key).and_then(|kind| kind.as_str()) == Some("local");
    let uses_accounts = is_kind("identity.kind") || is_kind("visitor.kind");
    values.retain(|key, _| key == "local" || key.starts_with("local."));
    if values.is_empty() && !uses_accounts {
        let fix =
            "pass --config the server's file, whose identity.kind or visitor.kind is \"local\"";
        return Err(ConfigErrors::one("local", "missing", fix));
    }
    let mut reader = Reader::new(values, keys(), file);
    let local = settings::read(&mut reader);
    reader.finish()?;
    local.ok_or_else(ConfigErrors::default)
}

fn hash(account: &Account) -> Result<String, Failed> {
    let password = password::read()?;
    if !strength::is_strong(&password, &account.user, account.name.as_deref()) {
        return Err(Failed::Usage(format!("the password: {}", strength::EXPECTED)));
    }
    passwords::hash(&password).ok_or_else(|| Failed::Work("the system has no random bytes".into()))
}

fn failed(error: DatabaseError) -> Failed {
    match error {
        DatabaseError::Exists => Failed::Work(format!("{error}; choose another one")),
        DatabaseError::File(ErrorKind::NotFound) => Failed::Work(MISSING.into()),
        error => Failed::Work(format!("local.database: {error}")),
    }
}

const MISSING: &str = "local.database: no such file; check its path, and --config";

fn unknown() -> Failed {
    Failed::Work("no account of this name exists; `account list` shows them".into())
}
