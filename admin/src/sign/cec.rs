//! `sign cec`: the signature of the Authorization mode, in every reading.
//!
//! Parts that `input` has are signed as they are. An option that concerns a part (payloadOrder the payload,
//! contentLength that header, …) has the part made again from `user` or `epochMillis`.

use calldock_signing::auth_v2::{METHOD, Reading, Request, URI, canonical, payload, timestamp};
use calldock_signing::{Members, members};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::input::{by_name, line, only_known, parsed, printable, secret, text};

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

/// A golden vector; its other members are ignored.
#[derive(Deserialize)]
struct Vector {
    input: Input,
    #[serde(default)]
    options: Members,
}

/// The order of the user's members counts.
#[derive(Deserialize)]
struct Input {
    user: Option<Members>,
    headers: Option<Members>,
    #[serde(flatten)]
    rest: Members,
}

const EXPECTED: &str = "the objects input and options, in input perhaps user and headers, each";

/// Signs a vector.
///
/// # Errors
/// One sentence that names a member.
pub fn sign(input: &[u8]) -> Result<Value, String> {
    let Vector { input: Input { user, headers, rest }, options } = parsed(input, EXPECTED)?;
    let (members, options) = (by_name(&rest), by_name(&options));
    only_known("input", members.keys(), &INPUT)?;
    let reading = read_options(&options)?;
    // Whether the input's own part is signed.
    let given = |part: &str, options_of: &[&str]| {
        members.contains_key(part) && !options_of.iter().any(|option| options.contains_key(*option))
    };

    let secret_key: SecretString = secret(&members, "secretKey")?;
    let channel = user.as_ref().and_then(|user| user.text("channelConfigId"));
    let access_key = match channel {
        Some(channel) if !members.contains_key("accessKey") => {
            printable("user.channelConfigId", channel)?
        }
        _ => line(&members, "accessKey")?,
    };
    let timestamp = if given("timestamp", &["timeZone", "timestampPrecision"]) {
        line(&members, "timestamp")?.to_owned()
    } else {
        members
            .get("epochMillis")
            .and_then(Value::as_i64)
            .and_then(|at| {
                timestamp::write(at, reading.time_zone, reading.timestamp_precision).ok()
            })
            .ok_or("epochMillis: expected milliseconds since 1970, before the year 10000")?
    };
    let payload = match (members.get("payload"), &user) {
        (Some(Value::Null), _) | (None, None) => String::new(),
        (_, Some(user)) if !given("payload", &["payloadOrder", "payloadMembers"]) => {
            payload::payload(user, &reading)
        }
        _ => text(&members, "payload")?.to_owned(),
    };
    let posted = user.clone().unwrap_or_default();
    let length = payload::content_length(&payload, &posted, &reading, access_key, &timestamp);
    let made = canonical::headers(&length, &reading.content_type);
    let mut headers = match &headers {
        None => made.to_vec(),
        Some(headers) => read_headers(headers)?,
    };
    for (option, (name, value)) in ["contentLength", "contentType"].into_iter().zip(made) {
        if options.contains_key(option) {
            headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
            headers.push((name, value));
        }
    }
    let request = Request {
        method: optional_line(&members, "httpMethod", METHOD)?,
        uri: path(optional_line(&members, "httpUri", URI)?)?,
        access_key,
        secret_key: &secret_key,
        timestamp: &timestamp,
        headers: &headers,
        payload: &payload,
    };
    let signed = canonical::sign(&request, &reading).map_err(|error| error.to_string())?;
    Ok(json!({
        "signedHeaders": signed.signed_headers,
        "authStringPrefix": signed.auth_string_prefix,
        "signingKey": *signed.signing_key,
        "canonicalHeaders": signed.canonical_headers,
        "normalizedPayload": signed.normalized_payload,
        "canonicalRequest": signed.canonical_request,
        "signature": signed.signature,
        "authorization": signed.authorization,
    }))
}

fn read_options(options: &Map<String, Value>) -> Result<Reading, String> {
    only_known("options", options.keys(), &Reading::OPTIONS)?;
    let mut reading = Reading::default();
    for (option, value) in options {
        let set = match value {
            Value::String(text) => reading.set(option, text),
            Value::Bool(value) => reading.set(option, if *value { "true" } else { "false" }),
            _ => Err("expected a string, true or false"),
        };
        set.map_err(|expected| format!("options.{option}: {expected}"))?;
    }
    Ok(reading)
}

fn read_headers(headers: &Members) -> Result<Vec<(&str, &str)>, String> {
    fn header((name, value): &(String, members::Value)) -> Option<(&str, &str)> {
        let value = value.as_str().filter(|value| !value.contains(['\n', '\r']))?;
        (!name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic()))
            .then_some((name.as_str(), value))
    }
    let read: Option<_> = headers.0.iter().map(header).collect();
    read.ok_or_else(|| "headers: expected an object of strings without line breaks".into())
}

fn optional_line<'a>(
    input: &'a Map<String, Value>,
    name: &str,
    default: &'a str,
) -> Result<&'a str, String> {
    if input.contains_key(name) { line(input, name) } else { Ok(default) }
}

/// "必须以“/”开头" (CEC guide, chapter 2.5.1, step 5).
fn path(uri: &str) -> Result<&str, String> {
    if uri.starts_with('/') && !uri.contains(['?', '#']) {
        Ok(uri)
    } else {
        Err("httpUri: expected a path that begins with /, without query".into())
    }
}
