//! The signature of Authorization mode, verified (`docs/vendor/huawei.md` §1), in the reading that is asked for.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::reading::Reading;
use crate::when::{hex, unix_s, utc_date};

/// The only address that is signed, as CEC sees it: no proxy's prefix, no query.
const URI: &str = "/service-cloud/webclient/chat_client/js/newThirdPartyClient.js";
const VERSION: &str = "auth-v2";
const SIGNED_HEADERS: [&str; 2] = ["content-length", "content-type"];
/// How far the time may be from this clock, in minutes, where a reading looks at it.
const WINDOW: u64 = 5;

/// What a signature covers of a request.
pub struct Covered {
    /// The payload as it is signed.
    pub payload: String,
    /// What Content-Length says.
    pub length: usize,
}

/// Says whether `authorization` signs what it covers with the key that belongs to the access key.
///
/// No window of time is documented, so none is kept but by a reading that was asked for. A refusal holds
/// nothing secret.
pub fn verify(
    authorization: &str,
    covered: &Covered,
    access_key: &str,
    secret_key: &str,
    reading: &Reading,
) -> Result<(), &'static str> {
    let parts: Vec<&str> = authorization.split('/').collect();
    let [version, key, timestamp, headers, signature] = parts[..] else {
        return Err("the authorization has not the five parts of auth-v2");
    };
    if version != VERSION {
        return Err("the authorization is not of version auth-v2");
    }
    if key != access_key {
        return Err("the access key is not known");
    }
    if !is_timestamp(timestamp, reading.timestamp) {
        return Err("the timestamp is not yyyy-MM-dd'T'HH:mm:ss.SSS'Z'");
    }
    if reading.clock.is_some_and(|hours| !is_now(timestamp, hours)) {
        return Err("the timestamp is not of now");
    }
    if headers != SIGNED_HEADERS.join(reading.separator) {
        return Err("the signed headers are not content-length;content-type");
    }
    let prefix = [version, key, timestamp, headers].join("/");
    if sign(&prefix, headers, covered, secret_key, reading) == signature {
        Ok(())
    } else {
        Err("the signature does not match")
    }
}

/// The signature over a payload, 64 lower-case hex digits.
fn sign(
    prefix: &str,
    headers: &str,
    covered: &Covered,
    secret_key: &str,
    reading: &Reading,
) -> String {
    let Covered { payload, length } = covered;
    let (line, query) = (reading.line, reading.query);
    let kind = reading.content_type;
    let kind = if reading.encodes_values { normalize(kind) } else { kind.to_owned() };
    let canonical_headers = format!("content-length:{length}{line}content-type:{kind}");
    let canonical_request =
        format!("POST{line}{URI}{line}{query}{headers}{line}{canonical_headers}{line}{payload}");
    // The second key is the first result's 64 hex characters, not its 32 bytes.
    let signing_key = hmac_hex(secret_key, prefix);
    hmac_hex(&signing_key, &canonical_request)
}

/// Whether a time is of this clock, so many hours east of UTC, or near enough.
fn is_now(timestamp: &str, hours: i64) -> bool {
    let now = unix_s().saturating_add_signed(hours * 3600);
    let minutes = (now / 60 - WINDOW)..=(now / 60 + WINDOW);
    minutes.into_iter().any(|minute| {
        let (date, minute) = (utc_date(minute * 60), minute % 1440);
        timestamp.starts_with(&format!("{date}T{:02}:{:02}:", minute / 60, minute % 60))
    })
}

fn hmac_hex(key: &str, message: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(key.as_bytes());
    let mac = mac.expect("HMAC takes a key of any length").chain_update(message);
    hex(&mac.finalize().into_bytes())
}

/// Percent-encodes every byte but the unreserved ones; `/` too (CEC guide, PathUtils).
pub fn normalize(text: &str) -> String {
    let encode = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}

