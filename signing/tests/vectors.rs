//! The golden vectors of `signing/tests/fixtures/huawei-auth-v2.json`: each as it is written, and each variant through
//! the option that makes it.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use calldock_signing::Members;
use calldock_signing::auth_v2::{Reading, Request, Signed, Signer, User, canonical};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Vector {
    id: String,
    input: Input,
    options: BTreeMap<String, Value>,
    signed_headers: String,
    auth_string_prefix: String,
    signing_key: String,
    canonical_headers: String,
    normalized_payload: String,
    canonical_request: String,
    signature: String,
    authorization: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    http_method: String,
    http_uri: String,
    access_key: String,
    secret_key: String,
    epoch_millis: i64,
    timestamp: String,
    user: Option<Members>,
    headers: BTreeMap<String, String>,
    payload: String,
}

fn vectors() -> Vec<Vector> {
    serde_json::from_str(include_str!("fixtures/huawei-auth-v2.json")).unwrap()
}

fn reading(options: &BTreeMap<String, Value>) -> Reading {
    let mut reading = Reading::default();
    for (option, value) in options {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        reading.set(option, &text).unwrap();
    }
    reading
}

fn compare(vector: &Vector, signed: &Signed, how: &str) {
    let expected = [
        &vector.signed_headers,
        &vector.auth_string_prefix,
        &vector.signing_key,
        &vector.canonical_headers,
        &vector.normalized_payload,
        &vector.canonical_request,
        &vector.signature,
        &vector.authorization,
    ];
    let found = [
        &signed.signed_headers,
        &signed.auth_string_prefix,
        &*signed.signing_key,
        &signed.canonical_headers,
        &signed.normalized_payload,
        &signed.canonical_request,
        &signed.signature,
        &signed.authorization,
    ];
    assert_eq!(found, expected, "{} {how}", vector.id);
}

#[test]
fn every_vector_is_reproduced() {
    let vectors = vectors();
    assert_eq!(vectors.len(), 20);
    for vector in vectors {
        let input = &vector.input;
        let headers: Vec<_> =
            input.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let secret_key = input.secret_key.as_str().into();
        let request = Request {
            method: &input.http_method,
            uri: &input.http_uri,
            access_key: &input.access_key,
            secret_key: &secret_key,
            timestamp: &input.timestamp,
            headers: &headers,
            payload: &input.payload,
        };
        let signed = canonical::sign(&request, &reading(&vector.options)).ok().unwrap();
        compare(&vector, &signed, "as it is written");
    }
}

/// Signs the user of a vector from the four fields, the time and the key alone.
fn signed(vector: &Vector, reading: Reading) -> Option<Signed> {
    let user = vector.input.user.as_ref()?;
    let four = User {
        name: user.text("thirdUserName")?,
        id: user.text("thirdUserId")?,
        tenant_space_id: user.text("tenantSpaceId")?,
        channel_config_id: user.text("channelConfigId")?,
    };
    let known = four.members();
    let rest = user.0.iter().filter(|(name, _)| known.text(name).is_none()).cloned();
    let secret_key = vector.input.secret_key.as_str().into();
    let signer = Signer {
        reading,
        body_sample: rest.collect(),
        ..Signer::new(&vector.input.access_key, secret_key)
    };
    signer.sign(vector.input.epoch_millis, &four).ok()
}

#[test]
fn the_recommended_reading_needs_only_a_user_a_key_and_a_time() {
    let mut count = 0;
    for vector in vectors().iter().filter(|vector| vector.id.starts_with('R')) {
        if let Some(signed) = signed(vector, Reading::default()) {
            compare(vector, &signed, "in the recommended reading");
            count += 1;
        }
    }
    assert_eq!(count, 6, "all but the empty payload have a user");
}

#[test]
fn each_variant_is_one_option() {
    let mut vectors: BTreeMap<_, _> =
        vectors().into_iter().map(|vector| (vector.id.clone(), vector)).collect();
    let table = [
        ("V-A-tom", "separator", ":"),
        ("V-B-tom", "normalizeHeaderValue", "false"),
        ("V-C-tom", "payloadOrder", "alphabetical"),
        ("V-D-tom", "payloadOrder", "hashMap"),
        ("V-E-tom", "contentLength", "characters"),
        ("V-F-tom", "lineSeparator", "crlf"),
        ("V-G-tom", "emptyQueryLine", "true"),
        ("V-H-tom", "payloadMode", "normalizePath"),
        ("V-I-tom", "payloadMembers", "all"),
        ("V-J-tom", "contentLength", "body"),
        ("V-K-tom", "contentType", "application/x-www-form-urlencoded; charset=UTF-8"),
        ("V-L-tom", "timestampPrecision", "seconds"),
        ("V-M-tom", "payloadMode", "raw"),
    ];
    for (id, option, value) in table {
        let vector = vectors.remove(id).unwrap();
        let mut reading = Reading::default();
        reading.set(option, value).unwrap();
        let signed = signed(&vector, reading).unwrap();
        compare(&vector, &signed, option);
    }
    assert!(vectors.keys().all(|id| id.starts_with('R')), "a variant has no option");
}
