//! `sign tc3`: a signature without a server, to compare with one's own code or with the vendor's.

use std::io::{Read, Write};

use clap::Subcommand;
use secrecy::SecretString;
use serde_json::{Map, Value, json};

use super::Failed;
use crate::tccc::Credentials;
use crate::tccc::tc3::{self, Parts};

/// What can be signed.
#[derive(Debug, Subcommand)]
pub enum SignCommand {
    /// TCCC's cloud API: {secretId, secretKey, timestamp, host, contentType, service, body} becomes
    /// {canonicalRequest, stringToSign, signature, authorization}.
    Tc3,
}

const INPUT_LIMIT: u64 = 1024 * 1024;

/// Reads, signs, writes.
///
/// # Errors
/// One sentence that repeats nothing of the input but the names of the members it looked for.
pub fn run(command: &SignCommand) -> Result<(), Failed> {
    let mut input = Vec::new();
    std::io::stdin().take(INPUT_LIMIT + 1).read_to_end(&mut input).map_err(|error| {
        Failed::Usage(format!("standard input cannot be read ({})", error.kind()))
    })?;
    let SignCommand::Tc3 = command;
    let output = tc3(&input).map_err(Failed::Usage)?;
    writeln!(std::io::stdout(), "{output}").map_err(|error| {
        Failed::Work(format!("standard output cannot be written ({})", error.kind()))
    })
}

const MEMBERS: [&str; 7] =
    ["secretId", "secretKey", "timestamp", "host", "contentType", "service", "body"];

fn tc3(input: &[u8]) -> Result<Value, String> {
    if input.len() as u64 > INPUT_LIMIT {
        return Err("standard input: expected at most 1 MiB".into());
    }
    // Only the place is told: the parser's own words may quote the input.
    let input: Value = serde_json::from_slice(input).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        format!("standard input: expected one JSON object, found a mistake at line {line} column {column}")
    })?;
    let Value::Object(input) = input else {
        return Err("standard input: expected one JSON object, found another kind of value".into());
    };
    if input.keys().any(|key| !MEMBERS.contains(&key.as_str())) {
        return Err(format!(
            "standard input: found an unknown member, expected {}",
            MEMBERS.join(", ")
        ));
    }
    let timestamp = input
        .get("timestamp")
        .and_then(Value::as_i64)
        .ok_or("timestamp: expected a whole number of seconds since 1970")?;
    let credentials = Credentials {
        secret_id: secret(&input, "secretId")?,
        secret_key: secret(&input, "secretKey")?,
        token: None,
    };
    let parts = Parts {
        timestamp,
        service: line(&input, "service")?,
        host: line(&input, "host")?,
        content_type: line(&input, "contentType")?,
        body: text(&input, "body")?,
    };
    let signed = tc3::sign(&credentials, &parts).map_err(|error| error.to_string())?;
    Ok(json!({
        "canonicalRequest": signed.canonical_request,
        "stringToSign": signed.string_to_sign,
        "signature": signed.signature,
        "authorization": signed.authorization,
    }))
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