/// `2024-08-19T03:04:05.678Z` and the like, in the shape given.
fn is_timestamp(text: &str, shape: &str) -> bool {
    let fits = |(byte, shape): (u8, u8)| match shape {
        b'0' => byte.is_ascii_digit(),
        other => byte == other,
    };
    text.len() == shape.len() && text.bytes().zip(shape.bytes()).all(fits)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::cec::{
        reading::RECOMMENDED,
        state::{CHANNEL, SECRET_KEY},
    };

    /// The vectors of the reading that is recommended: `[{id, payload, authorization}]`.
    const VECTORS: &str = include_str!("tests/auth-v2.json");

    /// Over a payload as it was before it was encoded.
    fn verify(
        authorization: &str,
        payload: &str,
        access_key: &str,
        secret_key: &str,
    ) -> Result<(), &'static str> {
        let covered = Covered { payload: normalize(payload), length: payload.len() };
        super::verify(authorization, &covered, access_key, secret_key, &RECOMMENDED)
    }

    fn vectors() -> Vec<(String, String, String)> {
        let vectors: Vec<Value> = serde_json::from_str(VECTORS).unwrap();
        let text = |vector: &Value, name: &str| vector[name].as_str().unwrap().to_owned();
        let read = |v: &Value| (text(v, "id"), text(v, "payload"), text(v, "authorization"));
        vectors.iter().map(read).collect()
    }

    #[test]
    fn every_recommended_vector_verifies() {
        assert_eq!(vectors().len(), 7);
        for (id, payload, authorization) in vectors() {
            assert_eq!(verify(&authorization, &payload, CHANNEL, SECRET_KEY), Ok(()), "{id}");
        }
    }

    #[test]
    fn one_flipped_bit_anywhere_is_refused() {
        for (id, payload, authorization) in vectors() {
            for index in 0..authorization.len() {
                let mut flipped = authorization.clone().into_bytes();
                flipped[index] ^= 1;
                let flipped = String::from_utf8(flipped).unwrap();
                assert!(verify(&flipped, &payload, CHANNEL, SECRET_KEY).is_err(), "{id} {index}");
            }
            let other = payload.clone() + " ";
            assert!(verify(&authorization, &other, CHANNEL, SECRET_KEY).is_err(), "{id}");
            assert!(verify(&authorization, &payload, CHANNEL, "another").is_err(), "{id}");
        }
    }

    #[test]
    fn a_refusal_says_which_part_is_wrong() {
        let (_, payload, good) = vectors().swap_remove(0);
        for (from, to, word) in [
            ("auth-v2/", "", "five parts"),
            ("auth-v2", "auth-v1", "version"),
            (CHANNEL, "1", "access key"),
            (".678Z", "Z", "timestamp"),
            ("2024-08-19T", "2024-08-19 ", "timestamp"),
            ("length;content", "length:content", "signed headers"),
        ] {
            let refusal = verify(&good.replace(from, to), &payload, CHANNEL, SECRET_KEY);
            assert!(refusal.unwrap_err().contains(word), "{word}");
        }
        let upper = good
            .rsplit_once('/')
            .map(|(prefix, signature)| format!("{prefix}/{}", signature.to_uppercase()));
        assert!(verify(&upper.unwrap(), &payload, CHANNEL, SECRET_KEY).is_err());
    }

    #[test]
    fn a_reading_may_look_at_the_clock() {
        assert!(!is_now("2024-08-19T03:04:05.678Z", 0));
        let now = unix_s();
        let (date, minute) = (utc_date(now), now / 60 % 1440);
        let text = format!("{date}T{:02}:{:02}:00Z", minute / 60, minute % 60);
        assert!(is_now(&text, 0) && !is_now(&text, 8), "{text}");
    }

    #[test]
    fn only_unreserved_bytes_stay_as_they_are() {
        assert_eq!(normalize("aZ09-._~ /*'()!"), "aZ09-._~%20%2F%2A%27%28%29%21");
        assert_eq!(normalize("张"), "%E5%BC%A0");
    }
}
