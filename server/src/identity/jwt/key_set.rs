//! A provider's published keys (RFC 7517).

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{
    AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, KeyOperations, PublicKeyUse,
};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde_json::Value;

/// A shorter modulus can be factored.
const RSA_BYTES: usize = 2048 / 8;

/// The keys of a set that can verify a signature.
#[derive(Default)]
pub struct KeySet(Vec<Known>);

struct Known {
    id: Option<String>,
    /// The only algorithm of the key, if the provider restricts it.
    only: Option<KeyAlgorithm>,
    family: Family,
    key: DecodingKey,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Rsa,
    P256,
    P384,
    Ed25519,
}

impl KeySet {
    /// Reads a set. Keys of other kinds and for other uses are ignored, as the standard requires.
    ///
    /// # Errors
    /// It is not a key set, or none of its keys can be used.
    pub fn parse(body: &[u8]) -> Result<Self, &'static str> {
        #[derive(Deserialize)]
        struct Set {
            keys: Vec<Value>,
        }
        let set: Set = serde_json::from_slice(body).map_err(|_| "found no key set")?;
        let keys = set.keys.into_iter().filter_map(|key| serde_json::from_value(key).ok());
        let known: Vec<_> = keys.filter_map(|key| known(&key)).collect();
        // A provider never has none: its set is broken, and must not replace one that works.
        if known.is_empty() {
            Err("found no key that verifies signatures")
        } else {
            Ok(Self(known))
        }
    }

    /// Finds the key for a token. Without an id there must be exactly one key for the algorithm.
    pub fn find(&self, id: Option<&str>, algorithm: Algorithm) -> Option<&DecodingKey> {
        let mut fitting = self.0.iter().filter(|known| {
            family(algorithm) == Some(known.family)
                && known.only.is_none_or(|only| only == KeyAlgorithm::from(algorithm))
                && id.is_none_or(|id| known.id.as_deref() == Some(id))
        });
        let first = fitting.next()?;
        fitting.next().is_none().then_some(&first.key)
    }
}

fn known(key: &Jwk) -> Option<Known> {
    let common = &key.common;
    let signs = match &common.public_key_use {
        None => true,
        Some(purpose) => *purpose == PublicKeyUse::Signature,
    };
    let verifies = match &common.key_operations {
        None => true,
        Some(operations) => operations.contains(&KeyOperations::Verify),
    };
    let family = match &key.algorithm {
        AlgorithmParameters::RSA(rsa) if bytes(&rsa.n)?.len() >= RSA_BYTES => Family::Rsa,
        AlgorithmParameters::EllipticCurve(ec) if ec.curve == EllipticCurve::P256 => Family::P256,
        AlgorithmParameters::EllipticCurve(ec) if ec.curve == EllipticCurve::P384 => Family::P384,
        // The library reads the first 32 bytes, and panics if there are fewer.
        AlgorithmParameters::OctetKeyPair(pair)
            if pair.curve == EllipticCurve::Ed25519 && bytes(&pair.x)?.len() == 32 =>
        {
            Family::Ed25519
        }
        _ => return None,
    };
    let decoding = DecodingKey::from_jwk(key).ok().filter(|_| signs && verifies)?;
    Some(Known { id: common.key_id.clone(), only: common.key_algorithm, family, key: decoding })
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    // Leading zeros do not make a modulus longer; a curve's point may begin with one.
    Some(if bytes.len() > 32 { bytes[zeros..].to_vec() } else { bytes })
}

fn family(algorithm: Algorithm) -> Option<Family> {
    match algorithm {
        Algorithm::RS256 | Algorithm::RS384 | Algorithm::RS512 => Some(Family::Rsa),
        Algorithm::PS256 | Algorithm::PS384 | Algorithm::PS512 => Some(Family::Rsa),
        Algorithm::ES256 => Some(Family::P256),
        Algorithm::ES384 => Some(Family::P384),
        Algorithm::EdDSA => Some(Family::Ed25519),
        // HMAC: a party that can verify such a token can also make one.
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn set(keys: Value) -> KeySet {
        KeySet::parse(json!({ "keys": keys }).to_string().as_bytes()).unwrap()
    }

    fn rsa(id: &str, bytes: usize) -> Value {
        let n = BASE64_URL_SAFE_NO_PAD.encode(vec![0xa5; bytes]);
        json!({ "kty": "RSA", "kid": id, "n": n, "e": "AQAB" })
    }

    fn with(mut key: Value, name: &str, value: Value) -> Value {
        key[name] = value;
        key
    }

    #[test]
    fn keys_that_cannot_verify_a_signature_are_ignored() {
        let point = BASE64_URL_SAFE_NO_PAD.encode([7; 32]);
        for (why, key) in [
            ("short", rsa("a", 128)),
            ("short behind zeros", {
                let n = [vec![0; 128], vec![0xa5; 128]].concat();
                with(rsa("a", 256), "n", json!(BASE64_URL_SAFE_NO_PAD.encode(n)))
            }),
            ("for encryption", with(rsa("a", 256), "use", json!("enc"))),
            ("for wrapping", with(rsa("a", 256), "key_ops", json!(["wrapKey"]))),
            ("symmetric", json!({ "kty": "oct", "kid": "a", "k": point })),
            ("another curve", json!({ "kty": "OKP", "kid": "a", "crv": "X25519", "x": point })),
            ("short point", json!({ "kty": "OKP", "kid": "a", "crv": "Ed25519", "x": "AAAA" })),
            ("unknown", json!({ "kty": "new", "kid": "a" })),
            ("no object", json!(17)),
        ] {
            let set = set(json!([key, rsa("b", 256)]));
            assert_eq!(set.0.len(), 1, "{why}");
            assert!(set.find(Some("b"), Algorithm::RS256).is_some(), "{why}");
        }
        let useless = json!({ "keys": [rsa("a", 128)] }).to_string();
        for body in ["", "{}", "[]", r#"{"keys":{}}"#, r#"{"keys":[]}"#, &useless] {
            assert!(KeySet::parse(body.as_bytes()).is_err(), "{body}");
        }
    }

    #[test]
    fn a_key_is_found_by_family_algorithm_and_id() {
        let set = set(json!([rsa("a", 256), with(rsa("b", 256), "alg", json!("PS256"))]));
        assert!(set.find(Some("a"), Algorithm::RS256).is_some());
        assert!(set.find(Some("a"), Algorithm::ES256).is_none());
        assert!(set.find(Some("a"), Algorithm::HS256).is_none());
        assert!(set.find(Some("b"), Algorithm::PS256).is_some());
        assert!(set.find(Some("b"), Algorithm::RS256).is_none());
        assert!(set.find(Some("c"), Algorithm::RS256).is_none());
        assert!(set.find(None, Algorithm::RS256).is_some(), "only one of them is for RS256");
        assert!(set.find(None, Algorithm::PS256).is_none(), "both could be meant");
    }
}
