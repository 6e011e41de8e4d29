//! `sign …`: a signature without a server, to compare with an implementation of your own or the vendor's.
//!
//! * [`cec`]: the Authorization mode, in every reading.
//! * [`input`]: reads members of the JSON object.
//! * [`tc3`]: the cloud API.
//! * [`user_sig`]: decodes a userSig; only the vendor can make one.

mod cec;
mod input;
mod tc3;
mod user_sig;

use std::io::Read;

use clap::Subcommand;
use serde_json::Value;

use crate::output::{self, Failed};

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
    /// Decodes a userSig of TCCC's online chat: {userSig, clientData?, uid?, now?} becomes what it contains
    /// and whether it matches. The vendor signs it, by CreateUserSig.
    UserSig,
}

const INPUT_LIMIT: u64 = 1024 * 1024;

/// Reads, signs, writes.
///
/// # Errors
/// One sentence that repeats nothing of the input except the names of expected members.
pub fn run(command: SignCommand) -> Result<(), Failed> {
    let mut input = Vec::new();
    std::io::stdin().take(INPUT_LIMIT + 1).read_to_end(&mut input).map_err(|error| {
        Failed::Usage(format!("standard input cannot be read ({})", error.kind()))
    })?;
    let output = sign(command, &input).map_err(Failed::Usage)?;
    output::write(&output.to_string())
}

fn sign(command: SignCommand, input: &[u8]) -> Result<Value, String> {
    if input.len() as u64 > INPUT_LIMIT {
        return Err("standard input: expected at most 1 MiB".into());
    }
    match command {
        SignCommand::Tc3 => tc3::sign(&input::object(input)?),
        SignCommand::Cec => cec::sign(input),
        SignCommand::UserSig => user_sig::decode(&input::object(input)?),
    }
}
