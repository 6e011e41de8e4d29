//! HMAC-SHA256 and hexadecimal digits, which both vendors' signatures are made of.

use hmac::{Hmac, KeyInit, Mac};
use secrecy::zeroize::Zeroizing;
use sha2::{Digest, Sha256};

/// Computes HMAC-SHA256 of a text. The result may be a key, so it is wiped when it is dropped.
pub fn hmac_sha256(key: &[u8], text: &str) -> Zeroizing<[u8; 32]> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(text.as_bytes());
    Zeroizing::new(mac.finalize().into_bytes().into())
}

/// Writes bytes as lower-case hexadecimal digits, in constant time.
pub fn hex(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(bytes)
}

/// Writes the SHA-256 hash of a text as hexadecimal digits.
pub fn sha256_hex(text: &str) -> String {
    hex(&Sha256::digest(text))
}
