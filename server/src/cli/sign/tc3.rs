//! `sign tc3`: the signature of TCCC's cloud API.

use serde_json::{Map, Value, json};

use super::{line, only_known, secret, text};
use crate::tccc::Credentials;
use crate::tccc::tc3::{self, Parts};

const MEMBERS: [&str; 7] =
    ["secretId", "secretKey", "timestamp", "host", "contentType", "service", "body"];

/// Signs what was read.
///
/// # Errors
/// One sentence that names a member.
pub fn sign(input: &Map<String, Value>) -> Result<Value, String> {
    only_known("standard input", input.keys(), &MEMBERS)?;
    let timestamp = input
        .get("timestamp")
        .and_then(Value::as_i64)
        .ok_or("timestamp: expected a whole number of seconds since 1970")?;
    let credentials = Credentials {
        secret_id: secret(input, "secretId")?,
        secret_key: secret(input, "secretKey")?,
        token: None,
    };
    let parts = Parts {
        timestamp,
        service: line(input, "service")?,
        host: line(input, "host")?,
        content_type: line(input, "contentType")?,
        body: text(input, "body")?,
    };
    let signed = tc3::sign(&credentials, &parts).map_err(|error| error.to_string())?;
    Ok(json!({
        "canonicalRequest": signed.canonical_request,
        "stringToSign": signed.string_to_sign,
        "signature": signed.signature,
        "authorization": signed.authorization,
    }))
}
