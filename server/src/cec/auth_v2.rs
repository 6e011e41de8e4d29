//! The signature `auth-v2` of the Authorization mode (`vendor/huawei.md` §1, seed 001 chapter 2.5.1).

use std::borrow::Cow;
use std::ops::Range;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};

use super::members::Members;
use super::reading::{Form, PayloadMode};
use crate::digest::{hex, hmac_sha256};

const VERSION: &str = "auth-v2";

/// The names of the two headers that are signed.
pub const CONTENT_LENGTH: &str = "content-length";
/// See [`CONTENT_LENGTH`].
pub const CONTENT_TYPE: &str = "content-type";

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
    pub headers: &'a [(&'a str, &'a str)],
    /// What is vouched for, in JSON.
    pub payload: &'a str,
}

/// A signature and every step to it. No `Debug`: the steps hold a key.
///
/// The steps are parts of two texts, since one of these is made for every login.
pub struct Signed {
    authorization: String,
    signed_headers: Range<usize>,
    canonical_request: String,
    canonical_headers: Range<usize>,
    normalized_payload: Range<usize>,
    signing_key: Zeroizing<String>,
}

impl Signed {
    /// What vouches: prefix and signature.
    pub fn into_authorization(self) -> String {
        self.authorization
    }

    /// See [`Signed::into_authorization`].
    pub fn authorization(&self) -> &str {
        &self.authorization
    }

    /// Lower-case names in order.
    pub fn signed_headers(&self) -> &str {
        &self.authorization[self.signed_headers.clone()]
    }

    /// Version, access key, time and names.
    pub fn auth_string_prefix(&self) -> &str {
        &self.authorization[..self.signed_headers.end]
    }

    /// The key for this prefix, 64 hexadecimal digits.
    pub fn signing_key(&self) -> &str {
        &self.signing_key
    }

    /// Names and values in order.
    pub fn canonical_headers(&self) -> &str {
        &self.canonical_request[self.canonical_headers.clone()]
    }

    /// The payload as it is signed.
    pub fn normalized_payload(&self) -> &str {
        &self.canonical_request[self.normalized_payload.clone()]
    }

    /// What is signed.
    pub fn canonical_request(&self) -> &str {
        &self.canonical_request
    }

    /// The signature, 64 hexadecimal digits.
    pub fn signature(&self) -> &str {
        &self.authorization[self.signed_headers.end + "/".len()..]
    }
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
        parts.headers.iter().map(|(name, value)| (lower_case(name), java_trim(value))).collect();
    headers.sort_unstable();
    if headers.windows(2).any(|pair| pair[0].0 == pair[1].0) {
        return Err(Unsignable::HeaderTwice);
    }
    let mut authorization = beginning(parts.access_key, parts.timestamp);
    let names = headers.iter().map(|(name, _)| name.as_ref());
    let signed_headers = join(&mut authorization, names, form.separator.as_str());
    let secret = parts.secret_key.expose_secret().as_bytes();
    let signing_key = Zeroizing::new(hex(&*hmac_sha256(secret, &authorization)));

    let line = form.line_separator.as_str();
    let mut records: Vec<_> =
        headers.iter().map(|(name, value)| record(name, value, form)).collect();
    records.sort_unstable();
    let mut request = String::with_capacity(REQUEST + longest(parts.payload));
    let query = if form.empty_query_line { line } else { "" };
    let names = &authorization[signed_headers.clone()];
    for piece in [parts.method, line, parts.uri, line, query, names, line] {
        request.push_str(piece);
    }
    let canonical_headers = join(&mut request, records.iter().map(String::as_str), line);
    request.push_str(line);
    let payload_at = request.len();
    push_payload(&mut request, parts.payload, form.payload_mode)?;

    let signature = hmac_sha256(signing_key.as_bytes(), &request);
    authorization.push('/');
    authorization.push_str(&hex(&*signature));
    Ok(Signed {
        authorization,
        signed_headers,
        canonical_headers,
        normalized_payload: payload_at..request.len(),
        canonical_request: request,
        signing_key,
    })
}

/// As much as most authorizations need.
const AUTHORIZATION: usize = 192;

/// As much as most canonical requests need beside their payload.
const REQUEST: usize = 256;

/// An authorization up to the names of the signed headers.
fn beginning(access_key: &str, timestamp: &str) -> String {
    let mut beginning = String::with_capacity(AUTHORIZATION);
    for piece in [VERSION, "/", access_key, "/", timestamp, "/"] {
        beginning.push_str(piece);
    }
    beginning
}

