//! The signature of Authorization mode, verified (`vendor/huawei.md` §1, its default reading).

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::when::hex;

/// The only address that is signed, as CEC sees it: no proxy's prefix, no query.
const URI: &str = "/service-cloud/webclient/chat_client/js/newThirdPartyClient.js";
const VERSION: &str = "auth-v2";
const SIGNED_HEADERS: &str = "content-length;content-type";
const CONTENT_TYPE: &str = "application/json;charset=UTF-8";

/// Says whether `authorization` signs `payload` with the key that belongs to the access key.
///
/// No window of time is documented, so none is kept. A refusal holds nothing secret.
pub fn verify(
    authorization: &str,
    payload: &str,
    access_key: &str,
    secret_key: &str,
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
    if !is_timestamp(timestamp) {
        return Err("the timestamp is not yyyy-MM-dd'T'HH:mm:ss.SSS'Z'");
    }
    if headers != SIGNED_HEADERS {
        return Err("the signed headers are not content-length;content-type");
    }
    let prefix = [version, key, timestamp, headers].join("/");
    if sign(&prefix, payload, secret_key) == signature {
        Ok(())
    } else {
        Err("the signature does not match")
    }
}

/// The signature over a payload, 64 lower-case hex digits.
fn sign(prefix: &str, payload: &str, secret_key: &str) -> String {
    let canonical_headers =
        format!("content-length:{}\ncontent-type:{}", payload.len(), normalize(CONTENT_TYPE));
    let canonical_request =
        format!("POST\n{URI}\n{SIGNED_HEADERS}\n{canonical_headers}\n{}", normalize(payload));
    // The second key is the first result's 64 hex characters, not its 32 bytes.
    let signing_key = hmac_hex(secret_key, prefix);
    hmac_hex(&signing_key, &canonical_request)
}

fn hmac_hex(key: &str, message: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(key.as_bytes());
    let mac = mac.expect("HMAC takes a key of any length").chain_update(message);
    hex(&mac.finalize().into_bytes())
}

/// Percent-encodes every byte but the unreserved ones; `/` too (seed 001, PathUtils).
fn normalize(text: &str) -> String {
    let encode = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}

/// `2024-08-19T03:04:05.678Z` and the like.
fn is_timestamp(text: &str) -> bool {
    const SHAPE: &[u8] = b"0000-00-00T00:00:00.000Z";
    let fits = |(byte, shape): (u8, u8)| match shape {
        b'0' => byte.is_ascii_digit(),
        other => byte == other,
    };
    text.len() == SHAPE.len() && text.bytes().zip(SHAPE.iter().copied()).all(fits)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::cec::state::{CHANNEL, SECRET_KEY};

    /// The vectors of the reading that is recommended: `[{id, payload, authorization}]`.
    const VECTORS: &str = include_str!("tests/auth-v2.json");

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
    fn only_unreserved_bytes_stay_as_they_are() {
        assert_eq!(normalize("aZ09-._~ /*'()!"), "aZ09-._~%20%2F%2A%27%28%29%21");
        assert_eq!(normalize("张"), "%E5%BC%A0");
    }
}
