//! `account add|list|remove|password`: the accounts of `[local]`, in the file itself.
//!
//! A running server sees every change at once: a user who is removed or has a new password is signed out.

mod password;

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
    let database = Database::open(&local.database).map_err(failed)?;
    match args.command {
        AccountCommand::Add { user, name } => {
            let account = Account::new(&user, name.as_deref())
                .map_err(|expected| Failed::Usage(expected.into()))?;
            if database.by_user(&user).map_err(failed)?.is_some() {
                return Err(failed(DatabaseError::Exists));
            }
            database.add(&account, &hash(&account)?).map_err(failed)
        }
        AccountCommand::List => {
            let mut table = Table::new();
            table.load_style(comfy_table::presets::NOTHING).set_header(["USER", "NAME"]);
            for Account { user, name } in database.list().map_err(failed)? {
                table.add_row([user, name.unwrap_or_default()]);
            }
            output::write(&table.to_string())
        }
        AccountCommand::Remove { user } => {
            database.remove(&user).map_err(failed)?.then_some(()).ok_or_else(unknown)
        }
        AccountCommand::Password { user } => {
            let stored = database.by_user(&user).map_err(failed)?.ok_or_else(unknown)?;
            let hash = hash(&stored.account)?;
            database.set_password(&user, &hash).map_err(failed)?.map(|_| ()).ok_or_else(unknown)
        }
    }
}

/// Reads `[local]` alone: other sections may be incomplete.
fn load(file: Option<&Path>) -> Result<Settings, ConfigErrors> {
    let mut values = source::read(file, source::environment(), &KEYS)?;
    values.retain(|key, _| key.starts_with("local."));
    if file.is_none() && values.is_empty() {
        return Err(ConfigErrors::one("local.database", "missing", "pass --config"));
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
        error => Failed::Work(format!("local.database: {error}")),
    }
}

fn unknown() -> Failed {
    Failed::Work("no account of this name exists; `account list` shows them".into())
}
