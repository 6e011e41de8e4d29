//! `sign …`: a signature without a server, to compare with one's own code or with the vendor's.
//!
//! * [`cec`]: the Authorization mode's, in every reading.
//! * [`tc3`]: the cloud API's.
//! * [`user_sig`]: what a userSig says; without the vendor's key none can be made.

mod cec;
mod tc3;
mod user_sig;

use std::io::{Read, Write};

use clap::Subcommand;
use secrecy::SecretString;
use serde_json::{Map, Value};

use super::Failed;

/// What can be signed.
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum SignCommand {
    /// TCCC's cloud API: {secretId, secretKey, timestamp, host, contentType, service, body} becomes
    /// {canonicalRequest, stringToSign, signature, authorization}.
    Tc3,
    /// CEC's Authorization mode: {input: {httpMethod, httpUri, accessKey, secretKey, timestamp or
    /// epochMillis, user, headers, payload}, options: {separator, lineSeparator, payloadOrder, …}} becomes
    /// {signedHeaders, authStringPrefix, signingKey, canonicalHeaders, normalizedPayload,
    /// canonicalRequest, signature, authorization}.
    Cec,
    /// TCCC's online chat, decoded: {userSig, clientData?, uid?, now?} becomes what the userSig says, and
    /// whether it fits. It cannot be made here: the vendor signs it, by CreateUserSig.
    UserSig,
}

const INPUT_LIMIT: u64 = 1024 * 1024;

/// Reads, signs, writes.
///
/// # Errors
/// One sentence that repeats nothing of the input but the names of the members it looked for.
pub fn run(command: SignCommand) -> Result<(), Failed> {
    let mut input = Vec::new();
    std::io::stdin().take(INPUT_LIMIT + 1).read_to_end(&mut input).map_err(|error| {
        Failed::Usage(format!("standard input cannot be read ({})", error.kind()))
    })?;
    let output = answer(command, &input).map_err(Failed::Usage)?;
    writeln!(std::io::stdout(), "{output}").map_err(|error| {
        Failed::Work(format!("standard output cannot be written ({})", error.kind()))
    })
}

fn answer(command: SignCommand, input: &[u8]) -> Result<Value, String> {
    if input.len() as u64 > INPUT_LIMIT {
        return Err("standard input: expected at most 1 MiB".into());
    }
    match command {
        SignCommand::Tc3 => tc3::sign(&object(input)?),
        SignCommand::Cec => cec::sign(input),
        SignCommand::UserSig => user_sig::decode(&object(input)?),
    }
}

fn object(input: &[u8]) -> Result<Map<String, Value>, String> {
    match serde_json::from_slice(input).map_err(|error| mistake(&error))? {
        Value::Object(members) => Ok(members),
        _ => Err("standard input: expected one JSON object, found another kind of value".into()),
    }
}

/// Only the place is told: the parser's own words may quote the input.
fn mistake(error: &serde_json::Error) -> String {
    let (line, column) = (error.line(), error.column());
    format!(
        "standard input: expected one JSON object, found a mistake at line {line} column {column}"
    )
}

fn only_known<'a>(
    what: &str,
    mut names: impl Iterator<Item = &'a String>,
    known: &[&str],
) -> Result<(), String> {
    if names.any(|name| !known.contains(&name.as_str())) {
        return Err(format!("{what}: found an unknown member, expected {}", known.join(", ")));
    }
    Ok(())
}

fn text<'a>(input: &'a Map<String, Value>, name: &str) -> Result<&'a str, String> {
    input.get(name).and_then(Value::as_str).ok_or_else(|| format!("{name}: expected a text"))
}

/// A text that goes into a header: with a line break in it, other things would be signed than are sent.
fn line<'a>(input: &'a Map<String, Value>, name: &str) -> Result<&'a str, String> {
    let value = text(input, name)?;
    let fits = !value.is_empty() && value.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    fits.then_some(value).ok_or_else(|| format!("{name}: expected one line of ASCII"))
}

fn secret(input: &Map<String, Value>, name: &str) -> Result<SecretString, String> {
    line(input, name).map(SecretString::from)
}