/// How long an authorization over the two headers will be; the signature's length is fixed.
pub fn authorization_length(access_key: &str, timestamp: &str) -> usize {
    let names = CONTENT_LENGTH.len() + ";".len() + CONTENT_TYPE.len();
    beginning(access_key, timestamp).len() + names + "/".len() + 64
}

/// Adds texts with something between them, and says where they stand.
fn join<'a>(
    text: &mut String,
    pieces: impl Iterator<Item = &'a str>,
    between: &str,
) -> Range<usize> {
    let start = text.len();
    for (index, piece) in pieces.enumerate() {
        if index > 0 {
            text.push_str(between);
        }
        text.push_str(piece);
    }
    start..text.len()
}

/// A line of the canonical headers.
fn record(name: &str, value: &str, form: &Form) -> String {
    let mut record = String::with_capacity(longest(name) + longest(value) + 1);
    push_header_part(&mut record, name, form.normalize_header_name);
    record.push(':');
    push_header_part(&mut record, value, form.normalize_header_value);
    record
}

fn push_header_part(record: &mut String, text: &str, normalized: bool) {
    if normalized {
        record.extend(normalize(text));
    } else {
        record.push_str(text);
    }
}

/// Every byte but the unreserved ones of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Percent-encodes every byte that is not unreserved: the guide's `PathUtils.normalize`.
pub fn normalize(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, RESERVED)
}

/// JSON in Chinese becomes three times as long.
const fn longest(text: &str) -> usize {
    text.len() * 3
}

fn push_payload(request: &mut String, text: &str, mode: PayloadMode) -> Result<(), Unsignable> {
    match mode {
        PayloadMode::Normalize => request.extend(normalize(text)),
        PayloadMode::NormalizePath => {
            const RESERVED_IN_PATHS: &AsciiSet = &RESERVED.remove(b'/');
            request.extend(utf8_percent_encode(text, RESERVED_IN_PATHS));
        }
        PayloadMode::Raw => request.push_str(text),
        PayloadMode::NormalizeValues if text.is_empty() => {}
        PayloadMode::NormalizeValues => {
            let members: Members =
                serde_json::from_str(text).map_err(|_| Unsignable::NotMembers)?;
            let encoded = members.0.iter().map(|(name, value)| {
                let value = value.as_str().ok_or(Unsignable::NotMembers)?;
                Ok((name.clone(), normalize(value).to_string().into()))
            });
            request.push_str(&Members(encoded.collect::<Result<_, _>>()?).json());
        }
    }
    Ok(())
}

/// Most names are so already.
fn lower_case(name: &str) -> Cow<'_, str> {
    let is_lower = name.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    if is_lower { name.into() } else { name.to_lowercase().into() }
}

/// Java's `trim`: everything up to the space, at both ends.
fn java_trim(text: &str) -> &str {
    text.trim_matches(|c| c <= ' ')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parts<'a>(secret_key: &'a SecretString, headers: &'a [(&'a str, &'a str)]) -> Parts<'a> {
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
        let twice = [("A", "1"), ("a", "2")];
        let secret = "SECRETKEYEXAMPLE".into();
        let refused = sign(&parts(&secret, &twice), &Form::default());
        assert_eq!(refused.err(), Some(Unsignable::HeaderTwice));
    }

    #[test]
    fn each_payload_mode_leaves_more_than_the_one_before() {
        let secret = "SECRETKEYEXAMPLE".into();
        let payload = |payload_mode| {
            let form = Form { payload_mode, ..Form::default() };
            sign(&parts(&secret, &[]), &form).unwrap().normalized_payload().to_owned()
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
            let encoded = normalize(&text).to_string();
            prop_assert!(encoded.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte)));
            let decoded = url::form_urlencoded::parse(format!("a={encoded}").as_bytes()).next().unwrap().1.into_owned();
            prop_assert_eq!(decoded, text);
        }

        #[test]
        fn the_length_of_an_authorization_is_known_before(key in "[0-9]{1,20}", length in 0..9999u32) {
            let length = length.to_string();
            let headers = [(CONTENT_LENGTH, length.as_str()), (CONTENT_TYPE, "x/y")];
            let secret = "SECRETKEYEXAMPLE".into();
            let parts = Parts { access_key: &key, ..parts(&secret, &headers) };
            let signed = sign(&parts, &Form::default()).unwrap();
            prop_assert_eq!(signed.authorization().len(), authorization_length(&key, parts.timestamp));
        }
    }
}
