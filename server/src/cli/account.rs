//! `account add|list|remove|password`: the accounts of `[local]`, at the file itself.
//!
//! A running server sees every change at once: whoever is removed or has a new password is signed out.

use std::io::{BufRead, IsTerminal, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use clap::{Args, Subcommand};
use comfy_table::Table;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};

use super::Failed;
use crate::config::Config;
use crate::identity::local::accounts::{Accounts, DatabaseError};
use crate::identity::local::{passwords, strength};
use crate::identity::{AgentId, Person};

/// Which accounts.
#[derive(Args, Debug)]
pub struct AccountArgs {
    /// The configuration, of which only [local] is read
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: AccountCommand,
}

#[derive(Debug, Subcommand)]
enum AccountCommand {
    /// Adds an account; the password is asked for, or is the first line of standard input
    Add {
        /// The account's name: for an agent, the mail address the agent was added with
        user: String,
        /// What others read
        #[arg(long)]
        name: Option<String>,
    },
    /// Lists the accounts
    List,
    /// Removes an account and signs it out
    Remove {
        /// The account's name
        user: String,
    },
    /// Sets a new password and signs the account out; the password comes as with add
    Password {
        /// The account's name
        user: String,
    },
}

/// Does what is asked for.
///
/// # Errors
/// [`Failed::Usage`] for a wrong configuration, name or password, [`Failed::Work`] where the file or the
/// account is not what was expected.
pub fn run(args: AccountArgs) -> Result<(), Failed> {
    let environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let local = Config::load_local(args.config.as_deref(), environment)
        .map_err(|errors| Failed::Usage(errors.to_string()))?;
    let accounts = Accounts::open(&local.database).map_err(database)?;
    match args.command {
        AccountCommand::Add { user, name } => {
            let person = person(&user, name.as_deref())?;
            if accounts.by_user(&user).map_err(database)?.is_some() {
                return Err(database(DatabaseError::Taken));
            }
            accounts.add(&person, &hash(&person)?).map_err(database)
        }
        AccountCommand::List => {
            let mut table = Table::new();
            table.load_style(comfy_table::presets::NOTHING).set_header(["USER", "NAME"]);
            for Person { id, name } in accounts.list().map_err(database)? {
                table.add_row([id, name.unwrap_or_default()]);
            }
            // Whoever started us may not listen to what we say.
            let _ = writeln!(std::io::stdout(), "{table}");
            Ok(())
        }
        AccountCommand::Remove { user } => {
            accounts.remove(&user).map_err(database)?.then_some(()).ok_or_else(unknown)
        }
        AccountCommand::Password { user } => {
            let account = accounts.by_user(&user).map_err(database)?.ok_or_else(unknown)?;
            let hash = hash(&account.person)?;
            accounts.set_password(&user, &hash).map_err(database)?.map(|_| ()).ok_or_else(unknown)
        }
    }
}

fn person(user: &str, name: Option<&str>) -> Result<Person, Failed> {
    let fits = AgentId::parse(user).is_ok();
    let person = Person::new(user, name)
        .ok()
        .filter(|_| fits)
        .ok_or_else(|| Failed::Usage("the user: expected 1 to 256 bytes without spaces".into()))?;
    if name.is_some() && person.name.is_none() {
        return Err(Failed::Usage(
            "--name: expected 1 to 256 bytes without control characters".into(),
        ));
    }
    Ok(person)
}

fn hash(person: &Person) -> Result<String, Failed> {
    let password = password()?;
    if !strength::is_strong(&password, &person.id, person.name.as_deref()) {
        return Err(Failed::Usage(format!("the password: {}", strength::EXPECTED)));
    }
    passwords::hash(&password).ok_or_else(|| Failed::Work("the system gave no random bytes".into()))
}

fn database(error: DatabaseError) -> Failed {
    match error {
        DatabaseError::Taken => Failed::Work(format!("{error}; choose another one")),
        error => Failed::Work(format!("local.database: {error}")),
    }
}

fn unknown() -> Failed {
    Failed::Work("there is no account of this name; `account list` shows them".into())
}

/// Never an argument: those are for everyone on the machine to read.
fn password() -> Result<SecretString, Failed> {
    if !std::io::stdin().is_terminal() {
        return line();
    }
    let first = unseen("password")?;
    let again = unseen("once more")?;
    if first.expose_secret() == again.expose_secret() {
        Ok(first)
    } else {
        Err(Failed::Usage("the password: expected the same twice".into()))
    }
}

fn unseen(what: &str) -> Result<SecretString, Failed> {
    let _ = write!(std::io::stderr(), "{what}: ");
    let echo = Echo::off()?;
    let line = line();
    drop(echo);
    let _ = writeln!(std::io::stderr());
    line
}

fn line() -> Result<SecretString, Failed> {
    let mut line = Zeroizing::new(String::new());
    let read = std::io::stdin().lock().read_line(&mut line);
    read.map_err(|error| Failed::Work(format!("the password: cannot be read ({})", error.kind())))?;
    Ok(line.trim_end_matches(['\r', '\n']).into())
}

/// A terminal that does not show what is typed; dropping it shows it again.
struct Echo;

impl Echo {
    fn off() -> Result<Self, Failed> {
        if stty("-echo") {
            Ok(Self)
        } else {
            let sentence =
                "the terminal would show the password; send it by standard input instead";
            Err(Failed::Work(sentence.into()))
        }
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        stty("echo");
    }
}

fn stty(argument: &str) -> bool {
    let mut command = Command::new("stty");
    let done = command.arg(argument).stdin(Stdio::inherit()).stderr(Stdio::null()).status();
    done.is_ok_and(|status| status.success())
}
