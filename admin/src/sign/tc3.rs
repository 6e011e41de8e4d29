//! `sign tc3`: the signature of TCCC's cloud API.

use calldock_signing::tc3::{self, Request};
use serde_json::{Map, Value, json};

use super::input::{line, only_known, secret, text};

const MEMBERS: [&str; 7] =
    ["secretId", "secretKey", "timestamp", "host", "contentType", "service", "body"];

/// Signs a request.
///
/// # Errors
/// One sentence that names a member.
pub fn sign(input: &Map<String, Value>) -> Result<Value, String> {
    only_known("standard input", input.keys(), &MEMBERS)?;
    let timestamp = input
        .get("timestamp")
        .and_then(Value::as_i64)
        .ok_or("timestamp: expected a whole number of seconds since 1970")?;
    let request = Request {
        timestamp,
        service: line(input, "service")?,
        host: line(input, "host")?,
        content_type: line(input, "contentType")?,
        body: text(input, "body")?,
    };
    let (id, key) = (secret(input, "secretId")?, secret(input, "secretKey")?);
    let signed = tc3::sign(&id, &key, &request).map_err(|error| error.to_string())?;
    Ok(json!({
        "canonicalRequest": signed.canonical_request,
        "stringToSign": signed.string_to_sign,
        "signature": signed.signature,
        "authorization": signed.authorization,
    }))
}
