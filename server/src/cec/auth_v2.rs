//! The signature `auth-v2` of the Authorization mode (`vendor/huawei.md` §1, seed 001 chapter 2.5.1).

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};

use super::members::Members;
use super::reading::{Form, PayloadMode};
use crate::digest::{hex, hmac_sha256};

const VERSION: &str = "auth-v2";

/// The request the signature speaks of. It is never sent in this form: the result travels in a body.
pub struct Parts<'a> {
    /// `POST`.
    pub method: &'a str,
    /// The path as CEC sees it: no prefix of a proxy, no query.
    pub uri: &'a str,
    /// Names the secret; the channel's id unless configured.
    pub access_key: &'a str,
    /// Signs.
    pub secret_key: &'a SecretString,
    /// The time, already in the guide's form.
    pub timestamp: &'a str,
    /// The headers to be signed, in any case and order.
    pub headers: &'a [(String, String)],
    /// What is vouched for, in JSON.
    pub payload: &'a str,
}

/// A signature and every step to it. No `Debug`: the steps hold a key.
pub struct Signed {
    /// Lower-case names in order.
    pub signed_headers: String,
    /// Version, access key, time and names.
    pub auth_string_prefix: String,
    /// The key for this prefix, 64 hexadecimal digits.
    pub signing_key: Zeroizing<String>,
    /// Names and values in order.
    pub canonical_headers: String,
    /// The payload as it is signed.
    pub normalized_payload: String,
    /// What is signed.
    pub canonical_request: String,
    /// The signature, 64 hexadecimal digits.
    pub signature: String,
    /// What vouches: prefix and signature.
    pub authorization: String,
}

/// The parts cannot be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsignable {
    /// The same header twice, in whatever case.
    #[error("headers: expected every name once")]
    HeaderTwice,
    /// Values can be told apart only in an object of texts.
    #[error("payload: expected a JSON object of texts, since payloadMode is normalizeValues")]
    NotMembers,
}

/// Signs in the form given.
///
/// # Errors
/// [`Unsignable`].
pub fn sign(parts: &Parts<'_>, form: &Form) -> Result<Signed, Unsignable> {
    let mut headers: Vec<_> =
        parts.headers.iter().map(|(name, value)| (name.to_lowercase(), java_trim(value))).collect();
    headers.sort_unstable();
    if headers.windows(2).any(|pair| pair[0].0 == pair[1].0) {
        return Err(Unsignable::HeaderTwice);
    }
    let names: Vec<_> = headers.iter().map(|(name, _)| name.as_str()).collect();
    let signed_headers = names.join(form.separator.as_str());
    let auth_string_prefix = prefix(parts.access_key, parts.timestamp, &signed_headers);
    let secret = parts.secret_key.expose_secret().as_bytes();
    let signing_key = Zeroizing::new(hex(&*hmac_sha256(secret, &auth_string_prefix)));
    let line = form.line_separator.as_str();
    let mut records: Vec<_> = headers
        .iter()
        .map(|(name, value)| {
            let name = normalized_if(form.normalize_header_name, name);
            [&name, ":", &normalized_if(form.normalize_header_value, value)].concat()
        })
        .collect();
    records.sort_unstable();
    let canonical_headers = records.join(line);
    let normalized_payload = payload(parts.payload, form.payload_mode)?;
    let (method, uri) = (parts.method, parts.uri);
    let query = if form.empty_query_line { line } else { "" };
    let canonical_request = [
        method,
        line,
        uri,
        line,
        query,
        &signed_headers,
        line,
        &canonical_headers,
        line,
        &normalized_payload,
    ]
    .concat();
    let signature = hex(&*hmac_sha256(signing_key.as_bytes(), &canonical_request));
    let authorization = [&auth_string_prefix, "/", &signature].concat();
    Ok(Signed {
        signed_headers,
        auth_string_prefix,
        signing_key,
        canonical_headers,
        normalized_payload,
        canonical_request,
        signature,
        authorization,
    })
}

fn prefix(access_key: &str, timestamp: &str, signed_headers: &str) -> String {
    [VERSION, access_key, timestamp, signed_headers].join("/")
}

/// How long an authorization over the two headers will be; the signature's length is fixed.
pub fn authorization_length(access_key: &str, timestamp: &str) -> usize {
    prefix(access_key, timestamp, "content-length;content-type").len() + "/".len() + 64
}

/// Every byte but the unreserved ones of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Percent-encodes every byte that is not unreserved: the guide's `PathUtils.normalize`.
pub fn normalize(text: &str) -> String {
    encode(text, RESERVED)
}

