//! The canonical request of `auth-v2` and its signature.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};

use super::SignError;
use super::reading::{PayloadMode, Reading};
use crate::digest::{hex, hmac_sha256};
use crate::members::Members;

const VERSION: &str = "auth-v2";
const CONTENT_LENGTH: &str = "content-length";
const CONTENT_TYPE: &str = "content-type";

/// The request that is signed. It is never sent in this form: the authorization travels in a body.
pub struct Request<'a> {
    /// The method, `POST`.
    pub method: &'a str,
    /// The path as CEC sees it: no proxy prefix, no query.
    pub uri: &'a str,
    /// Names the key.
    pub access_key: &'a str,
    /// The secret key.
    pub secret_key: &'a SecretString,
    /// The time, already in the guide's format.
    pub timestamp: &'a str,
    /// The signed headers, in any case and order.
    pub headers: &'a [(&'a str, &'a str)],
    /// The signed fields in JSON; may be empty.
    pub payload: &'a str,
}

/// A signature and the steps to it. No `Debug`: one of the steps is a key.
pub struct Signed {
    /// Lower-case header names in order.
    pub signed_headers: String,
    /// Version, access key, time and header names.
    pub auth_string_prefix: String,
    /// The key for this prefix, 64 hexadecimal digits.
    pub signing_key: Zeroizing<String>,
    /// Header names and values in order.
    pub canonical_headers: String,
    /// The payload as it is signed.
    pub normalized_payload: String,
    /// The signed text.
    pub canonical_request: String,
    /// The signature, 64 hexadecimal digits.
    pub signature: String,
    /// Prefix and signature: what the page posts as `thirdPartAuthorization`.
    pub authorization: String,
}

/// Signs a request in the given reading.
///
/// # Errors
/// [`SignError::HeaderTwice`], [`SignError::PayloadNotStrings`].
pub fn sign(request: &Request<'_>, reading: &Reading) -> Result<Signed, SignError> {
    let mut headers = Vec::new();
    for (name, value) in request.headers {
        // As Java's `trim`: without all up to the space at both ends.
        headers.push((name.to_lowercase(), value.trim_matches(|c| c <= ' ')));
    }
    headers.sort_unstable();
    if headers.windows(2).any(|pair| pair[0].0 == pair[1].0) {
        return Err(SignError::HeaderTwice);
    }
    let names: Vec<_> = headers.iter().map(|(name, _)| name.as_str()).collect();
    let signed_headers = names.join(reading.separator.as_str());
    let auth_string_prefix = prefix(request.access_key, request.timestamp, &signed_headers);
    let secret = request.secret_key.expose_secret().as_bytes();
    let signing_key = Zeroizing::new(hex(&*hmac_sha256(secret, &auth_string_prefix)));

    let line = reading.line_separator.as_str();
    let mut records: Vec<_> = headers.iter().map(|header| record(header, reading)).collect();
    records.sort_unstable();
    let canonical_headers = records.join(line);
    let normalized_payload = normalize_payload(request.payload, reading.payload_mode)?;
    let mut lines = vec![request.method, request.uri];
    if reading.empty_query_line {
        lines.push("");
    }
    lines.extend([&*signed_headers, &*canonical_headers, &*normalized_payload]);
    let canonical_request = lines.join(line);

    let signature = hex(&*hmac_sha256(signing_key.as_bytes(), &canonical_request));
    let authorization = format!("{auth_string_prefix}/{signature}");
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

/// Returns the two headers that are signed.
pub fn headers<'a>(content_length: &'a str, content_type: &'a str) -> [(&'a str, &'a str); 2] {
    [(CONTENT_LENGTH, content_length), (CONTENT_TYPE, content_type)]
}

/// Returns the length of an authorization over the two headers, which is known before it is made.
pub fn authorization_length(access_key: &str, timestamp: &str) -> usize {
    let names = format!("{CONTENT_LENGTH};{CONTENT_TYPE}");
    prefix(access_key, timestamp, &names).len() + "/".len() + 64
}

fn prefix(access_key: &str, timestamp: &str, signed_headers: &str) -> String {
    format!("{VERSION}/{access_key}/{timestamp}/{signed_headers}")
}

