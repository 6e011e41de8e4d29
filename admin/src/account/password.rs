//! Reads a password: never from an argument, which every user of the machine could read.

use std::io::{BufRead, IsTerminal, Write};
use std::process::{Command, Stdio};

use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};

use crate::output::Failed;

/// Asks for a password twice on a terminal, otherwise reads one line of standard input.
pub fn read() -> Result<SecretString, Failed> {
    if !std::io::stdin().is_terminal() {
        return line();
    }
    let first = without_echo("password")?;
    let again = without_echo("once more")?;
    let same = first.expose_secret() == again.expose_secret();
    same.then_some(first)
        .ok_or_else(|| Failed::Usage("the password: expected the same twice".into()))
}

fn without_echo(prompt: &str) -> Result<SecretString, Failed> {
    let _ = write!(std::io::stderr(), "{prompt}: ");
    let echo = EchoOff::new()?;
    let line = line();
    drop(echo);
    let _ = writeln!(std::io::stderr());
    line
}

fn line() -> Result<SecretString, Failed> {
    let mut line = Zeroizing::new(String::new());
    let read = std::io::stdin().lock().read_line(&mut line);
    read.map_err(|error| Failed::Work(format!("the password: cannot be read ({})", error.kind())))?;
    // Editors and shells of Windows write a byte order mark, which nobody types.
    let line = line.strip_prefix('\u{feff}').unwrap_or(&line);
    Ok(line.trim_end_matches(['\r', '\n']).into())
}

/// The terminal does not show what is typed until this is dropped.
struct EchoOff;

impl EchoOff {
    fn new() -> Result<Self, Failed> {
        let sentence = "the terminal would show the password; send it by standard input instead";
        stty("-echo").then_some(Self).ok_or_else(|| Failed::Work(sentence.into()))
    }
}

impl Drop for EchoOff {
    fn drop(&mut self) {
        stty("echo");
    }
}

fn stty(argument: &str) -> bool {
    let mut command = Command::new("stty");
    let done = command.arg(argument).stdin(Stdio::inherit()).stderr(Stdio::null()).status();
    done.is_ok_and(|status| status.success())
}