fn encode(text: &str, reserved: &'static AsciiSet) -> String {
    // JSON in Chinese becomes three times as long.
    let mut encoded = String::with_capacity(text.len() * 3);
    encoded.extend(utf8_percent_encode(text, reserved));
    encoded
}

fn normalized_if(wanted: bool, text: &str) -> Cow<'_, str> {
    if wanted { normalize(text).into() } else { text.into() }
}

fn payload(text: &str, mode: PayloadMode) -> Result<String, Unsignable> {
    match mode {
        PayloadMode::Normalize => Ok(normalize(text)),
        PayloadMode::NormalizePath => {
            const RESERVED_IN_PATHS: &AsciiSet = &RESERVED.remove(b'/');
            Ok(encode(text, RESERVED_IN_PATHS))
        }
        PayloadMode::Raw => Ok(text.to_owned()),
        PayloadMode::NormalizeValues if text.is_empty() => Ok(String::new()),
        PayloadMode::NormalizeValues => {
            let members: Members =
                serde_json::from_str(text).map_err(|_| Unsignable::NotMembers)?;
            let encoded = members.0.iter().map(|(name, value)| {
                let value = value.as_str().ok_or(Unsignable::NotMembers)?;
                Ok((name.clone(), normalize(value).into()))
            });
            Ok(Members(encoded.collect::<Result<_, _>>()?).json())
        }
    }
}

/// Java's `trim`: everything up to the space, at both ends.
fn java_trim(text: &str) -> &str {
    text.trim_matches(|c| c <= ' ')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parts<'a>(secret_key: &'a SecretString, headers: &'a [(String, String)]) -> Parts<'a> {
        Parts {
            method: "POST",
            uri: "/",
            access_key: "a",
            secret_key,
            timestamp: "2024-08-19T03:04:05.678Z",
            headers,
            payload: r#"{"a":"x/y 张","b":""}"#,
        }
    }

    #[test]
    fn a_header_is_signed_once() {
        let twice = [("A".to_owned(), "1".to_owned()), ("a".to_owned(), "2".to_owned())];
        let secret = "SECRETKEYEXAMPLE".into();
        let refused = sign(&parts(&secret, &twice), &Form::default());
        assert_eq!(refused.err(), Some(Unsignable::HeaderTwice));
    }

    #[test]
    fn each_payload_mode_leaves_more_than_the_one_before() {
        let secret = "SECRETKEYEXAMPLE".into();
        let payload = |payload_mode| {
            let form = Form { payload_mode, ..Form::default() };
            sign(&parts(&secret, &[]), &form).unwrap().normalized_payload
        };
        let normalized = payload(PayloadMode::Normalize);
        assert_eq!(normalized, "%7B%22a%22%3A%22x%2Fy%20%E5%BC%A0%22%2C%22b%22%3A%22%22%7D");
        assert_eq!(payload(PayloadMode::NormalizePath), normalized.replace("%2F", "/"));
        assert_eq!(payload(PayloadMode::NormalizeValues), r#"{"a":"x%2Fy%20%E5%BC%A0","b":""}"#);
        assert_eq!(payload(PayloadMode::Raw), r#"{"a":"x/y 张","b":""}"#);
        let form = Form { payload_mode: PayloadMode::NormalizeValues, ..Form::default() };
        let other = Parts { payload: r#"{"a":1}"#, ..parts(&secret, &[]) };
        assert_eq!(sign(&other, &form).err(), Some(Unsignable::NotMembers));
    }

    proptest! {
        #[test]
        fn what_is_normalized_decodes_to_itself_and_is_plain(text in ".{0,40}") {
            let encoded = normalize(&text);
            prop_assert!(encoded.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte)));
            let decoded = url::form_urlencoded::parse(format!("a={encoded}").as_bytes()).next().unwrap().1.into_owned();
            prop_assert_eq!(decoded, text);
        }

        #[test]
        fn the_length_of_an_authorization_is_known_before(key in "[0-9]{1,20}", length in 0..9999u32) {
            let headers = [("Content-Length".into(), length.to_string()), ("Content-Type".into(), "x/y".into())];
            let secret = "SECRETKEYEXAMPLE".into();
            let parts = Parts { access_key: &key, ..parts(&secret, &headers) };
            let signed = sign(&parts, &Form::default()).unwrap();
            prop_assert_eq!(signed.authorization.len(), authorization_length(&key, parts.timestamp));
        }
    }
}
