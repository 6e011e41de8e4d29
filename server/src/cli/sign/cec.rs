//! `sign cec`: the Authorization mode's signature, in every reading.
//!
//! What `input` has is signed as it stands. An option that speaks of a part (payloadOrder of the payload,
//! contentLength of that header, …) has that part made anew from `user` or `epochMillis`.

use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{line, mistake, only_known, secret, text};
use crate::cec::auth_v2::{self, Parts};
use crate::cec::members::Members;
use crate::cec::{Reading, signer, timestamp};

const INPUT: [&str; 9] = [
    "httpMethod",
    "httpUri",
    "accessKey",
    "secretKey",
    "epochMillis",
    "timestamp",
    "user",
    "headers",
    "payload",
];

/// A golden vector; its other members may be there and are not looked at.
#[derive(Deserialize)]
struct Vector {
    input: Map<String, Value>,
    #[serde(default)]
    options: Map<String, Value>,
}

/// The one member whose order counts, which an ordinary JSON object does not keep.
#[derive(Deserialize)]
struct InOrder {
    input: User,
}

#[derive(Deserialize)]
struct User {
    #[serde(default)]
    user: Option<Members>,
}

/// Signs what was read.
///
/// # Errors
/// One sentence that names a member.
pub fn sign(input: &[u8]) -> Result<Value, String> {
    let whole: Value = serde_json::from_slice(input).map_err(|error| mistake(&error))?;
    let Vector { input: members, options } = serde_json::from_value(whole).map_err(|_| {
        "standard input: expected one JSON object with the objects input and options".to_owned()
    })?;
    let InOrder { input: User { user } } = serde_json::from_slice(input)
        .map_err(|_| "input.user: expected an object or null, with every member once".to_owned())?;
    only_known("input", members.keys(), &INPUT)?;
    let reading = read_options(&options)?;
    let given = |option: &str| options.contains_key(option);
    let user = user.unwrap_or_default();
    let posted = user.all();

    let secret_key: SecretString = secret(&members, "secretKey")?;
    let access_key = match user.text("channelConfigId") {
        Some(channel) if !members.contains_key("accessKey") => {
            plain("user.channelConfigId", channel)?
        }
        _ => line(&members, "accessKey")?,
    };
    let timestamp = if members.contains_key("timestamp")
        && !given("timeZone")
        && !given("timestampPrecision")
    {
        line(&members, "timestamp")?.to_owned()
    } else {
        let millis = members.get("epochMillis").and_then(Value::as_i64);
        millis
            .ok_or("expected milliseconds since 1970, before the year 10000")
            .and_then(|at| timestamp::write(at, reading.time_zone, reading.timestamp_precision))
            .map_err(|what| format!("epochMillis: {what}"))?
    };
    let payload =
        if members.contains_key("payload") && !given("payloadOrder") && !given("payloadMembers") {
            text(&members, "payload")?.to_owned()
        } else {
            signer::payload(&posted, &reading)
        };
    let length = signer::content_length(&payload, &posted, &reading, access_key, &timestamp);
    let made = signer::headers(&length, &reading.content_type);
    let mut headers = match members.get("headers") {
        None => made.to_vec(),
        Some(_) => read_headers(&members)?,
    };
    for (option, (name, value)) in ["contentLength", "contentType"].into_iter().zip(made) {
        if given(option) {
            headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
            headers.push((name, value));
        }
    }
    let parts = Parts {
        method: optional_line(&members, "httpMethod", signer::METHOD)?,
        uri: path(optional_line(&members, "httpUri", signer::URI)?)?,
        access_key,
        secret_key: &secret_key,
        timestamp: &timestamp,
        headers: &headers,
        payload: &payload,
    };
    let signed = auth_v2::sign(&parts, &reading.form).map_err(|error| error.to_string())?;
    Ok(json!({
        "signedHeaders": signed.signed_headers(),
        "authStringPrefix": signed.auth_string_prefix(),
        "signingKey": signed.signing_key(),
        "canonicalHeaders": signed.canonical_headers(),
        "normalizedPayload": signed.normalized_payload(),
        "canonicalRequest": signed.canonical_request(),
        "signature": signed.signature(),
        "authorization": signed.authorization(),
    }))
}

fn read_options(options: &Map<String, Value>) -> Result<Reading, String> {
    only_known("options", options.keys(), &Reading::OPTIONS)?;
    let mut reading = Reading::default();
    for (option, value) in options {
        let set = match value {
            Value::String(text) => reading.set(option, text),
            Value::Bool(truth) => reading.set(option, if *truth { "true" } else { "false" }),
            _ => Err("expected a text, true or false"),
        };
        set.map_err(|what| format!("options.{option}: {what}"))?;
    }
    Ok(reading)
}

fn read_headers(input: &Map<String, Value>) -> Result<Vec<(&str, &str)>, String> {
    const EXPECTED: &str = "headers: expected an object of texts without line breaks";
    let headers = input.get("headers").and_then(Value::as_object).ok_or(EXPECTED)?;
    fn header<'a>((name, value): (&'a String, &'a Value)) -> Option<(&'a str, &'a str)> {
        let value = value.as_str().filter(|value| !value.contains(['\n', '\r']))?;
        (!name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic()))
            .then_some((name.as_str(), value))
    }
    headers.iter().map(header).collect::<Option<_>>().ok_or_else(|| EXPECTED.to_owned())
}

fn optional_line<'a>(
    input: &'a Map<String, Value>,
    name: &str,
    default: &'a str,
) -> Result<&'a str, String> {
    if input.contains_key(name) { line(input, name) } else { Ok(default) }
}

fn plain<'a>(name: &str, value: &'a str) -> Result<&'a str, String> {
    let fits = !value.is_empty() && value.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    fits.then_some(value).ok_or_else(|| format!("{name}: expected one line of ASCII"))
}

/// "必须以“/”开头" (seed 001, chapter 2.5.1, step 5).
fn path(uri: &str) -> Result<&str, String> {
    if uri.starts_with('/') && !uri.contains(['?', '#']) {
        Ok(uri)
    } else {
        Err("httpUri: expected a path that begins with /, without query".into())
    }
}