/// One line of the canonical headers.
fn record((name, value): &(String, &str), reading: &Reading) -> String {
    let part = |text: &str, encode| if encode { normalize(text) } else { text.to_owned() };
    let name = part(name, reading.normalize_header_name);
    format!("{name}:{}", part(value, reading.normalize_header_value))
}

/// Every byte except the unreserved ones of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Percent-encodes every byte that is not unreserved, as the guide's `PathUtils.normalize` does.
pub fn normalize(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

fn normalize_payload(text: &str, mode: PayloadMode) -> Result<String, SignError> {
    const RESERVED_IN_PATHS: &AsciiSet = &RESERVED.remove(b'/');
    match mode {
        PayloadMode::Normalize => Ok(normalize(text)),
        PayloadMode::NormalizePath => Ok(utf8_percent_encode(text, RESERVED_IN_PATHS).to_string()),
        PayloadMode::NormalizeValues if !text.is_empty() => {
            let members: Members =
                serde_json::from_str(text).map_err(|_| SignError::PayloadNotStrings)?;
            let encoded = members.0.iter().map(|(name, value)| {
                let value = value.as_str().ok_or(SignError::PayloadNotStrings)?;
                Ok((name.clone(), normalize(value)))
            });
            Ok(encoded.collect::<Result<Members, _>>()?.json())
        }
        PayloadMode::NormalizeValues | PayloadMode::Raw => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn request<'a>(secret_key: &'a SecretString, headers: &'a [(&'a str, &'a str)]) -> Request<'a> {
        Request {
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
    fn an_empty_payload_has_no_values() {
        for mode in [PayloadMode::NormalizeValues, PayloadMode::Normalize, PayloadMode::Raw] {
            assert_eq!(normalize_payload("", mode).ok().as_deref(), Some(""), "{mode:?}");
        }
    }

    #[test]
    fn a_header_given_twice_is_refused() {
        let secret = "SECRETKEYEXAMPLE".into();
        let refused = sign(&request(&secret, &[("A", "1"), ("a", "2")]), &Reading::default());
        assert_eq!(refused.err(), Some(SignError::HeaderTwice));
    }

    #[test]
    fn each_payload_mode_encodes_less_than_the_one_before() {
        let secret = "SECRETKEYEXAMPLE".into();
        let payload = |payload_mode| {
            let reading = Reading { payload_mode, ..Reading::default() };
            sign(&request(&secret, &[]), &reading).ok().unwrap().normalized_payload
        };
        let normalized = payload(PayloadMode::Normalize);
        assert_eq!(normalized, "%7B%22a%22%3A%22x%2Fy%20%E5%BC%A0%22%2C%22b%22%3A%22%22%7D");
        assert_eq!(payload(PayloadMode::NormalizePath), normalized.replace("%2F", "/"));
        assert_eq!(payload(PayloadMode::NormalizeValues), r#"{"a":"x%2Fy%20%E5%BC%A0","b":""}"#);
        assert_eq!(payload(PayloadMode::Raw), r#"{"a":"x/y 张","b":""}"#);
        let reading = Reading { payload_mode: PayloadMode::NormalizeValues, ..Reading::default() };
        let other = Request { payload: r#"{"a":1}"#, ..request(&secret, &[]) };
        assert_eq!(sign(&other, &reading).err(), Some(SignError::PayloadNotStrings));
    }

    proptest! {
        #[test]
        fn normalized_text_is_plain_and_decodes_to_itself(text in ".{0,40}") {
            let encoded = normalize(&text);
            prop_assert!(encoded.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte)));
            let decoded = percent_encoding::percent_decode_str(&encoded).decode_utf8().unwrap();
            prop_assert_eq!(decoded, text);
        }

        #[test]
        fn the_length_of_an_authorization_is_known_before(key in "[0-9]{1,20}", length in 0..9999u32) {
            let length = length.to_string();
            let headers = headers(&length, "x/y");
            let secret = "SECRETKEYEXAMPLE".into();
            let request = Request { access_key: &key, ..request(&secret, &headers) };
            let signed = sign(&request, &Reading::default()).ok().unwrap();
            prop_assert_eq!(signed.authorization.len(), authorization_length(&key, request.timestamp));
        }
    }
}
